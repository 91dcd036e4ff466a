import { decodeJwt } from 'jose';
import { beforeEach, expect, test, vi } from 'vitest';
import { availableScopes } from '../../src/model/clients/scope.ts';
import { RECENT_SIGN_IN_MS } from '../../src/model/limits/index.ts';
import { ageSessions } from '../sign-in/aged.ts';
import { Caller } from '../support/api.ts';
import { enroll, makeAccount } from '../support/people/accounts.ts';
import {
  authorized,
  backTo,
  type Delegation,
  exchange,
  makeApp,
  makeDelegation,
  refresh,
  signInAt,
} from '../support/people/oauth.ts';
import { beforeRunning } from '../support/people/sessions.ts';
import { signIn } from '../support/people/signed-in.ts';
import { giveConsent } from '../support/people/signed-up.ts';
import { muteQueues } from '../support/queues.ts';
import { rows } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

/** An application that acts for a user, who is signed in beside it. */
async function delegate() {
  const of = await makeDelegation();
  const { browser, code } = await authorized(of, { scope: 'openid webhook:read' });
  const { body: tokens } = await exchange(of, code);
  return { ...of, browser, tokens, app: new Caller(tokens.access_token), me: await signIn(of.userId, of.id) };
}

const silently = async (of: Delegation, browser: Awaited<ReturnType<typeof delegate>>['browser']) =>
  backTo(await browser.get(await of.path({ prompt: 'none' })), of.redirectUri);
const idOf = async (userId: string, clientId: string): Promise<string> =>
  (await rows('select id from consents where user_id = ? and client_id = ?', userId, clientId))[0].id;
const entries = async (userId: string) =>
  rows("select actor, after from events where subject = ? and type = 'account.consent-withdrawn'", userId);

test('a user sees what applications may do in the own name', async () => {
  const { me, client, userId } = await delegate();
  const [{ granted_at }] = await rows('select granted_at from consents where user_id = ?', userId);
  const { status, body } = await me.get('/v3/me/consents');
  const grantedAt = new Date(granted_at).toISOString();
  expect([status, body]).toEqual([
    200,
    [
      {
        id: await idOf(userId, client.id),
        clientId: client.id,
        clientName: 'Billing',
        scopes: ['openid', 'webhook:read'],
        grantedAt,
      },
    ],
  ]);
});

test('a consent that is withdrawn ends the sessions of its application, voids its codes, and is noted', async () => {
  const of = await delegate();
  const { code } = await silently(of, of.browser);
  const stranger = await delegate();
  const theirs = await idOf(stranger.userId, stranger.client.id);
  expect(await of.me.delete(`/v3/me/consents/${theirs}`)).toMatchObject({ status: 404 });
  const mine = await idOf(of.userId, of.client.id);
  expect((await of.me.delete(`/v3/me/consents/${mine}`)).status).toBe(204);
  expect(await of.me.delete(`/v3/me/consents/${mine}`)).toMatchObject({
    status: 404,
    body: { message: 'Consent not found.' },
  });
  expect((await of.me.get('/v3/me/consents')).body).toEqual([]);
  expect((await of.app.get('/v3/webhooks')).status).toBe(401);
  expect((await refresh(of.client, of.tokens.refresh_token)).status).toBe(400);
  expect((await exchange(of, code ?? '')).status).toBe(400);
  expect((await of.me.get('/v3/me')).status).toBe(200);
  expect(await silently(of, of.browser)).toMatchObject({ error: 'consent_required' });
  const [entry, ...others] = await entries(of.userId);
  expect([entry.actor, JSON.parse(entry.after), others]).toEqual([`user:${of.userId}`, { clientId: of.client.id }, []]);
  expect((await stranger.app.get('/v3/webhooks')).status).toBe(200);
});

test('a consent that is withdrawn while a code is made gives none', async () => {
  const of = await delegate();
  beforeRunning('authorization_codes', () => rows('delete from consents where user_id = ?', of.userId));
  const page = await of.browser.get(await of.path());
  expect([page.status, page.location]).toEqual([303, expect.stringMatching(/^\/sign-in\?/)]);
  expect(await rows('select 1 from authorization_codes where user_id = ? and used_at is null', of.userId)).toEqual([]);
});

test('withdrawing one needs a recent sign-in', async () => {
  const of = await delegate();
  await ageSessions(of.userId, RECENT_SIGN_IN_MS + 1000);
  const id = await idOf(of.userId, of.client.id);
  const page = await of.browser.post('/account/consents/withdraw', { id });
  expect(page.location).toContain('notice=again');
  expect(await entries(of.userId)).toEqual([]);
});

