import { decodeJwt } from 'jose';
import { type Asked, ask, post, wasDone } from '../caller.ts';
import { endSessions } from '../memberships.ts';
import { expectMail, hear, membershipKey, type Range } from '../model.ts';
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

const stateOf = async (simulation: Simulation, token: string): Promise<string> =>
  (await post(simulation, '/activate/link', { token })).answer?.body.state;

/** Follows the link of the last mail and chooses a password. */
const followLink: Operation = async (simulation, resellerId) => {
  const { model, world, trace } = simulation;
  const invited = usersAt(simulation, resellerId).filter(([, user]) => linksOf(simulation, user).length > 0);
  const found = oneOf(simulation, invited);
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
    model.usedLinks.add(token);
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
    Object.assign(user, { password: PASSWORD, prepared: null });
    endSessions(model, id);
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
    const done = wasDone(simulation, asked, belongsElsewhere(simulation, id) ? [403] : [429]);
    if (done !== false) expectMail(model, template, row['email'], { least: done ? 1 : 0, most: 1 });
  });
};

const signIn: Operation = async (simulation, resellerId) => {
  const { model, world, trace } = simulation;
  const able = usersAt(simulation, resellerId).filter(([, { password }]) => password !== null);
  const found = oneOf(simulation, able);
  if (found === undefined) return;
  const [id, { row, password }] = found;
  const roles = model.memberships.get(membershipKey(id, resellerId)) ?? [];
  const mayEnter = row['organization_id'] !== null || roles.includes('account.user');
  const isOn = model.resellers.get(resellerId)?.row['enabled'] === 1;
  const body = { accountId: resellerId, email: row['email'], password };
  const asked = await post(simulation, '/v3/accounts/login', body, world.random.chance(0.7));
  const status = asked.answer?.status;
  trace.push(`${row['email']} signs in: ${status ?? 'no answer'}, ${asked.doubts} lost`);
  const expected = mayEnter && isOn ? [200] : [400];
  if (asked.answer !== null && !expected.includes(asked.answer.status) && !(asked.doubts > 0 && status === 429))
    simulation.problems.push(`${trace.at(-1)}: ${asked.answer.text}`);
  const least = status === 200 ? 1 : 0;
  const times: Range = { least, most: least + asked.doubts };
  if (mayEnter && isOn) hear(model, resellerId, 'account.logged-in', id, times);
  model.doubtfulSessions.set(id, (model.doubtfulSessions.get(id) ?? 0) + asked.doubts);
  if (status !== 200) return;
  const { accessToken, refreshToken } = asked.answer?.body ?? {};
  const sessionId = String(decodeJwt(accessToken)['sid']);
  model.sessions.set(sessionId, { userId: id, refreshToken, state: 'alive' });
};

const refresh: Operation = async (simulation, resellerId) => {
  const { model, trace } = simulation;
  const mine = new Set(usersAt(simulation, resellerId).map(([id]) => id));
  const session = oneOf(
    simulation,
    [...model.sessions.values()].filter(({ userId, state }) => mine.has(userId) && state === 'alive'),
  );
  if (session === undefined || model.resellers.get(resellerId)?.row['enabled'] === 0) return;
  const roles = model.memberships.get(membershipKey(session.userId, resellerId)) ?? [];
  const row = model.users.get(session.userId)?.row;
  if (row?.['organization_id'] === null && !roles.includes('account.user')) return;
  const form = { grant_type: 'refresh_token', refresh_token: session.refreshToken };
  const { answer, doubts }: Asked = await post(simulation, '/oauth/token', new URLSearchParams(form));
  trace.push(`a session is refreshed: ${answer?.status}, ${doubts} lost`);
  if (answer?.status === 200) session.refreshToken = answer.body.refresh_token;
  // The answer that was lost had used the token up; one that comes again ends its session.
  else if (doubts > 0) session.state = 'ended';
  else simulation.problems.push(`a session cannot be refreshed: ${answer?.text}`);
};

export const peopleOperations = { followLink, askForLink, signIn, refresh };
