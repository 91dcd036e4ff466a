import type { SharedEvent } from '../../db/commit/commit.ts';
import type { Elsewhere } from '../../db/users/located.ts';
import type { Event } from '../../model/events/event.ts';
import type { Member } from '../../model/users/member.ts';
import { ABROAD, type User } from '../../model/users/user.ts';
import { isUnchanged } from '../update.ts';

type UserEvent = Extract<Event, { type: 'reseller.user.updated' | 'reseller.user.deleted' }>;

/** What the other resellers that a user belongs to hear of a change: nothing of what they do not see. */
export function eventForOtherResellers(event: UserEvent, elsewhere: readonly Elsewhere[]): SharedEvent[] {
  return elsewhere.flatMap(({ resellerId, disabled }) => {
    const before = { ...abroad(event.before), disabled };
    const after = event.after && { ...abroad(event.after), disabled };
    if (after === null) return { resellerIds: [resellerId], event: { type: 'reseller.user.deleted', before, after } };
    if (isUnchanged(before, after)) return [];
    return { resellerIds: [resellerId], event: { type: 'reseller.user.updated', before, after } };
  });
}

/** What the user's own tenant, and its others, hear of how it signs in, where one that is not its own has changed that. */
export function eventsForHome(
  resellerId: string,
  before: Member,
  after: Member,
  elsewhere: readonly Elsewhere[],
): SharedEvent[] {
  const event = { type: 'reseller.user.updated', before: atHome(before), after: atHome(after) } as const;
  const others = elsewhere.filter(({ resellerId: id }) => id !== before.resellerId && id !== resellerId);
  return [{ resellerIds: [before.resellerId], event }, ...eventForOtherResellers(event, others)];
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
  return { ...user, ...ABROAD, disabled: false };
}

/** A member as its event says it in a reseller: of somebody from elsewhere no more than is this one's to know. */
export function viewFor(resellerId: string, { roles, membership, ...user }: Member): User {
  const pending = membership === 'pending' && ({ membership } as const);
  const seen = user.resellerId === resellerId ? user : { ...abroad(user), disabled: membership === 'disabled' };
  return { ...seen, ...pending, roles: [...roles] };
}
