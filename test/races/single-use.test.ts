import { beforeAll, expect, test } from 'vitest';
import { FACTOR_FAILURES, SIGN_IN_FAILURES_MAX } from '../../src/model/limits/index.ts';
import { Caller, send } from '../support/api.ts';
import { AT_ONCE, burst, tally } from '../support/measures/burst.ts';
import { footprint } from '../support/measures/footprint.ts';
import { choose, look, withLink } from '../support/people/links.ts';
import { authorized, exchange, makeDelegation } from '../support/people/oauth.ts';
import { codeOf, enroll, makePerson, PASSWORD, post } from '../support/people/signed-up.ts';
import { muteQueues } from '../support/queues.ts';
import { makeReseller, newUser, rows, unique } from '../support/world.ts';

beforeAll(muteQueues);

/** Each of them costs a hash. */
const HASHING = { timeout: 120_000 };

const refresh = (refresh_token: string) =>
  send('POST', '/oauth/token', {
    headers: { 'CF-Connecting-IP': unique('address') },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token }),
  });
/** Somebody with an authenticator, who has used no code of this time step. */
async function makeArmed() {
  const person = await makePerson();
  const me = await person.signIn();
  const secret = await enroll(me);
  return { person, me, secret };
}
/** Guesses that fail are counted, which is another test's matter. */
const forget = () => rows('delete from sign_in_attempts');

test('of 200 requests with one idempotency key one does the work, and all get its answer', async () => {
  const { id, api } = await makeReseller();
  const sent = { email: newUser().email, displayName: 'Sam Lee' };
  const replies = await burst(() => api.post(`/v1.0/accounts/${id}/users`, sent, { 'Idempotency-Key': 'race' }));
  expect(tally(replies)).toEqual({ '201': AT_ONCE });
  expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
  expect(replies.filter(({ headers }) => headers.get('Idempotency-Replayed') === null)).toHaveLength(1);
  expect(await rows('select 1 from users where reseller_id = ?', id)).toHaveLength(1);
  const created = "select 1 from events where reseller_id = ? and type = 'reseller.user.created'";
  expect(await rows(created, id)).toHaveLength(1);
});

test('of 200 that follow one activation link one chooses the password', HASHING, async () => {
  const { token, userId } = await withLink();
  const replies = await burst((index) => choose(token, `Correct-horse-${index}`));
  expect(tally(replies)).toEqual({ '204': 1, '409 LINK_NOT_VALID': AT_ONCE - 1 });
  const activated = "select 1 from events where subject = ? and type = 'reseller.user.activated'";
  expect(await rows(activated, userId)).toHaveLength(1);
  expect(await look(token)).toMatchObject({ state: 'used', email: null, name: null });
  const before = await footprint();
  expect(await choose(token)).toMatchObject({ status: 409, body: { code: 'LINK_NOT_VALID' } });
  expect(await footprint()).toEqual(before);
});

test('of 200 that use one reset token one chooses the password', HASHING, async () => {
  const person = await makePerson();
  const { body } = await person.api.post(`/v3/users/${person.userId}/reset-password-token`);
  const replies = await burst((index) =>
    post(`/v3/users/${person.userId}/reset-password`, {
      token: body.resetPasswordToken,
      newPassword: `${PASSWORD} ${index}`,
    }),
  );
  expect(tally(replies)).toEqual({ '204': 1, '400 RESET_TOKEN_INVALID': AT_ONCE - 1 });
  const won = replies.findIndex(({ status }) => status === 204);
  expect((await person.enter({ password: `${PASSWORD} ${won}` })).status).toBe(200);
});

test('of 200 that use one refresh token one at most gets tokens, and the session is over', async () => {
  const person = await makePerson();
  const { tokens } = await person.signIn();
  const replies = await burst(() => refresh(tokens.refreshToken));
  const won = replies.filter(({ status }) => status === 200);
  expect(won.length).toBeLessThanOrEqual(1);
  expect(replies.filter(({ status }) => status === 400)).toHaveLength(AT_ONCE - won.length);
  for (const { body } of won) {
    expect((await new Caller(body.access_token).get('/v3/me')).status).toBe(401);
    expect((await refresh(body.refresh_token)).status).toBe(400);
  }
  expect((await new Caller(tokens.accessToken).get('/v3/me')).status).toBe(401);
  expect((await person.sessions())[0].ended_at).not.toBeNull();
  expect((await person.types()).filter((type) => type === 'account.session-ended')).toHaveLength(1);
});

test('of 200 that exchange one authorization code one gets a session, which the others end', async () => {
  const of = await makeDelegation();
  const { code } = await authorized(of);
  const replies = await burst(() => exchange(of, code));
  const won = replies.filter(({ status }) => status === 200);
  expect(won).toHaveLength(1);
  expect(replies.filter(({ status }) => status === 400)).toHaveLength(AT_ONCE - 1);
  const delegated = 'select end_reason from sessions where user_id = ? and client_id is not null';
  expect(await rows(delegated, of.userId)).toEqual([{ end_reason: 'code-reused' }]);
  expect((await new Caller(won[0]!.body.access_token).get('/v3/webhooks')).status).toBe(401);
});

test('200 guesses of a password at once are no more than a few', async () => {
  const person = await makePerson();
  const replies = await burst(() => person.enter({ password: 'wrong' }));
  expect(tally(replies)).toEqual({
    '400 AUTHENTICATION_FAILED': SIGN_IN_FAILURES_MAX,
    '429 RATE_LIMIT_EXCEEDED': AT_ONCE - SIGN_IN_FAILURES_MAX,
  });
  expect(await person.attempts()).toBe(SIGN_IN_FAILURES_MAX);
});

test('200 guesses of a code at once are no more than a few, and the right one among them comes too late', async () => {
  const { person } = await makeArmed();
  const burstMax = FACTOR_FAILURES[0]!.strangers;
  await forget();
  const replies = await burst((index) => person.enter({ twoFactorCode: String(index).padStart(6, '0') }));
  expect(replies.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(AT_ONCE - burstMax);
  expect(await person.attempts()).toBeLessThanOrEqual(burstMax);
});

test('of 200 that come with one code of an app, or one recovery code, one gets in', async () => {
  const { person, me, secret } = await makeArmed();
  const { body } = await me.post('/v3/me/2fa-recovery-codes', { twoFactorCode: codeOf(secret) });
  for (const factor of [{ twoFactorCode: codeOf(secret, 1) }, { twoFactorRecoveryCode: body.recoveryCodes[0] }]) {
    await forget();
    const sessions = (await person.sessions()).length;
    const replies = await burst(() => person.enter(factor));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await person.sessions()).toHaveLength(sessions + 1);
  }
});
