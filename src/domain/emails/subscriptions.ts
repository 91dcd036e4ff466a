import {
  findSubscription,
  type RoleRemoval,
  recordSubscriptionChoice,
  type Subscription,
} from '../../db/emails/subscriptions.ts';
import type { Subscriber, SubscriptionChoice } from '../../model/emails/status-update.ts';
import { refuse } from '../../model/failure.ts';
import { SUBSCRIPTION_CHANGES_MAX } from '../../model/limits/index.ts';
import type { Member } from '../../model/users/member.ts';
import { SUBSCRIBER_ROLE } from '../../model/users/role.ts';
import type { LinkContext } from '../sign-in/password-links.ts';
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
export function readSubscription(
  { db }: Pick<LinkContext, 'db'>,
  subscriber: Subscriber,
): Promise<Subscription | null> {
  return findSubscription(db, subscriber);
}

/** Does not lift a suppression after `SUBSCRIPTION_CHANGES_MAX` changes. Null if the reseller is gone. */
export function subscribe(anonymous: SubscriptionContext, subscriber: Subscriber): Promise<SubscriptionResult | null> {
  return changeSubscription(anonymous, subscriber, 'confirmed', () => null);
}

/** Also removes the role from the user. Null if the reseller is gone. */
export function unsubscribe(
  anonymous: SubscriptionContext,
  subscriber: Subscriber,
): Promise<SubscriptionResult | null> {
  return changeSubscription(anonymous, subscriber, 'suppressed', (member) =>
    roleResignation(anonymous, subscriber, member),
  );
}

function changeSubscription(
  anonymous: SubscriptionContext,
  subscriber: Subscriber,
  choice: SubscriptionChoice,
  resign: (member: Member) => RoleRemoval | null,
): Promise<SubscriptionResult | null> {
  const { db, requestId, origin, now, newId } = anonymous;
  return retryChanged(async () => {
    const subscription = await readSubscription(anonymous, subscriber);
    if (subscription === null) return null;
    const roleRemoval = subscription.member && resign(subscription.member);
    const limitReached = choice === 'confirmed' && subscription.changes >= SUBSCRIPTION_CHANGES_MAX;
    if (limitReached || (subscription.choice === choice && roleRemoval === null))
      return { subscription, choice: subscription.choice, eventId: null };
    const change = { ...subscriber, choice, roleRemoval, auditId: newId(), requestId, origin, now };
    if (!(await recordSubscriptionChoice(db, change))) refuse({ kind: 'changed_meanwhile' });
    return { subscription, choice, eventId: roleRemoval?.eventId ?? null };
  });
}

function roleResignation(
  anonymous: SubscriptionContext,
  { resellerId }: Subscriber,
  before: Member,
): RoleRemoval | null {
  if (!before.roles.includes(SUBSCRIBER_ROLE)) return null;
  const roles = before.roles.filter((role) => role !== SUBSCRIBER_ROLE);
  const after = applyChanges(anonymous, before, { roles });
  const event = {
    type: 'reseller.user.updated',
    before: viewFor(resellerId, before),
    after: viewFor(resellerId, after),
  } as const;
  return { roles, event, eventId: anonymous.newId() };
}
