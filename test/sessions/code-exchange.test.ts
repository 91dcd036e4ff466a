import { decodeJwt, decodeProtectedHeader } from 'jose';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { sha256 } from '../../src/auth/secrets/digest.ts';
import { CODE_LIFE_MS } from '../../src/model/limits/index.ts';
import { Caller, type Reply } from '../support/api.ts';
import {
  authorized,
  type Delegation,
  exchange,
  makeApp,
  makeDelegation,
  post,
  refresh,
  VERIFIER,
} from '../support/people/oauth.ts';
import { muteQueues } from '../support/queues.ts';
import { rows } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  muteQueues();
});

const sessionsOf = (of: Delegation) =>
  rows('select * from sessions where user_id = ? and client_id is not null order by id', of.userId);
const errorOf = ({ status, body }: Reply) => [status, body.error];
const invalid = [400, 'invalid_grant'];

test('a code is exchanged for a session of the client', async () => {
  const of = await makeDelegation();
  const { code, browser } = await authorized(of);
  const reply = await exchange(of, code);
  expect(reply.status).toBe(200);
  expect(reply.headers.get('Cache-Control')).toBe('no-store');
  expect(reply.body).toEqual({
    access_token: expect.any(String),
    token_type: 'Bearer',
    expires_in: 900,
    refresh_token: expect.stringMatching(/^[\w-]{43}\.[\w-]{43}$/),
    scope: 'openid webhook:read',
    id_token: expect.any(String),
  });
  const [session, ...others] = await sessionsOf(of);
  expect(others).toEqual([]);
  expect(session).toMatchObject({
    ...{ reseller_id: of.id, client_id: of.client.id, scope: 'openid webhook:read', methods: '["pwd"]' },
    ...{ cookie_hash: null, ended_at: null },
  });
  expect(session.expires_at - session.created_at).toBe(14 * 24 * 3_600_000);
  expect(decodeProtectedHeader(reply.body.access_token)).toMatchObject({ typ: 'at+jwt' });
  expect(decodeJwt(reply.body.access_token)).toMatchObject({
    ...{ sub: of.userId, client_id: of.client.id, reseller_id: of.id, sid: session.id, scope: 'openid webhook:read' },
  });
  const user = new Caller(reply.body.access_token);
  expect((await user.get('/v3/webhooks')).status).toBe(200);
  expect((await user.get(`${of.base}/users`)).status).toBe(403);
  const started = await rows("select * from events where type = 'account.session-started' and subject = ?", of.userId);
  expect(started).toMatchObject([
    { reseller_id: of.id, actor: `client:${of.client.id}`, audit_only: 1, relay_at: null },
  ]);
  expect(JSON.parse(started[0].after)).toMatchObject({ sessionId: session.id, name: 'Billing' });
  const logged = await rows("select 1 from events where type = 'account.logged-in' and subject = ?", of.userId);
  expect(logged).toHaveLength(1);
  await rows('update sessions set ended_at = 1 where cookie_hash is not null and user_id = ?', of.userId);
  expect((await user.get('/v3/webhooks')).status).toBe(200);
  expect((await browser.get(await of.path())).location).toMatch(/^\/sign-in/);
});

test('without openid there is no ID token', async () => {
  const of = await makeDelegation();
  const { code } = await authorized(of, { scope: 'webhook:read email' });
  const { body } = await exchange(of, code);
  expect(body.scope).toBe('webhook:read');
  expect(body).not.toHaveProperty('id_token');
});

