import type { SharedEvent } from '../../db/commit/commit.ts';
import type { Event } from '../../model/events/event.ts';
import type { Member } from '../../model/users/member.ts';
import { ABROAD, type User } from '../../model/users/user.ts';
import { isUnchanged } from '../update.ts';

type UserEvent = Extract<Event, { type: 'reseller.user.updated' | 'reseller.user.deleted' }>;

/** Hides what these resellers cannot see; no event if nothing else changed. */
export function eventForOtherResellers(event: UserEvent, resellerIds: readonly string[]): SharedEvent {
  const visible =
    event.type === 'reseller.user.deleted'
      ? { ...event, before: viewForOthers(event.before) }
      : { ...event, before: viewForOthers(event.before), after: viewForOthers(event.after) };
  const isNews = visible.after === null || !isUnchanged(visible.before, visible.after);
  return { resellerIds: isNews ? resellerIds : [], event: visible };
}

/** Another reseller changed how the user signs in: the user's own reseller and the others get an event. */
export function eventsForHomeReseller(
  resellerId: string,
  before: Member,
  after: Member,
  elsewhere: readonly string[],
): SharedEvent[] {
  const event = { type: 'reseller.user.updated', before: viewAtHome(before), after: viewAtHome(after) } as const;
  const others = elsewhere.filter((id) => id !== before.resellerId && id !== resellerId);
  return [{ resellerIds: [before.resellerId], event }, eventForOtherResellers(event, others)];
}

function viewAtHome({ roles: _, membership: __, ...user }: Member): User {
  return user;
}

export function invitationsCancelled(user: User, invitedBy: readonly string[]): SharedEvent {
  const before = { ...viewForOthers(user), membership: 'pending' as const };
  return { resellerIds: invitedBy, event: { type: 'reseller.user.deleted', before, after: null } };
}

/** Hides the organization, the role and the roles at home. */
function viewForOthers({ roles: _, ...user }: User): User {
  return { ...user, ...ABROAD };
}

export function viewFor(resellerId: string, member: Member): User {
  const roles = [...member.roles];
  return { ...(member.resellerId === resellerId ? member : viewForOthers({ ...member, roles })), roles };
}
