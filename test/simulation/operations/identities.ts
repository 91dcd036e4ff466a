import { decodeJwt } from 'jose';
import { GOOGLE_SIGN_INS } from '../../../src/model/sign-in/settings.ts';
import { type Browser, flowIn, newBrowser } from '../browser.ts';
import { type Asked, ask, look, wasDone } from '../caller.ts';
import { isLetIn, isLinkable, link, linkedTo, unlink, verdictOf, withAddress } from '../identities.ts';
import type { Account } from '../identity-provider.ts';
import { cancelInvitations } from '../memberships.ts';
import { hear, resellersOf, type User } from '../model.ts';
import { mayEnter, membersAt } from '../sessions.ts';
import { belongsElsewhere, holding, type Operation, oneOf, PASSWORD, type Simulation, usersAt } from '../simulation.ts';
import { callerAt, v3Users } from './places.ts';

type Entered = { readonly userId: string; readonly accessToken: string };

/** Somebody signs in at the provider, and may unlink the account there after that. */
const signInOutside: Operation = async (simulation, resellerId) => {
  const { model, world } = simulation;
  const account = pickAccount(simulation, resellerId);
  if (account === undefined) return;
  const people = [linkedTo(model, account), withAddress(model, account)];
  const places = new Set(people.flatMap((id) => (id === undefined ? [] : resellersOf(model, id))));
  places.delete(resellerId);
  await holding(simulation, [...places], async () => {
    const entered = await signInAs(simulation, account, resellerId);
    const user = model.users.get(entered?.userId ?? '');
    if (entered === null || user?.row['reseller_id'] !== resellerId || user.identity === null) return;
    if (world.random.chance(belongsElsewhere(simulation, entered.userId) ? 0.9 : 0.3))
      await unlinkSelf(simulation, entered, account);
  });
};

/** As a rule that of a member, by its address of today; else an older one, or one of another person with that address. */
function pickAccount(simulation: Simulation, resellerId: string): Account | undefined {
  const { model, world, unique } = simulation;
  const members = membersAt(simulation, resellerId).map(([, user]) => user);
  const linkedOnes = members.filter(({ identity }) => identity !== null);
  const member = oneOf(simulation, linkedOnes.length > 0 && world.random.chance(0.5) ? linkedOnes : members);
  if (member === undefined) return undefined;
  const { former } = member;
  const email = String(member.row['email']);
  const known = [...model.accounts.values()];
  const older = oneOf(
    simulation,
    known.filter((account) => former.includes(account.email)),
  );
  if (older !== undefined && world.random.chance(0.4)) return older;
  const linked = oneOf(
    simulation,
    known.filter((account) => account.email !== email && linkedTo(model, account) !== undefined),
  );
  if (linked !== undefined && world.random.chance(0.1)) return { ...linked, email };
  const own = known.find((account) => account.email === email);
  const account = own !== undefined && world.random.chance(0.9) ? own : { subject: unique('subject'), email };
  model.accounts.set(account.subject, account);
  return account;
}

/** Goes the whole way, by the password too where that is asked for. Null where it does not lead in, as far as is known. */
export async function signInAs(simulation: Simulation, account: Account, resellerId: string): Promise<Entered | null> {
  const { world, trace, problems, provider } = simulation;
  const browser = newBrowser(simulation);
  const begun = await browser(`/v3/accounts/login-google?accountId=${resellerId}`);
  if (begun === null) return null;
  const verdict = verdictOf(simulation, account, resellerId);
  const page = await browser(provider.visit(begun.location, account, world.clock.nowMs));
  const came = page === null ? 'no answer' : page.status === 200 ? 'in' : page.status === 303 ? 'asked' : 'refused';
  trace.push(`${account.subject} with ${account.email} signs in outside: ${came}, as ${verdict.kind}`);
  const expected = 'userId' in verdict ? 'in' : verdict.kind;
  if (page !== null && came !== expected) problems.push(`${trace.at(-1)}: ${page.status} ${page.text.slice(0, 300)}`);
  if ('userId' in verdict) {
    if (verdict.kind === 'linked') await settleLink(simulation, verdict.userId, account, page !== null);
    return keepSession(simulation, verdict.userId, resellerId, came === 'in' ? page!.text : null);
  }
  return came === 'asked' ? confirm(simulation, account, resellerId, { browser, flow: flowIn(page) ?? '' }) : null;
}