test('the account page lists them and withdraws them', async () => {
  const of = await delegate();
  const shown = await of.browser.get('/account');
  for (const text of ['<bdi>Billing</bdi>', 'Know who you are when you sign in · See webhooks'])
    expect(shown.text).toContain(text);
  expect((await of.browser.post('/account/consents/withdraw', {})).status).toBe(400);
  const id = await idOf(of.userId, of.client.id);
  const done = await of.browser.post('/account/consents/withdraw', { id });
  expect(done.location).toBe('/account?done=consentWithdrawn');
  const after = await of.browser.get(done.location ?? '');
  expect(after.text).toContain('That application can no longer act for you.');
  expect(after.text).not.toContain('Billing');
});

test('who signs out everywhere is asked to sign in, and then to agree, also for an application without a session', async () => {
  const of = await delegate();
  const { code } = await silently(of, of.browser);
  await rows('delete from sessions where client_id = ?', of.client.id);
  expect((await of.me.delete('/v3/me/sessions')).status).toBe(204);
  expect(await silently(of, of.browser)).toMatchObject({ error: 'login_required' });
  expect((await exchange(of, code ?? '')).status).toBe(400);
  const [entry] = await entries(of.userId);
  expect(JSON.parse(entry.after)).toEqual({ reason: 'signed-out-everywhere' });
  const page = await signInAt(of.browser, await of.browser.get(await of.path()), of.email);
  expect(page.text).toContain('Allow Billing?');
});

test('so it is by the account page, but for the browser itself', async () => {
  const of = await delegate();
  await rows('delete from sessions where client_id = ?', of.client.id);
  expect((await of.browser.post('/account/sessions/end-others', {})).location).toBe('/account?done=sessionsEnded');
  expect((await of.me.get('/v3/me')).status).toBe(401);
  expect((await of.browser.get('/account')).status).toBe(200);
  expect(await silently(of, of.browser)).toMatchObject({ error: 'consent_required' });
});

test('away from home a user has to do with the applications there alone, and at home they have no name and id', async () => {
  const of = await delegate();
  const other = await makeAccount();
  await enroll(other, of, 'webhooks.admin');
  const app = await makeApp(other.id, ['webhook:read'], of.redirectUri);
  const agree = () => giveConsent(of.userId, app.id);
  await agree();
  const there = await signIn(of.userId, other.id);
  expect((await there.get('/v3/me/consents')).body).toMatchObject([{ clientId: app.id, clientName: 'Billing' }]);
  expect((await there.delete(`/v3/me/consents/${await idOf(of.userId, of.client.id)}`)).status).toBe(404);
  expect((await there.delete('/v3/me/sessions')).status).toBe(204);
  expect((await of.app.get('/v3/webhooks')).status).toBe(200);
  await agree();
  const shown = await of.me.get('/v3/me/consents');
  expect(shown.body).toMatchObject([
    { clientId: of.client.id, clientName: 'Billing' },
    { clientId: null, clientName: null, scopes: ['openid'] },
  ]);
  expect(shown.text).not.toContain(app.id);
  expect((await of.me.delete(`/v3/me/consents/${shown.body[1].id}`)).status).toBe(204);
  expect((await entries(of.userId)).map(({ after }) => after)).not.toContainEqual(expect.stringContaining(app.id));
  expect(await rows('select 1 from consents where client_id = ?', app.id)).toEqual([]);
});

test('an application makes and changes no API clients in the name of its user', async () => {
  const of = await makeDelegation();
  await rows('update api_clients set scopes = ? where id = ?', availableScopes(of.id).join(' '), of.client.id);
  const { code } = await authorized(of, { scope: 'client:read client:write webhook:read' });
  const { body } = await exchange(of, code);
  expect(decodeJwt(body.access_token)['scope']).toBe('webhook:read client:read');
  // Nor by a session that says otherwise.
  await rows("update sessions set scope = 'client:write' where client_id = ?", of.client.id);
  const { body: again } = await refresh(of.client, body.refresh_token);
  const app = new Caller(again.access_token);
  const at = `/v1.0/accounts/${of.id}/clients`;
  const patch = [{ op: 'replace', path: '/name', value: 'Other' }];
  for (const reply of [
    await app.post(at, { name: 'Mine', scopes: ['webhook:read'] }),
    await app.patch(`${at}/${of.client.id}`, patch),
    await app.delete(`${at}/${of.client.id}`),
    await app.put(`${of.base}/sign-in-settings`, { googleHostedDomain: null, requireTwoFactor: false }),
  ])
    expect(reply.status).toBe(403);
});
