import { findSubscription, recordResignation, type Subscription } from '../db/unsubscribing.ts';
import { refuse } from '../model/failure.ts';
import { SUBSCRIBER } from '../model/role.ts';
import type { Subscriber } from '../model/status-update.ts';
import { seenAt } from './elsewhere.ts';
import type { Visit } from './links.ts';
import { changed, retryChanged } from './update.ts';

export type { Subscription } from '../db/unsubscribing.ts';

/** Whether there is something to end. */
export function isSubscribed({ member }: Subscription): boolean {
  return member.roles.includes(SUBSCRIBER);
}

/** Whose subscription this is, also where it has ended; null where the user or the reseller is gone. */
export function readSubscription({ session }: Pick<Visit, 'session'>, of: Subscriber): Promise<Subscription | null> {
  return findSubscription(session, of);
}

/**
 * Takes the role from whoever follows an unsubscribe link. Gives whose it was, and the id of the event, which is null where
 * there was nothing to take; null where the user or the reseller is gone.
 */
export function unsubscribe(
  visit: Omit<Visit, 'hashPassword'>,
  of: Subscriber,
): Promise<{ readonly subscription: Subscription; readonly eventId: string | null } | null> {
  const { session, requestId, origin, now, newId } = visit;
  return retryChanged(async () => {
    const subscription = await readSubscription(visit, of);
    if (subscription === null) return null;
    if (!isSubscribed(subscription)) return { subscription, eventId: null };
    const { member: before } = subscription;
    const roles = before.roles.filter((role) => role !== SUBSCRIBER);
    const after = changed(visit, before, { roles });
    const event = {
      type: 'reseller.user.updated',
      before: seenAt(of.resellerId, before),
      after: seenAt(of.resellerId, after),
    } as const;
    const eventId = newId();
    if (!(await recordResignation(session, { ...of, roles, event, eventId, requestId, origin, now })))
      refuse({ kind: 'changed_meanwhile' });
    return { subscription, eventId };
  });
}
