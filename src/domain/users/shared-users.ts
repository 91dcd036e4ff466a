import type { SharedEvent } from '../../db/commit/commit.ts';
import type { Event } from '../../model/events/event.ts';
import type { Member } from '../../model/users/member.ts';
import { GUEST_USER_FIELDS, type User } from '../../model/users/user.ts';
import { isUnchanged } from '../update.ts';

type UserEvent = Extract<Event, { type: 'reseller.user.updated' | 'reseller.user.deleted' }>;

/** What the other resellers that a user belongs to hear of a change: nothing of what they do not see. */
export function eventForOtherResellers(event: UserEvent, resellerIds: readonly string[]): SharedEvent {
  const seen =
    event.type === 'reseller.user.deleted'
      ? { ...event, before: abroad(event.before) }
      : { ...event, before: abroad(event.before), after: abroad(event.after) };
  const isNews = seen.after === null || !isUnchanged(seen.before, seen.after);
  return { resellerIds: isNews ? resellerIds : [], event: seen };
}

/** What the user's own tenant, and its others, hear of how it signs in, where one that is not its own has changed that. */
export function eventsForHome(
  resellerId: string,
  before: Member,
  after: Member,
  elsewhere: readonly string[],
): SharedEvent[] {
  const event = { type: 'reseller.user.updated', before: atHome(before), after: atHome(after) } as const;
  const others = elsewhere.filter((id) => id !== before.resellerId && id !== resellerId);
  return [{ resellerIds: [before.resellerId], event }, eventForOtherResellers(event, others)];
}

/** A member as its own tenant knows it, but for its roles there. */
function atHome({ roles: _, membership: __, ...user }: Member): User {
  return user;
}

/** What tenants hear whose invitations end because the user was changed. */
export function invitationsCancelled(user: User, invitedBy: readonly string[]): SharedEvent {
  const before = { ...abroad(user), membership: 'pending' as const };
  return { resellerIds: invitedBy, event: { type: 'reseller.user.deleted', before, after: null } };
}

/** A user as another reseller may see it: without its customer, and without its role and roles at home. */
function abroad({ roles: _, ...user }: User): User {
  return { ...user, ...GUEST_USER_FIELDS };
}

/** A member as its event says it in a reseller: of somebody from elsewhere no more than is this one's to know. */
export function viewFor(resellerId: string, member: Member): User {
  const roles = [...member.roles];
  return { ...(member.resellerId === resellerId ? member : abroad({ ...member, roles })), roles };
}
