import { findSubscription, type Resignation, recordChoice, type Subscription } from '../../db/emails/subscriptions.ts';
import type { Subscriber, SubscriptionChoice } from '../../model/emails/status-update.ts';
import { refuse } from '../../model/failure.ts';
import { SUBSCRIPTION_CHANGES_MAX } from '../../model/limits/index.ts';
import type { Member } from '../../model/users/member.ts';
import { SUBSCRIBER } from '../../model/users/role.ts';
import type { LinkContext } from '../sign-in/links.ts';
import { applyChanges, retryChanged } from '../update.ts';
import { viewFor } from '../users/shared-users.ts';

export type { Subscription } from '../../db/emails/subscriptions.ts';

type SubscriptionContext = Omit<LinkContext, 'hashPassword'>;
/** `subscription`: the state before; `choice`: the state after. */
type SubscriptionResult = {
  readonly subscription: Subscription;
  readonly choice: SubscriptionChoice | null;
  readonly eventId: string | null;
};

/** Null if the reseller is gone. */
export function readSubscription({ db }: Pick<LinkContext, 'db'>, of: Subscriber): Promise<Subscription | null> {
  return findSubscription(db, of);
}

/** Does not lift a suppression after `SUBSCRIPTION_CHANGES_MAX` changes. Null if the reseller is gone. */
export function subscribe(visit: SubscriptionContext, of: Subscriber): Promise<SubscriptionResult | null> {
  return changeSubscription(visit, of, 'confirmed', () => null);
}

/** Also removes the role from the user. Null if the reseller is gone. */
export function unsubscribe(visit: SubscriptionContext, of: Subscriber): Promise<SubscriptionResult | null> {
  return changeSubscription(visit, of, 'suppressed', (member) => roleResignation(visit, of, member));
}

function changeSubscription(
  visit: SubscriptionContext,
  of: Subscriber,
  choice: SubscriptionChoice,
  resigns: (member: Member) => Resignation | null,
): Promise<SubscriptionResult | null> {
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

function roleResignation(visit: SubscriptionContext, { resellerId }: Subscriber, before: Member): Resignation | null {
  if (!before.roles.includes(SUBSCRIBER)) return null;
  const roles = before.roles.filter((role) => role !== SUBSCRIBER);
  const after = applyChanges(visit, before, { roles });
  const event = {
    type: 'reseller.user.updated',
    before: viewFor(resellerId, before),
    after: viewFor(resellerId, after),
  } as const;
  return { roles, event, eventId: visit.newId() };
}
