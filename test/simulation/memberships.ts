import { type Role, scopesOf } from '../../src/model/users/role.ts';
import {
  acceptedBy,
  excuseMails,
  expectMail,
  hear,
  isDisabled,
  isPending,
  type Model,
  membershipKey,
  resellersOf,
  type User,
} from './model.ts';
import { reviewSubscription, reviewSubscriptions } from './subscribers.ts';

/** Roles as they are from now on; null: no member any more. */
export function setRoles(model: Model, userId: string, resellerId: string, roles: readonly string[] | null): void {
  const key = membershipKey(userId, resellerId);
  if (roles === null) {
    model.memberships.delete(key);
    model.pending.delete(key);
    if (model.disabled.has(key)) model.disabled.set(key, false);
    endSessions(model, userId, resellerId);
  } else model.memberships.set(key, roles);
  reviewSubscription(model, userId, resellerId);
}

/** The reseller invites the user, who has yet to accept. */
export function invite(
  model: Model,
  userId: string,
  resellerId: string,
  roles: readonly string[],
  nowMs: number,
): void {
  model.pending.set(membershipKey(userId, resellerId), nowMs);
  setRoles(model, userId, resellerId, roles);
  hear(model, resellerId, 'reseller.user.created', userId);
  expectMail(model, 'membership-invitation', model.users.get(userId)?.row['email']);
}

/** A membership or an invitation is over. */
export function endMembership(model: Model, userId: string, resellerId: string): void {
  hear(model, resellerId, 'reseller.user.deleted', userId);
  setRoles(model, userId, resellerId, null);
}

export function cancelInvitations(model: Model, userId: string): void {
  for (const resellerId of resellersOf(model, userId))
    if (isPending(model, userId, resellerId)) endMembership(model, userId, resellerId);
}

/** The user accepts, by the link that was mailed; `links` came before that. */
export function accept(model: Model, userId: string, resellerId: string, links: readonly string[]): void {
  const user = model.users.get(userId)!;
  const key = membershipKey(userId, resellerId);
  const roles = model.memberships.get(key)!;
  model.pending.delete(key);
  // As the youngest of those that were accepted.
  model.memberships.delete(key);
  model.memberships.set(key, roles);
  user.row['proved'] = 1;
  reviewSubscriptions(model, userId);
  hear(model, resellerId, 'reseller.user.updated', userId);
  voidLinks(model, user, links);
  if (user.prepared !== null) resetCredentials(model, userId, resellerId);
  else if (user.password === null) expectLink(model, user);
}

/** Roles that the user did not have in one of its resellers; `links` came before that. */
export function gainRoles(
  model: Model,
  userId: string,
  resellerId: string,
  roles: readonly string[],
  links: readonly string[],
): void {
  const user = model.users.get(userId)!;
  // A subscription gives no rights, and an invitation none yet.
  const gained = roles.filter((role) => role !== 'account.service.status');
  if (gained.length === 0 || isPending(model, userId, resellerId)) return;
  voidLinks(model, user, links);
  if (user.row['verified'] === 0) expectMail(model, 'activation', user.row['email']);
  if (user.prepared === 'moved' && scopesOf(gained as Role[]).length > 0) resetCredentials(model, userId, resellerId);
}

/** The user has another address now; `links` came before that. */
export function moveAddress(model: Model, userId: string, links: readonly string[]): void {
  const user = model.users.get(userId)!;
  user.row['proved'] = 0;
  if (user.identity !== null) Object.assign(user, { identity: null, unlinked: true });
  if (user.row['verified'] === 1 || user.password !== null) user.prepared = 'moved';
  voidLinks(model, user, links);
  cancelInvitations(model, userId);
}

/** At home the user is gone; it moves to where it accepted a membership first, of enabled resellers, and is gone from everywhere if it did nowhere. */
export function forgetUser(model: Model, userId: string): void {
  const { row } = model.users.get(userId)!;
  endMembership(model, userId, String(row['reseller_id']));
  const homes = acceptedBy(model, userId);
  const isOpen = (id: string) => model.resellers.get(id)?.row['enabled'] === 1 && !isDisabled(model, userId, id);
  const next = homes.find(isOpen) ?? homes[0];
  if (next === undefined) {
    cancelInvitations(model, userId);
    for (const [id, session] of model.sessions) if (session.userId === userId) model.sessions.delete(id);
    model.users.delete(userId);
    return;
  }
  Object.assign(row, { reseller_id: next, organization_id: null, role: 'user', company: '', job_title: '' });
  for (const resellerId of acceptedBy(model, userId)) hear(model, resellerId, 'reseller.user.updated', userId);
}

/** In one reseller, or in all. */
export function endSessions(model: Model, userId: string, resellerId?: string): void {
  for (const session of model.sessions.values())
    if (session.userId === userId && session.resellerId === (resellerId ?? session.resellerId)) session.state = 'ended';
}

/** The reseller disables its membership of the user, or enables it again; `links` came before that. */
export function setDisabled(
  model: Model,
  { userId, resellerId }: { readonly userId: string; readonly resellerId: string },
  disabled: boolean,
  links: readonly string[],
): void {
  const user = model.users.get(userId)!;
  const key = membershipKey(userId, resellerId);
  hear(model, resellerId, 'reseller.user.updated', userId);
  if (disabled) {
    model.disabled.set(key, true);
    endSessions(model, userId, resellerId);
    // Those of other resellers go on.
    user.linksVoided = true;
    excuseMails(model, [...user.former, user.row['email']]);
  } else {
    model.disabled.set(key, false);
    gainRoles(model, userId, resellerId, ['account.user', ...(model.memberships.get(key) ?? [])], links);
  }
  reviewSubscription(model, userId, resellerId);
}

function voidLinks(model: Model, user: User, links: readonly string[]): void {
  for (const link of links) model.usedLinks.add(link);
  user.linksVoided = true;
}

/** By a change in this reseller; the user's own one hears of it. */
function resetCredentials(model: Model, userId: string, resellerId: string): void {
  const user = model.users.get(userId)!;
  const home = String(user.row['reseller_id']);
  if (home !== resellerId) hear(model, home, 'reseller.user.updated', userId);
  Object.assign(user, { password: null, prepared: null, identity: null });
  endSessions(model, userId);
  expectLink(model, user);
}

/** A mail with a link to choose a password is due. */
function expectLink(model: Model, { row }: User): void {
  // None where the address had too many lately.
  expectMail(model, row['verified'] === 1 ? 'password-reset' : 'activation', row['email'], { least: 0, most: 1 });
}
