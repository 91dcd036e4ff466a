import { type Account, OWN_DOMAIN } from './identity-provider.ts';
import { acceptedBy, expectMail, hear, isPending, type Model, membershipKey } from './model.ts';
import { mayEnter } from './sessions.ts';
import type { Simulation } from './simulation.ts';
import { reviewSubscriptions } from './subscribers.ts';

/** What has to come of a sign-in at the provider; `asked`: the user is to give the password here. */
export type Verdict =
  | { readonly kind: 'refused' | 'asked' }
  | { readonly kind: 'entered' | 'linked'; readonly userId: string };

const REFUSED: Verdict = { kind: 'refused' };

/** Who is linked to an account at the provider. */
export const linkedTo = ({ users }: Model, { subject }: Account) =>
  [...users].find(([, { identity }]) => identity === subject)?.[0];

export const withAddress = ({ users }: Model, { email }: Account) =>
  [...users].find(([, { row }]) => row['email'] === email)?.[0];

const isOwn = ({ email }: Account) => email.endsWith(`@${OWN_DOMAIN}`);

/** Whether the reseller lets the user in, by whichever proof. */
export const isLetIn = (simulation: Simulation, userId: string, resellerId: string) =>
  simulation.model.memberships.has(membershipKey(userId, resellerId)) &&
  !isPending(simulation.model, userId, resellerId) &&
  mayEnter(simulation, userId, resellerId);

/** The rules of the reseller and of the user's own one. */
function rulesFor({ resellers, users }: Model, userId: string, resellerId: string): unknown[] {
  const home = String(users.get(userId)?.row['reseller_id']);
  return [resellerId, home].map((id) => resellers.get(id)?.row['google_sign_in']);
}

export function verdictOf(simulation: Simulation, account: Account, resellerId: string): Verdict {
  const { model } = simulation;
  const linked = linkedTo(model, account);
  if (linked === undefined && !isOwn(account)) return { kind: 'asked' };
  const userId = linked ?? withAddress(model, account);
  if (userId === undefined || !isLetIn(simulation, userId, resellerId)) return REFUSED;
  const rules = rulesFor(model, userId, resellerId);
  if (rules[0] === 'off') return REFUSED;
  if (linked !== undefined) return { kind: 'entered', userId };
  if (!isLinkable(model, userId, account, resellerId)) return REFUSED;
  return rules.every((rule) => rule === 'automatic') ? { kind: 'linked', userId } : { kind: 'asked' };
}

/** Whether the account becomes the user's by a proof of the user's own. */
export function isLinkable(model: Model, userId: string, account: Account, resellerId: string): boolean {
  const { row, identity, unlinked } = model.users.get(userId)!;
  const isTaken = identity !== null || linkedTo(model, account) !== undefined;
  const takes = rulesFor(model, userId, resellerId).every((rule) => rule !== 'off');
  return !isTaken && !unlinked && row['email'] === account.email && takes;
}

/** The account is the user's from now on. */
export function link(model: Model, userId: string, account: Account): void {
  const user = model.users.get(userId)!;
  const { row } = user;
  const activates = isOwn(account) && row['verified'] === 0;
  user.identity = account.subject;
  if (isOwn(account)) Object.assign(row, { verified: 1, proved: 1 });
  hear(model, String(row['reseller_id']), `reseller.user.${activates ? 'activated' : 'updated'}`, userId);
  hearElsewhere(model, userId);
  expectMail(model, 'security-notice', row['email']);
  reviewSubscriptions(model, userId);
}

/** The account is not the user's any more, and no other becomes that until the user allows it. */
export function unlink(model: Model, userId: string): void {
  const user = model.users.get(userId)!;
  Object.assign(user, { identity: null, unlinked: true });
  hear(model, String(user.row['reseller_id']), 'reseller.user.updated', userId);
  hearElsewhere(model, userId);
  expectMail(model, 'security-notice', user.row['email']);
}

function hearElsewhere(model: Model, userId: string): void {
  const home = model.users.get(userId)?.row['reseller_id'];
  for (const there of acceptedBy(model, userId))
    if (there !== home) hear(model, there, 'reseller.user.updated', userId);
}
