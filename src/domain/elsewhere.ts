import type { Event } from '../model/event.ts';
import type { User } from '../model/user.ts';

type UserEvent = Extract<Event, { type: 'reseller.user.updated' | 'reseller.user.deleted' }>;

/** What the other resellers that a user belongs to hear of a change. */
export function heardElsewhere(event: UserEvent, resellerIds: readonly string[]) {
  const seen =
    event.type === 'reseller.user.deleted'
      ? { ...event, before: abroad(event.before) }
      : { ...event, before: abroad(event.before), after: abroad(event.after) };
  return { resellerIds, event: seen };
}

/** A user as another reseller may see it: without its customer and without its roles at home. */
export function abroad({ roles: _, ...user }: User): User {
  return { ...user, organization: null };
}
