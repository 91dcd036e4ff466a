import { decodeJwt } from 'jose';
import { beforeEach, expect, test, vi } from 'vitest';
import { v3 } from '../../src/dialects/v3/index.ts';
import { signOut } from '../../src/jobs/sign-out.ts';
import { SELF } from '../../src/model/scope.ts';
import { Caller, send } from '../support/api.ts';
import { exampleOf } from '../support/bodies.ts';
import { authorized, exchange, makeApp, makeDelegation, post, refresh } from '../support/oauth.ts';
import { muteQueues } from '../support/queues.ts';
import { stoppedWorld } from '../support/stopped-world.ts';
import { rows } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

const SCOPE = 'openid reseller:user:read webhook:read webhook:write';

/** A client that acts for a user. */
async function delegate(fields: Record<string, unknown> = {}) {
  const of = await makeDelegation(fields);
  const { code } = await authorized(of, { scope: SCOPE });
  const { body } = await exchange(of, code);
  const webhooks = (token: string) => new Caller(token).get('/v3/webhooks').then(({ status }) => status);
  return { ...of, tokens: body, user: new Caller(body.access_token), webhooks };
}

test('a role that is withdrawn after the consent is gone on the next request', async () => {
  const of = await delegate();
  expect((await of.user.get('/v3/webhooks')).status).toBe(200);
  await rows("update users set role = 'user' where id = ?", of.userId);
  expect((await of.user.get('/v3/webhooks')).status).toBe(403);
  const { body } = await refresh(of.client, of.tokens.refresh_token);
  expect(body.scope).toBe('openid');
  await rows("update users set role = 'reseller-admin' where id = ?", of.userId);
  expect((await of.user.get('/v3/webhooks')).status).toBe(200);
});

test('a right that the user gains is no right of a client that did not ask for it', async () => {
  const of = await delegate({ role: 'organization-admin' });
  expect(of.tokens.scope).toBe('openid reseller:user:read');
  await rows("update users set role = 'reseller-admin' where id = ?", of.userId);
  const { body } = await refresh(of.client, of.tokens.refresh_token);
  expect(body.scope).toBe('openid reseller:user:read');
  expect(await of.webhooks(body.access_token)).toBe(403);
});

test('a scope that is taken from the client is gone on the next request, whoever its user is', async () => {
  for (const role of ['reseller-admin', 'organization-admin']) {
    const of = await delegate({ role });
    const users = `${of.base}/users/${of.userId}`;
    expect((await of.user.get(users)).status).toBe(200);
    await rows("update api_clients set scopes = 'webhook:write' where id = ?", of.client.id);
    expect((await of.user.get(users)).status).toBe(403);
    expect((await of.user.get('/v3/webhooks')).status).toBe(403);
    const { body } = await refresh(of.client, of.tokens.refresh_token);
    expect(body.scope).toBe(role === 'reseller-admin' ? 'openid webhook:write' : 'openid');
  }
});

test('a revoked client stops acting for its users on the next request', async () => {
  const of = await delegate();
  expect((await of.user.get('/v3/webhooks')).status).toBe(200);
  await of.api.delete(`/v1.0/accounts/${of.id}/clients/${of.client.id}`);
  expect((await of.user.get('/v3/webhooks')).status).toBe(401);
  expect((await refresh(of.client, of.tokens.refresh_token)).status).toBe(401);
  const other = await delegate();
  const { background } = stoppedWorld(Date.now());
  for (let times = 0; times < 2; times++) await signOut(background);
  const ended = await rows("select subject, actor, after from events where type = 'account.session-ended'");
  const said = ended.filter(({ subject }) => [of.userId, other.userId].includes(subject));
  expect(said).toMatchObject([{ subject: of.userId, actor: 'system' }]);
  expect(JSON.parse(said[0].after).reason).toBe('client-revoked');
  expect((await other.user.get('/v3/webhooks')).status).toBe(200);
});

test('a client does nothing that is the user’s own affair', async () => {
  const of = await delegate();
  const routes = v3.routes.filter(({ scope }) => scope === SELF);
  expect(routes.length).toBeGreaterThan(10);
  for (const route of routes) {
    const path = `/v3${route.path.replace(/:\w+/g, crypto.randomUUID())}`;
    const reply = await of.user.send(route.method, path, exampleOf(v3, route));
    expect([route.id, reply.status, reply.body.code]).toEqual([route.id, 403, 'USER_REQUIRED']);
  }
  const [session] = await rows('select ended_at from sessions where client_id = ?', of.client.id);
  expect(session.ended_at).toBe(null);
});

test('a refresh token works once, and for its client only', async () => {
  const of = await delegate();
  const other = await makeApp(of.id, ['webhook:read'], of.redirectUri);
  expect((await refresh(other, of.tokens.refresh_token)).status).toBe(400);
  const anonymous = { grant_type: 'refresh_token', refresh_token: of.tokens.refresh_token };
  expect((await send('POST', '/oauth/token', { body: new URLSearchParams(anonymous) })).status).toBe(400);
  const { body } = await refresh(of.client, of.tokens.refresh_token);
  expect(body.scope).toBe(SCOPE);
  expect(body).not.toHaveProperty('id_token');
  expect(await of.webhooks(body.access_token)).toBe(200);
  expect((await refresh(of.client, of.tokens.refresh_token)).body.error).toBe('invalid_grant');
  expect(await of.webhooks(body.access_token)).toBe(401);
});

test('a client may ask for less when it refreshes, and for all again later, but never for more', async () => {
  const of = await delegate();
  const beyond = await refresh(of.client, of.tokens.refresh_token, { scope: 'webhook:read event:read' });
  expect([beyond.status, beyond.body.error]).toEqual([400, 'invalid_scope']);
  const less = await refresh(of.client, of.tokens.refresh_token, { scope: 'webhook:write' });
  expect(less.body.scope).toBe('webhook:write');
  expect(decodeJwt(less.body.access_token)).toMatchObject({ scope: 'webhook:write' });
  expect(await of.webhooks(less.body.access_token)).toBe(403);
  expect((await refresh(of.client, less.body.refresh_token)).body.scope).toBe(SCOPE);
});

test.each(['access_token', 'refresh_token'] as const)(
  'a client ends its session by the %s, and nobody else’s',
  async (name) => {
    const of = await delegate();
    const revoke = (client: typeof of.client) => post('/oauth/revoke', client, { token: of.tokens[name] });
    expect((await revoke(await makeApp(of.id, ['webhook:read'], of.redirectUri))).status).toBe(200);
    expect(
      (await send('POST', '/oauth/revoke', { body: new URLSearchParams({ token: of.tokens[name] }) })).status,
    ).toBe(200);
    expect((await of.user.get('/v3/webhooks')).status).toBe(200);
    expect((await revoke(of.client)).status).toBe(200);
    expect((await of.user.get('/v3/webhooks')).status).toBe(401);
    expect((await refresh(of.client, of.tokens.refresh_token)).status).toBe(400);
    const [ended] = await rows(
      "select actor, after from events where type = 'account.session-ended' and subject = ?",
      of.userId,
    );
    expect([ended.actor, JSON.parse(ended.after).reason]).toEqual([`client:${of.client.id}`, 'revoked']);
  },
);

test('an ID token is no access token', async () => {
  const of = await delegate();
  expect((await new Caller(of.tokens.id_token).get('/v3/webhooks')).status).toBe(401);
});