describe('a code is good for nothing', () => {
  test.each<[string, Record<string, string>, (string | number)[]]>([
    ['with another redirect_uri', { redirect_uri: 'com.example.app:/cb' }, invalid],
    ['with a redirect_uri that looks alike', { redirect_uri: 'https://app.example.com/cb?from=us&' }, invalid],
    ['with another verifier', { code_verifier: `${VERIFIER}x` }, invalid],
    ['with a verifier that is too short', { code_verifier: 'x'.repeat(42) }, [400, 'invalid_request']],
    ['with a verifier that is too long', { code_verifier: 'x'.repeat(129) }, [400, 'invalid_request']],
    ['with a verifier of other characters', { code_verifier: `${VERIFIER}ä` }, [400, 'invalid_request']],
    ['without a verifier', { code_verifier: '' }, [400, 'invalid_request']],
    ['without a redirect_uri', { redirect_uri: '' }, [400, 'invalid_request']],
    ['that was made up', { code: 'x'.repeat(43) }, invalid],
    ['that is far too long', { code: 'x'.repeat(10_000) }, invalid],
    ['with the wrong secret', { client_secret: 'x' }, [401, 'invalid_client']],
  ])('%s, and stays good', async (_, changes, error) => {
    const of = await makeDelegation();
    const { code } = await authorized(of);
    expect(errorOf(await exchange(of, code, changes))).toEqual(error);
    expect(await sessionsOf(of)).toEqual([]);
    expect((await exchange(of, code)).status).toBe(200);
  });

  test('with its challenge instead of the verifier', async () => {
    const of = await makeDelegation();
    const { code } = await authorized(of);
    expect(errorOf(await exchange(of, code, { code_verifier: await sha256(VERIFIER) }))).toEqual(invalid);
  });

  test('by another client, also of the same reseller', async () => {
    const of = await makeDelegation();
    const { code } = await authorized(of);
    for (const resellerId of [of.id, (await makeDelegation()).id]) {
      const client = await makeApp(resellerId, ['webhook:read'], of.redirectUri);
      expect(errorOf(await exchange({ ...of, client }, code))).toEqual(invalid);
    }
    expect((await exchange(of, code)).status).toBe(200);
  });

  test('a minute later', async () => {
    const of = await makeDelegation();
    const { code } = await authorized(of);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + CODE_LIFE_MS });
    expect(errorOf(await exchange(of, code))).toEqual(invalid);
  });

  test.each([
    ['the user is gone', 'delete from users where id = :user'],
    ['the user is no member any more', 'delete from memberships where user_id = :user'],
    [
      'the user may not be in',
      'update users set allow_customer_portal_access = 0, updated_at = updated_at + 1 where id = :user',
    ],
    ['the password is another', "update users set password_hash = 'x', updated_at = updated_at + 1 where id = :user"],
    ['the organization is gone', 'update organizations set deleted_at = 1 where reseller_id = :reseller'],
    ['the reseller is gone', 'update resellers set deleted_at = 1 where id = :reseller'],
    ['the reseller is disabled', 'update resellers set enabled = 0 where id = :reseller'],
    ['the reseller has signed everybody out', 'update resellers set signed_out_at = 9e15 where id = :reseller'],
  ])('where %s', async (_, sql) => {
    const of = await makeDelegation();
    const { code } = await authorized(of);
    const [name, id] = sql.includes(':user') ? [':user', of.userId] : [':reseller', of.id];
    await rows(sql.replace(name, '?'), id);
    const reply = await exchange(of, code);
    expect([invalid, [401, 'invalid_client']]).toContainEqual(errorOf(reply));
    expect((await sessionsOf(of)).filter(({ ended_at }) => ended_at === null)).toEqual([]);
  });
});

describe('a code is exchanged once', () => {
  test('after the sign-in that it came of has ended', async () => {
    const of = await makeDelegation();
    const { browser, code } = await authorized(of);
    await browser.post('/account/sign-out', {});
    expect(errorOf(await exchange(of, code))).toEqual(invalid);
    const { code: other } = await authorized(of);
    expect((await of.api.delete(`/v3/users/${of.userId}/sessions`)).status).toBe(204);
    expect(errorOf(await exchange(of, other))).toEqual(invalid);
    expect(await sessionsOf(of)).toEqual([]);
  });

  test('and a second time ends what came of the first', async () => {
    const of = await makeDelegation();
    const { code } = await authorized(of);
    const { body } = await exchange(of, code);
    const user = new Caller(body.access_token);
    expect((await user.get('/v3/webhooks')).status).toBe(200);
    expect(errorOf(await exchange(of, code, { code_verifier: 'x'.repeat(43) }))).toEqual(invalid);
    expect((await user.get('/v3/webhooks')).status).toBe(401);
    expect(errorOf(await refresh(of.client, body.refresh_token))).toEqual(invalid);
    const ended = await rows("select * from events where type = 'account.session-ended' and subject = ?", of.userId);
    expect(ended).toMatchObject([{ actor: `client:${of.client.id}`, reseller_id: of.id }]);
    expect(JSON.parse(ended[0].after)).toMatchObject({ reason: 'code-reused' });
  });

  test('but by another client a second time changes nothing', async () => {
    const of = await makeDelegation();
    const { code } = await authorized(of);
    const { body } = await exchange(of, code);
    const client = await makeApp(of.id, ['webhook:read'], of.redirectUri);
    expect(errorOf(await exchange({ ...of, client }, code))).toEqual(invalid);
    expect((await new Caller(body.access_token).get('/v3/webhooks')).status).toBe(200);
  });

  test('of two at once one gets a session, which the other ends', async () => {
    const of = await makeDelegation();
    const { code } = await authorized(of);
    const replies = await Promise.all([exchange(of, code), exchange(of, code)]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect(await sessionsOf(of)).toMatchObject([{ end_reason: 'code-reused' }]);
    expect(await rows('select * from refresh_tokens where session_id = ?', (await sessionsOf(of))[0].id)).toHaveLength(
      1,
    );
  });
});

test('whoever has fifty sessions loses the oldest', async () => {
  const of = await makeDelegation();
  const { code } = await authorized(of);
  for (let count = 0; count < 49; count++)
    await rows(
      'insert into sessions (id, user_id, reseller_id, created_at, expires_at) values (?, ?, ?, ?, 9e15)',
      crypto.randomUUID(),
      of.userId,
      of.id,
      count,
    );
  expect((await exchange(of, code)).status).toBe(200);
  const ended = await rows('select created_at from sessions where user_id = ? and ended_at is not null', of.userId);
  expect(ended).toEqual([{ created_at: 0 }]);
});

test('a grant of another kind takes no code', async () => {
  const of = await makeDelegation();
  const { code } = await authorized(of);
  expect(errorOf(await post('/oauth/token', of.client, { grant_type: 'refresh_token', refresh_token: code }))).toEqual(
    invalid,
  );
});
