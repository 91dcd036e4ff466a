import type { SharedEvent } from '../../db/commit/commit.ts';
import type { OtherMembership } from '../../db/users/user-in-tenant.ts';
import type { Event } from '../../model/events/event.ts';
import type { Member } from '../../model/users/member.ts';
import { GUEST_USER_FIELDS, type User } from '../../model/users/user.ts';
import { isUnchanged } from '../update.ts';

type UserEvent = Extract<Event, { type: 'reseller.user.updated' | 'reseller.user.deleted' }>;

/** Hides what these resellers cannot see; no event if nothing else changed. */
export function eventForOtherResellers(event: UserEvent, elsewhere: readonly OtherMembership[]): SharedEvent[] {
  return elsewhere.flatMap(({ resellerId, disabled }) => {
    const before = { ...viewForOthers(event.before), disabled };
    const after = event.after && { ...viewForOthers(event.after), disabled };
    if (after === null) return { resellerIds: [resellerId], event: { type: 'reseller.user.deleted', before, after } };
    if (isUnchanged(before, after)) return [];
    return { resellerIds: [resellerId], event: { type: 'reseller.user.updated', before, after } };
  });
}

/** Another reseller changed how the user signs in: the user's own reseller and the others get an event. */
export function eventsForHomeReseller(
  resellerId: string,
  before: Member,
  after: Member,
  elsewhere: readonly OtherMembership[],
): SharedEvent[] {
  const event = { type: 'reseller.user.updated', before: viewAtHome(before), after: viewAtHome(after) } as const;
  const others = elsewhere.filter(({ resellerId: id }) => id !== before.resellerId && id !== resellerId);
  return [{ resellerIds: [before.resellerId], event }, ...eventForOtherResellers(event, others)];
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
  return { ...user, ...GUEST_USER_FIELDS, disabled: false };
}

/** The member as this reseller's events show it: of a guest, without the details of its home reseller. */
export function viewFor(resellerId: string, { roles, membership, ...user }: Member): User {
  const pending = membership === 'pending' && ({ membership } as const);
  const seen = user.resellerId === resellerId ? user : { ...viewForOthers(user), disabled: membership === 'disabled' };
  return { ...seen, ...pending, roles: [...roles] };
}