/** Gives the password where the account was not enough. */
async function confirm(
  simulation: Simulation,
  account: Account,
  resellerId: string,
  { browser, flow }: { readonly browser: Browser; readonly flow: string },
): Promise<Entered | null> {
  const { model, trace, problems } = simulation;
  const { email } = account;
  const userId = withAddress(model, account);
  const password = model.users.get(userId ?? '')?.password ?? null;
  if (userId === undefined || password === null || !isLetIn(simulation, userId, resellerId)) return null;
  const links = isLinkable(model, userId, account, resellerId);
  const done = await browser('/sign-in/password', { flow, email, password });
  trace.push(`${email} gives the password: ${done?.status ?? 'no answer'}`);
  if (done !== null && done.status !== 200) problems.push(`${trace.at(-1)}: ${done.text.slice(0, 300)}`);
  if (links) await settleLink(simulation, userId, account, done !== null);
  return keepSession(simulation, userId, resellerId, done?.status === 200 ? done.text : null);
}

/** Links where the answer says so, or where the user is seen to be linked. */
async function settleLink(simulation: Simulation, userId: string, account: Account, known: boolean): Promise<void> {
  if (known || (await isShownLinked(simulation, userId))) link(simulation.model, userId, account);
}

/** How the user's own reseller sees it. */
async function isShownLinked(simulation: Simulation, userId: string): Promise<boolean> {
  const home = String(simulation.model.users.get(userId)?.row['reseller_id']);
  return (await look(simulation, callerAt(simulation, home), `${v3Users(home)}/${userId}`)).body.googleSsoEnabled;
}

/** The session that the tokens belong to; one whose answer was lost may have begun. */
function keepSession({ model, problems, trace }: Simulation, userId: string, resellerId: string, text: string | null) {
  hear(model, resellerId, 'account.logged-in', userId, { least: text === null ? 0 : 1, most: 1 });
  if (text === null) {
    model.doubtfulSessions.set(userId, (model.doubtfulSessions.get(userId) ?? 0) + 1);
    return null;
  }
  const { accessToken, refreshToken } = JSON.parse(text);
  const { sid, sub } = decodeJwt(accessToken);
  if (sub !== userId) problems.push(`${trace.at(-1)}: in as ${sub}, and not as ${userId}`);
  model.sessions.set(String(sid), { userId, resellerId, refreshToken, state: 'alive' });
  return { userId, accessToken };
}

async function unlinkSelf(simulation: Simulation, { userId, accessToken }: Entered, account: Account) {
  const me = { authorization: async () => `Bearer ${accessToken}` };
  const asked = await ask(simulation, me, { method: 'DELETE', path: '/v3/me/google' });
  if (!(await wasUnlinked(simulation, userId, asked, []))) return;
  unlink(simulation.model, userId);
  await comeBack(simulation, userId, account);
}

/** The unlinked account is tried, and sometimes allowed after that. */
async function comeBack(simulation: Simulation, userId: string, account: Account): Promise<void> {
  const home = String(simulation.model.users.get(userId)?.row['reseller_id']);
  await signInAs(simulation, account, home);
  if (simulation.world.random.chance(0.5)) await allowAgain(simulation, home, userId);
}

const unlinkByTenant: Operation = async (simulation, resellerId) => {
  const { model } = simulation;
  const own = usersAt(simulation, resellerId);
  const linked = own.filter(([, { identity }]) => identity !== null);
  const found = oneOf(simulation, linked.length > 0 || simulation.world.random.chance(0.8) ? linked : own);
  if (found === undefined) return;
  const [id, { identity }] = found;
  const account = model.accounts.get(identity ?? '');
  const others = resellersOf(model, id).filter((there) => there !== resellerId);
  await holding(simulation, others, async () => {
    const path = `/v3/users/${id}/google`;
    const asked = await ask(simulation, callerAt(simulation, resellerId), { method: 'DELETE', path });
    const refusals = belongsElsewhere(simulation, id) ? [403] : identity === null ? [404] : [];
    if (!(await wasUnlinked(simulation, id, asked, refusals))) return;
    unlink(model, id);
    cancelInvitations(model, id);
    if (account !== undefined) await comeBack(simulation, id, account);
  });
};

/** A repeated request finds nothing to unlink any more. */
async function wasUnlinked(simulation: Simulation, userId: string, asked: Asked, refusals: readonly number[]) {
  const wasLinked = simulation.model.users.get(userId)?.identity !== null;
  const again = wasLinked && asked.doubts > 0;
  const done = wasDone(simulation, asked, again ? [...refusals, 404] : refusals);
  if (done === null) return wasLinked && !(await isShownLinked(simulation, userId));
  return done || (again && asked.answer?.status === 404);
}

