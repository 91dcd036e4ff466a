import { decodeJwt } from 'jose';
import { ask, post, wasDone } from '../caller.ts';
import { endSessions } from '../memberships.ts';
import { acceptedBy, expectMail, hear, isDisabled, type Range, type Row, type Session } from '../model.ts';
import { mayEnter, membersAt, renew, sessionsAt } from '../sessions.ts';
import {
  belongsElsewhere,
  elsewhere,
  holding,
  linksOf,
  type Operation,
  oneOf,
  PASSWORD,
  type Simulation,
  usersAt,
} from '../simulation.ts';
import { reviewSubscriptions } from '../subscribers.ts';
import { accountUsers, callerAt } from './places.ts';
import { actBy } from './sessions.ts';

const stateOf = async (simulation: Simulation, token: string): Promise<string> =>
  (await post(simulation, '/activate/link', { token })).answer?.body.state;

/** Follows the link of the last mail and chooses a password. */
const followLink: Operation = async (simulation, resellerId) => {
  const { model, world, trace } = simulation;
  const invited = usersAt(simulation, resellerId).filter(([, user]) => linksOf(simulation, user).length > 0);
  // Guests lost the password that their own reseller gave them.
  const guests = invited.filter(([id, { password }]) => password === null && belongsElsewhere(simulation, id));
  const found = oneOf(simulation, guests.length > 0 ? guests : invited);
  if (found === undefined) return;
  const [id, user] = found;
  const links = linksOf(simulation, user);
  const token = links.at(-1)!;
  await holding(simulation, elsewhere(simulation, id, resellerId), async () => {
    const byV3 = user.row['verified'] === 1 && world.random.chance(0.5);
    const persistent = world.random.chance(0.7);
    const asked = byV3
      ? await post(simulation, `/v3/users/${id}/reset-password`, { token, newPassword: PASSWORD }, persistent)
      : await post(simulation, '/activate/password', { token, password: PASSWORD }, persistent);
    const status = asked.answer?.status;
    trace.push(`${user.row['email']} follows a link: ${status ?? 'no answer'}, ${asked.doubts} lost`);
    const known = model.usedLinks.has(token);
    const done = status === 204 || (!known && asked.doubts > 0 && (await stateOf(simulation, token)) === 'used');
    if (known && status === 204) simulation.problems.push(`a used link works again: ${user.row['email']}`);
    // Another may have left meanwhile; and of several that were on their way at once, an older one may have left last.
    const isOnly = linksOf(simulation, user).length === 1;
    if (!done && !known && isOnly && !user.linksVoided && asked.answer !== null)
      simulation.problems.push(`the only link does not work: ${user.row['email']} ${asked.answer.text}`);
    if (!done) return;
    for (const link of links) model.usedLinks.add(link);
    if (user.row['verified'] === 1) expectMail(model, 'security-notice', user.row['email']);
    hear(model, resellerId, `reseller.user.${user.row['verified'] === 1 ? 'updated' : 'activated'}`, id);
    Object.assign(user.row, { verified: 1, proved: 1 });
    reviewSubscriptions(model, id);
    // Whoever prepared the user may have linked the account.
    Object.assign(user, { password: PASSWORD, prepared: user.identity === null ? null : user.prepared });
    endSessions(model, id);
    const [guestAt] = acceptedBy(model, id).filter((there) => there !== resellerId);
    if (guestAt !== undefined) await enter(simulation, guestAt, id);
  });
};

/** Asks for a link, as the user or as an administrator; those who ask too often get none. */
const askForLink: Operation = async (simulation, resellerId) => {
  const { model, world } = simulation;
  const found = oneOf(simulation, usersAt(simulation, resellerId));
  if (found === undefined) return;
  const [id, { row }] = found;
  await holding(simulation, elsewhere(simulation, id, resellerId), async () => {
    const template = row['verified'] === 1 ? 'password-reset' : 'activation';
    if (world.random.chance(0.5)) {
      const body = { email: row['email'] };
      const { doubts } = await post(simulation, '/v3/accounts/reset-password-request', body, world.random.chance(0.7));
      return expectMail(model, template, row['email'], { least: 0, most: 1 + doubts });
    }
    const path = `${accountUsers(resellerId)}/${id}/sendActivationEmail`;
    const asked = await ask(simulation, callerAt(simulation, resellerId), { method: 'POST', path });
    const refused = isDisabled(model, id, resellerId) ? 409 : 429;
    const done = wasDone(simulation, asked, belongsElsewhere(simulation, id) ? [403] : [refused]);
    if (done !== false) expectMail(model, template, row['email'], { least: done ? 1 : 0, most: 1 });
  });
};

/** For the trace. */
const guestOf = (row: Row, resellerId: string) => (row['reseller_id'] === resellerId ? '' : ' as a guest');

const signIn: Operation = async (simulation, resellerId) => {
  const able = membersAt(simulation, resellerId).filter(([, { password }]) => password !== null);
  const guests = able.filter(([, { row }]) => row['reseller_id'] !== resellerId);
  const found = oneOf(simulation, guests.length > 0 ? guests : able);
  if (found !== undefined) await enter(simulation, resellerId, found[0]);
};

/** A member signs in to this reseller, and a guest then acts there. */
export async function enter(simulation: Simulation, resellerId: string, id: string): Promise<void> {
  const { model, world, trace } = simulation;
  const { row, password } = model.users.get(id)!;
  if (password === null) return;
  const isLet = mayEnter(simulation, id, resellerId);
  const body = { accountId: resellerId, email: row['email'], password };
  const asked = await post(simulation, '/v3/accounts/login', body, world.random.chance(0.7));
  const status = asked.answer?.status;
  trace.push(`${row['email']} signs in${guestOf(row, resellerId)}: ${status ?? 'no answer'}, ${asked.doubts} lost`);
  const expected = isLet ? [200] : [400];
  if (asked.answer !== null && !expected.includes(asked.answer.status) && !(asked.doubts > 0 && status === 429))
    simulation.problems.push(`${trace.at(-1)}: ${asked.answer.text}`);
  const least = status === 200 ? 1 : 0;
  const times: Range = { least, most: least + asked.doubts };
  if (isLet) hear(model, resellerId, 'account.logged-in', id, times);
  model.doubtfulSessions.set(id, (model.doubtfulSessions.get(id) ?? 0) + asked.doubts);
  if (status !== 200) return;
  const { accessToken, refreshToken } = asked.answer?.body ?? {};
  const sessionId = String(decodeJwt(accessToken)['sid']);
  const session: Session = { userId: id, resellerId, refreshToken, state: 'alive' };
  model.sessions.set(sessionId, session);
  if (row['reseller_id'] !== resellerId) await actBy(simulation, session);
}

const refresh: Operation = async (simulation, resellerId) => {
  const session = oneOf(simulation, sessionsAt(simulation, resellerId));
  if (session !== undefined) await renew(simulation, session);
};

export const peopleOperations = { followLink, askForLink, signIn, refresh };
