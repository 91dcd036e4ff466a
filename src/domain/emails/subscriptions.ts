import { findSubscription, type Resignation, recordChoice, type Subscription } from '../../db/emails/subscriptions.ts';
import type { Subscriber, SubscriptionChoice } from '../../model/emails/status-update.ts';
import { refuse } from '../../model/failure.ts';
import { SUBSCRIPTION_CHANGES_MAX } from '../../model/limits/index.ts';
import type { Member } from '../../model/users/member.ts';
import { SUBSCRIBER_ROLE } from '../../model/users/role.ts';
import type { LinkContext } from '../sign-in/links.ts';
import { applyChanges, retryChanged } from '../update.ts';
import { viewFor } from '../users/shared-users.ts';

export type { Subscription } from '../../db/emails/subscriptions.ts';

type SubscriptionContext = Omit<LinkContext, 'hashPassword'>;
/** How the subscription was, the choice that stands now, and the event that follows from it; null: none does. */
type Chosen = {
  readonly subscription: Subscription;
  readonly choice: SubscriptionChoice | null;
  readonly eventId: string | null;
};

/** How a subscription stands; null where the reseller is gone. */
export function readSubscription({ db }: Pick<LinkContext, 'db'>, of: Subscriber): Promise<Subscription | null> {
  return findSubscription(db, of);
}

/** Allows status updates to the address, while the role is held. After too many changes a refusal stays. Null as above. */
export function subscribe(visit: SubscriptionContext, of: Subscriber): Promise<Chosen | null> {
  return choose(visit, of, 'confirmed', () => null);
}

/**
 * Ends status updates to the address, also where the role is given again, and takes the role from the user. Null as above.
 */
export function unsubscribe(visit: SubscriptionContext, of: Subscriber): Promise<Chosen | null> {
  return choose(visit, of, 'suppressed', (member) => resignationOf(visit, of, member));
}

function choose(
  visit: SubscriptionContext,
  of: Subscriber,
  choice: SubscriptionChoice,
  resigns: (member: Member) => Resignation | null,
): Promise<Chosen | null> {
  const { db, requestId, origin, now, newId } = visit;
  return retryChanged(async () => {
    const subscription = await readSubscription(visit, of);
    if (subscription === null) return null;
    const resignation = subscription.member && resigns(subscription.member);
    const stays = choice === 'confirmed' && subscription.changes >= SUBSCRIPTION_CHANGES_MAX;
    if (stays || (subscription.choice === choice && resignation === null))
      return { subscription, choice: subscription.choice, eventId: null };
    const given = { ...of, choice, resignation, auditId: newId(), requestId, origin, now };
    if (!(await recordChoice(db, given))) refuse({ kind: 'changed_meanwhile' });
    return { subscription, choice, eventId: resignation?.eventId ?? null };
  });
}

/** The role that a member gives up; null where there is none. */
function resignationOf(visit: SubscriptionContext, { resellerId }: Subscriber, before: Member): Resignation | null {
  if (!before.roles.includes(SUBSCRIBER_ROLE)) return null;
  const roles = before.roles.filter((role) => role !== SUBSCRIBER_ROLE);
  const after = applyChanges(visit, before, { roles });
  const event = {
    type: 'reseller.user.updated',
    before: viewFor(resellerId, before),
    after: viewFor(resellerId, after),
  } as const;
  return { roles, event, eventId: visit.newId() };
}
