import { decodeJwt } from 'jose';
import { beforeEach, expect, test, vi } from 'vitest';
import { documentedV3 as v3 } from '../../src/dialects/v3/documented.ts';
import { runJob } from '../../src/jobs/run.ts';
import { endSignedOutSessions } from '../../src/jobs/sign-out.ts';
import { SELF } from '../../src/model/clients/scope.ts';
import { REQUEST_ROWS_MAX } from '../../src/model/limits/index.ts';
import { ACCOUNT_TEXTS } from '../../src/pages/account/texts/index.ts';
import { Caller, send } from '../support/api.ts';
import { exampleOf } from '../support/generators/bodies.ts';
import { rowsReadBy } from '../support/measures/rows-read.ts';
import { authorized, backTo, exchange, makeApp, makeDelegation, post, refresh } from '../support/people/oauth.ts';
import { makePerson } from '../support/people/sign-in-people.ts';
import { signIn } from '../support/people/signed-in.ts';
import { muteQueues } from '../support/queues.ts';
import { stoppedWorld } from '../support/stopped-world.ts';
import { type Client, rows } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

const SCOPE = 'openid reseller:user:read webhook:read webhook:write';

/** A client that acts for a user. */
async function delegate(fields: Record<string, unknown> = {}) {
  const of = await makeDelegation(fields);
  const { browser, code } = await authorized(of, { scope: SCOPE });
  const { body } = await exchange(of, code);
  const webhooks = (token: string) => new Caller(token).get('/v3/webhooks').then(({ status }) => status);
  return { ...of, browser, tokens: body, user: new Caller(body.access_token), webhooks };
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
  const { worker } = stoppedWorld(Date.now());
  for (let times = 0; times < 2; times++) await runJob(worker, endSignedOutSessions);
  const ended = await rows("select subject, actor, after from events where type = 'account.session-ended'");
  const said = ended.filter(({ subject }) => [of.userId, other.userId].includes(subject));
  expect(said).toMatchObject([{ subject: of.userId, actor: 'system' }]);
  expect(JSON.parse(said[0].after).reason).toBe('client-revoked');
  expect((await other.user.get('/v3/webhooks')).status).toBe(200);
});

test('however many clients a tenant makes and revokes, the sessions of others’ are ended as soon', async () => {
  const [of, hostile] = [await delegate(), await delegate()];
  await rows(
    `with recursive n (i) as (select 1 union all select i + 1 from n where i < ?1)
     insert into api_clients (id, reseller_id, name, secret_hash, scopes, created_at, revoked_at)
     select ?2 || '-' || i, ?2, 'c', '', '[]', 1, 1 from n`,
    REQUEST_ROWS_MAX,
    hostile.id,
  );
  await of.api.delete(`/v1.0/accounts/${of.id}/clients/${of.client.id}`);
  const { worker } = stoppedWorld(Date.now());
  const read = await rowsReadBy((db) => runJob({ ...worker, db }, endSignedOutSessions));
  expect(read).toBeLessThan(REQUEST_ROWS_MAX);
  const [ended] = await rows('select end_reason from sessions where client_id = ?', of.client.id);
  expect(ended.end_reason).toBe('client-revoked');
  expect((await hostile.user.get('/v3/webhooks')).status).toBe(200);
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

const consentsOf = async (userId: string) =>
  (await rows('select client_id from consents where user_id = ?', userId)).map(({ client_id }) => client_id);
const sessionOf = async ({ client, userId }: { client: Client; userId: string }): Promise<string> =>
  (await rows('select id from sessions where client_id = ? and user_id = ? and ended_at is null', client.id, userId))[0]
    .id;

test('who ends a client’s session on the account page is asked before it comes back', async () => {
  const of = await delegate();
  const other = await makeApp(of.id, ['webhook:read'], of.redirectUri);
  const stranger = await makePerson();
  await rows(
    "insert into consents values (?, ?, 'openid', 1, 'a'), (?, ?, 'openid', 1, 'b')",
    of.userId,
    other.id,
    stranger.userId,
    of.client.id,
  );
  const { code } = backTo(await of.browser.get(await of.path()), of.redirectUri);
  const page = await of.browser.get('/account');
  expect(page.text).toContain('<bdi>Billing</bdi>');
  expect(page.text).toContain(ACCOUNT_TEXTS.en.client);
  expect((await of.browser.post('/account/sessions/end', { id: crypto.randomUUID() })).status).toBe(400);
  expect(await consentsOf(of.userId)).toHaveLength(2);
  const ended = await of.browser.post('/account/sessions/end', { id: await sessionOf(of) });
  expect(ended.location).toBe('/account?done=sessionEnded');
  expect((await of.browser.get('/account')).text).not.toContain(ACCOUNT_TEXTS.en.client);
  expect(await consentsOf(of.userId)).toEqual([other.id]);
  const withdrawn = await rows(
    "select 1 from events where subject = ? and type = 'account.consent-withdrawn'",
    of.userId,
  );
  expect(withdrawn).toHaveLength(1);
  expect(await consentsOf(stranger.userId)).toEqual([of.client.id]);
  expect((await refresh(of.client, of.tokens.refresh_token)).status).toBe(400);
  // Nor does a code that was on its way.
  expect((await exchange(of, code ?? '')).status).toBe(400);
  expect((await of.browser.get(await of.path())).text).toContain('Allow Billing?');
});

test('so is who signs out everywhere else, and whoever does either by v3; ending another session asks for nothing', async () => {
  for (const end of ['others', 'v3', 'v3 all', 'own'] as const) {
    const of = await delegate();
    const me = await signIn(of.userId, of.id);
    if (end === 'others') await of.browser.post('/account/sessions/end-others', {});
    if (end === 'v3') await me.delete(`/v3/me/sessions/${await sessionOf(of)}`);
    if (end === 'v3 all') await me.delete('/v3/me/sessions');
    if (end === 'own') await of.browser.post('/account/sign-out', {});
    expect([end, await consentsOf(of.userId)]).toEqual([end, end === 'own' ? [of.client.id] : []]);
  }
});

test('what a user has agreed to is not for an administrator to take back', async () => {
  const of = await delegate();
  const path = `/v3/users/${of.userId}/sessions/${await sessionOf(of)}`;
  expect((await of.api.delete(path)).status).toBe(204);
  expect(await consentsOf(of.userId)).toEqual([of.client.id]);
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