/** One whose account was unlinked lets one be linked again. */
const allow: Operation = async (simulation, resellerId) => {
  const id = oneOf(
    simulation,
    usersAt(simulation, resellerId).filter(([, { unlinked }]) => unlinked),
  )?.[0];
  if (id === undefined) return;
  const others = resellersOf(simulation.model, id).filter((there) => there !== resellerId);
  await holding(simulation, others, () => allowAgain(simulation, resellerId, id));
};

/** The user signs in to its own reseller by the password, and says so on the account page; then the account is tried. */
async function allowAgain(simulation: Simulation, resellerId: string, id: string): Promise<void> {
  const { model, trace, problems } = simulation;
  const user = model.users.get(id)!;
  if (user.password === null || !mayEnter(simulation, id, resellerId)) return;
  const browser = newBrowser(simulation);
  if (!(await openAccount(simulation, browser, resellerId, [id, user]))) return;
  const done = await browser('/account/provider/allow', {});
  user.unlinked = await stillForbids(browser);
  trace.push(`${user.row['email']} allows an account again: ${done?.status ?? 'no answer'}`);
  if (done !== null && user.unlinked) problems.push(`${trace.at(-1)}, without effect: ${done.text.slice(0, 300)}`);
  const account = [...model.accounts.values()].find(({ email }) => email === user.row['email']);
  if (account !== undefined) await signInAs(simulation, account, resellerId);
}

/** Whether the browser has signed in by the password. */
async function openAccount(
  { model, problems }: Simulation,
  browser: Browser,
  resellerId: string,
  [id, { row }]: [string, User],
) {
  const flow = flowIn(await browser(`/sign-in?account=${resellerId}`));
  if (flow === undefined) return false;
  const entered = await browser('/sign-in/password', { flow, email: String(row['email']), password: PASSWORD });
  const isIn = entered?.location === '/account';
  if (entered !== null && !isIn) problems.push(`no sign-in on a page: ${entered.status} ${entered.text.slice(0, 300)}`);
  model.doubtfulSessions.set(id, (model.doubtfulSessions.get(id) ?? 0) + 1);
  hear(model, resellerId, 'account.logged-in', id, { least: isIn ? 1 : 0, most: 1 });
  return isIn;
}

/** Whether the account page offers to allow an account. */
async function stillForbids(browser: Browser): Promise<boolean> {
  const page = await browser('/account');
  return page === null ? stillForbids(browser) : page.text.includes('/account/provider/allow');
}

/** Another rule; as a rule one that a linked account is refused by, which is tried then. */
const rule: Operation = async (simulation, resellerId) => {
  const { model, world } = simulation;
  const { row } = model.resellers.get(resellerId)!;
  const linked = oneOf(
    simulation,
    membersAt(simulation, resellerId).filter(([, { identity }]) => identity !== null),
  );
  const others = linked === undefined ? GOOGLE_SIGN_INS : (['off'] as const);
  const googleSignIn = row['google_sign_in'] === 'off' ? 'automatic' : world.random.pick(others);
  const path = `/v3/resellers/${resellerId}/sign-in-settings`;
  const body = { googleHostedDomain: null, googleSignIn, requireTwoFactor: false };
  const caller = callerAt(simulation, resellerId);
  const asked = await ask(simulation, caller, { method: 'PUT', path, body });
  const shown = async () => (await look(simulation, caller, path)).body.googleSignIn === googleSignIn;
  if (wasDone(simulation, asked) ?? (await shown())) row['google_sign_in'] = googleSignIn;
  const account = model.accounts.get(linked?.[1].identity ?? '');
  if (linked === undefined || account === undefined) return signInOutside(simulation, resellerId);
  const places = resellersOf(model, linked[0]).filter((there) => there !== resellerId);
  await holding(simulation, places, async () => void (await signInAs(simulation, account, resellerId)));
};

/** Accounts that may not sign in are tried, so many at most, where nothing fails any more. */
export async function tryRefused(simulation: Simulation, most = 3): Promise<void> {
  const { model, world } = simulation;
  const tries = world.random.shuffled([...model.accounts.values()]).flatMap((account) => {
    const user = [...model.users.values()].find(
      ({ row, former }) => row['email'] === account.email || former.includes(account.email),
    );
    const resellerId = String(user?.row['reseller_id']);
    if (user === undefined || model.resellers.get(resellerId)?.row['gone'] !== 0) return [];
    return verdictOf(simulation, account, resellerId).kind === 'refused' ? [{ account, resellerId }] : [];
  });
  for (const { account, resellerId } of tries.slice(0, most)) await signInAs(simulation, account, resellerId);
}

export const identityOperations = { signInOutside, unlinkByTenant, allow, rule };
