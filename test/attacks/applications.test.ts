import { beforeEach, describe, expect, test, vi } from 'vitest';
import { RESELLER_ADMIN_SCOPES } from '../../src/model/users/role.ts';
import { Caller, type Reply } from '../support/api.ts';
import { answer, authorized, exchange, makeDelegation, refresh, signInAt } from '../support/people/oauth.ts';
import { newBrowser } from '../support/people/page-browser.ts';
import { giveTotp } from '../support/people/sign-in-people.ts';
import { signIn } from '../support/people/signed-in.ts';
import { makePerson, type Person, post } from '../support/people/signed-up.ts';
import { makeStaff } from '../support/people/staff.ts';
import { muteQueues } from '../support/queues.ts';
import { callerFor, makeClient, newOrganization, newUser, operator, rows, unique } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

const NEXT = 'battery staple horse';
const APPLICATION = { status: 403, body: { code: 'USER_REQUIRED' } };
const SELF = { status: 403, body: { code: 'SELF_REFUSED' } };
const VOID = { status: 400, body: { code: 'RESET_TOKEN_INVALID' } };

/** An application with all rights that it can have in the name of a user with all rights, who has a second factor. */
async function makeApplication(fields: object = {}) {
  const of = await makeDelegation({ ...fields });
  await rows('update api_clients set scopes = ? where id = ?', RESELLER_ADMIN_SCOPES.join(' '), of.client.id);
  const { browser, code } = await authorized(of, { scope: `openid ${RESELLER_ADMIN_SCOPES.join(' ')}` });
  const { body: tokens } = await exchange(of, code);
  await giveTotp(of.userId);
  return {
    ...of,
    browser,
    tokens,
    app: new Caller(tokens.access_token),
    actor: `user:${of.userId} via client:${of.client.id}`,
  };
}
type Application = Awaited<ReturnType<typeof makeApplication>>;

/** What gives or takes a user's way to sign in. */
function credentialOperations({ id, base }: { id: string; base: string }, userId: string, sessionId: string) {
  const email = `${unique('mine')}@example.com`;
  const moved = [{ op: 'replace', path: '/email', value: email }];
  return {
    factors: (by: Caller) => by.delete(`/v3/users/${userId}/2fa`),
    token: (by: Caller) => by.post(`/v3/users/${userId}/reset-password-token`),
    sessions: (by: Caller) => by.delete(`/v3/users/${userId}/sessions`),
    session: (by: Caller) => by.delete(`/v3/users/${userId}/sessions/${sessionId}`),
    address: (by: Caller) => by.patch(`${base}/users/${userId}`, { email }),
    'address in accounts': (by: Caller) => by.patch(`/v1.0/accounts/${id}/users/${userId}`, moved),
  } satisfies Record<string, (by: Caller) => Promise<Reply>>;
}

const traces = async (userId: string) => [
  await rows('select * from users where id = ?', userId),
  await rows('select * from totp_secrets where user_id = ?', userId),
  await rows('select * from activations where user_id = ?', userId),
  await rows('select id from sessions where user_id = ? and ended_at is null', userId),
];

describe('an application', () => {
  test.each(['its user', 'another user'])('takes over nothing by which %s signs in', async (whose) => {
    const of = await makeApplication();
    const other = await makePerson({}, { id: of.id, base: of.base, api: of.api });
    await giveTotp(other.userId);
    const userId = whose === 'its user' ? of.userId : other.userId;
    await signIn(userId, of.id);
    const [session] = await rows('select id from sessions where user_id = ? and client_id is null', userId);
    const before = await traces(userId);
    for (const [name, ask] of Object.entries(credentialOperations(of, userId, session.id))) {
      const { status, body } = await ask(of.app);
      expect([name, status, body.code ?? APPLICATION.body.code]).toEqual([name, 403, APPLICATION.body.code]);
    }
    expect(await traces(userId)).toEqual(before);
  });

  test('gives nobody rights that would outlive the consent, and changes what is none', async () => {
    const of = await makeApplication();
    const accounts = `/v1.0/accounts/${of.id}`;
    const made = await of.app.post(`${of.base}/users`, newUser());
    expect(made.status).toBe(201);
    const user = `${of.base}/users/${made.body.id}`;
    expect((await of.app.patch(user, { firstName: 'Ada' })).status).toBe(200);
    expect(await of.app.post(`${of.base}/users`, { ...newUser(), role: 'reseller-admin' })).toMatchObject(APPLICATION);
    expect(await of.app.patch(user, { role: 'reseller-admin' })).toMatchObject(APPLICATION);
    const member = { email: `${unique('m')}@example.com`, displayName: 'M', roles: ['user.admin'] };
    const admin = [{ op: 'add', path: '/roles/-', value: 'user.admin' }];
    expect((await of.app.post(`${accounts}/users`, member)).status).toBe(403);
    expect((await of.app.patch(`${accounts}/users/${made.body.id}`, admin)).status).toBe(403);
    expect((await of.app.post(`${accounts}/clients`, { name: 'c', scopes: ['reseller:user:read'] })).status).toBe(403);
  });

  test('of who looks after one customer makes nobody else do so', async () => {
    const of = await makeApplication({ role: 'organization-admin' });
    const [{ organization_id: organizationId }] = await rows(
      'select organization_id from users where id = ?',
      of.userId,
    );
    const colleague = (role = 'organization-admin') => ({ ...newUser(), organizationId, role });
    expect(await of.app.post(`${of.base}/users`, colleague())).toMatchObject(APPLICATION);
    expect((await of.app.post(`${of.base}/users`, colleague('user'))).status).toBe(201);
    expect((await (await signIn(of.userId, of.id)).post(`${of.base}/users`, colleague())).status).toBe(201);
  });

  test('is named beside its user in feed and audit log, which find it by the user', async () => {
    const of = await makeApplication();
    const me = await signIn(of.userId, of.id);
    const [byApp, byUser] = [
      await of.app.post(`${of.base}/users`, newUser()),
      await me.post(`${of.base}/users`, newUser()),
    ];
    const found = async (actor: string) =>
      (await of.api.get(`/v3/audit-log?type=reseller.user.created&actor=${encodeURIComponent(actor)}`)).body.map(
        (entry: { actor: string; subject: string }) => [entry.actor, entry.subject],
      );
    const user = `user:${of.userId}`;
    expect(await found(of.actor)).toEqual([[of.actor, byApp.body.id]]);
    expect(await found(user)).toEqual([
      [of.actor, byApp.body.id],
      [user, byUser.body.id],
    ]);
    expect(await found(`client:${of.client.id}`)).toEqual([]);
    expect(await found(user.slice(0, -1))).toEqual([]);
  });

  test('has idempotency keys of its own', async () => {
    const of = await makeApplication();
    const me = await signIn(of.userId, of.id);
    const key = { 'Idempotency-Key': 'k' };
    const ids = [];
    for (const by of [of.app, me]) {
      const made = await by.post(`${of.base}/users`, newUser(), key);
      expect([made.status, made.headers.get('Idempotency-Replayed')]).toEqual([201, null]);
      ids.push(made.body.id);
    }
    expect(new Set(ids).size).toBe(2);
  });
});

test('users change by routes of their own how they sign in, however recently they have', async () => {
  const person = await makePerson({ role: 'reseller-admin' });
  const me = await person.signIn();
  await giveTotp(person.userId);
  const [{ id }] = await person.sessions();
  const before = await traces(person.userId);
  const { factors, token, sessions, session } = credentialOperations(person, person.userId, id);
  for (const ask of [factors, token, sessions, session]) expect(await ask(me)).toMatchObject(SELF);
  expect(await traces(person.userId)).toEqual(before);
});

describe('what a session was handed ends with it', () => {
  async function handed() {
    const admin = await makePerson({ role: 'reseller-admin' });
    const person = await makePerson({}, admin);
    const me = await admin.signIn();
    const tokenBy = async (by: Caller): Promise<string> =>
      (await by.post(`/v3/users/${person.userId}/reset-password-token`)).body.resetPasswordToken;
    const reset = (token: string) => post(`/v3/users/${person.userId}/reset-password`, { token, newPassword: NEXT });
    return { admin, person, me, tokenBy, reset };
  }

  test('a reset token, when its administrator signs out everywhere, is signed out or runs out', async () => {
    const { admin, me, tokenBy, reset } = await handed();
    const token = await tokenBy(me);
    expect((await me.delete('/v3/me/sessions')).status).toBe(204);
    expect(await reset(token)).toMatchObject(VOID);
    const second = await tokenBy(await admin.signIn());
    expect((await admin.api.delete(`/v3/users/${admin.userId}/sessions`)).status).toBe(204);
    expect(await reset(second)).toMatchObject(VOID);
    const third = await tokenBy(await admin.signIn());
    await rows('update sessions set expires_at = 1 where user_id = ?', admin.userId);
    expect(await reset(third)).toMatchObject(VOID);
    expect((await reset(await tokenBy(await admin.signIn()))).status).toBe(204);
  });

  test('a reset token, when its API client is revoked', async () => {
    const { admin, tokenBy, reset } = await handed();
    const by = await callerFor(admin.id);
    const token = await tokenBy(by);
    expect((await admin.api.delete(`/v1.0/accounts/${admin.id}/clients/${by.client.id}`)).status).toBe(200);
    expect(await reset(token)).toMatchObject(VOID);
  });

  async function madeBy(by: Person, user: Person) {
    const made = await (await by.signIn()).post(`/v3/users/${user.userId}/reset-password-token`);
    expect(made.status).toBe(201);
    const sent = { token: made.body.resetPasswordToken, newPassword: NEXT };
    return () => post(`/v3/users/${user.userId}/reset-password`, sent);
  }

  test('a reset token, when its administrator has fewer rights', async () => {
    const admin = await makePerson({ role: 'reseller-admin' });
    const peer = await makePerson({ role: 'reseller-admin' }, admin);
    const reset = await madeBy(peer, admin);
    expect((await admin.api.patch(`${admin.base}/users/${peer.userId}`, { role: 'user' })).status).toBe(200);
    expect(await reset()).toMatchObject(VOID);
  });

  test.each<[string, object]>([
    ['lead', { role: 'user' }],
    ['lead', { organizationId: null }],
    ['colleague', { organizationId: null }],
  ])('a reset token of who looks after one customer, when %s changes to %j', async (whose, fields) => {
    const home = await makePerson();
    const { body: customer } = await home.api.post(`${home.base}/organizations`, newOrganization());
    const inside = { organizationId: customer.id, role: 'organization-admin' };
    const [lead, colleague] = [await makePerson(inside, home), await makePerson(inside, home)];
    expect((await (await madeBy(lead, colleague))()).status).toBe(204);
    const reset = await madeBy(lead, colleague);
    const { userId } = whose === 'lead' ? lead : colleague;
    expect((await home.api.patch(`${home.base}/users/${userId}`, fields)).status).toBe(200);
    expect(await reset()).toMatchObject(VOID);
  });

  test('a reset token, when the account is disabled', async () => {
    const { admin, me, tokenBy, reset } = await handed();
    const token = await tokenBy(me);
    for (const value of [false, true]) {
      const patch = [{ op: 'replace', path: '/enabled', value }];
      expect((await (await operator()).patch(`/v1.0/accounts/${admin.id}`, patch)).status).toBe(200);
      expect(await reset(token)).toMatchObject(VOID);
    }
  });

  const alive = async ({ app, client, tokens }: Application) => [
    (await app.get('/v3/webhooks')).status,
    (await refresh(client, tokens.refresh_token)).status,
  ];
  const browserOf = async ({ userId }: Application): Promise<string> =>
    (await rows('select id from sessions where user_id = ? and cookie_hash is not null', userId))[0].id;

  test.each(['the user', 'an administrator'])('an application’s session, when %s ends the browser’s', async (who) => {
    const of = await makeApplication();
    const id = await browserOf(of);
    const at = who === 'the user' ? '/v3/me/sessions' : `/v3/users/${of.userId}/sessions`;
    const by = who === 'the user' ? await signIn(of.userId, of.id) : of.api;
    expect((await by.delete(`${at}/${id}`)).status).toBe(204);
    expect(await alive(of)).toEqual([401, 400]);
    const ended = await rows("select 1 from events where subject = ? and type = 'account.session-ended'", of.userId);
    expect(ended).toHaveLength(2);
  });

  test('but not when the user signs out', async () => {
    const of = await makeApplication();
    await of.browser.post('/account/sign-out', {});
    expect(await alive(of)).toEqual([200, 200]);
  });
});

describe('an API client', () => {
  const uris = (uri: string) => [{ op: 'add', path: '/redirectUris/-', value: uri }];
  const EVIL = 'https://evil.example/cb';

  test('with more rights than the caller is not changed or revoked', async () => {
    const of = await makeDelegation();
    const onboarder = await makeStaff(of, { roles: ['account.user', 'onboarding.admin'] });
    const clients = `/v1.0/accounts/${of.id}/clients`;
    for (const reply of [
      await onboarder.patch(`${clients}/${of.client.id}`, uris(EVIL)),
      await onboarder.delete(`${clients}/${of.client.id}`),
    ])
      expect([reply.status, reply.body.message]).toEqual([403, expect.stringContaining('without having it')]);
    const [row] = await rows('select redirect_uris, revoked_at from api_clients where id = ?', of.client.id);
    expect([row.redirect_uris.includes('evil'), row.revoked_at]).toEqual([false, null]);
    const weak = await makeClient(of.id, ['client:read']);
    expect((await onboarder.patch(`${clients}/${weak.id}`, uris(EVIL))).status).toBe(200);
    expect((await onboarder.delete(`${clients}/${weak.id}`)).status).toBe(200);
  });

  test('asks its users anew once its addresses change, and does nothing in between', async () => {
    const of = await makeApplication();
    const client = `/v1.0/accounts/${of.id}/clients/${of.client.id}`;
    expect((await of.api.patch(client, [{ op: 'replace', path: '/name', value: 'Ledger' }])).status).toBe(200);
    expect((await of.app.get('/v3/webhooks')).status).toBe(200);
    const { location } = await of.browser.get(await of.path());
    const code = new URL(location ?? '').searchParams.get('code') ?? '';
    expect((await of.api.patch(client, uris(EVIL))).status).toBe(200);
    expect((await exchange(of, code)).status).toBe(400);
    expect((await of.app.get('/v3/webhooks')).status).toBe(401);
    expect((await refresh(of.client, of.tokens.refresh_token)).status).toBe(400);
    expect((await (await signIn(of.userId, of.id)).get('/v3/me/consents')).body).toEqual([]);
    const silent = await of.browser.get(await of.path({ redirect_uri: EVIL, prompt: 'none' }));
    expect(silent.location).toContain('error=consent_required');
    expect((await of.browser.get(await of.path())).text).toContain('Allow Ledger?');
  });

  test('counts no consent to addresses that changed while the user was asked', async () => {
    const of = await makeDelegation();
    const browser = newBrowser();
    const asked = await signInAt(browser, await browser.get(await of.path()), of.email);
    expect((await of.api.patch(`/v1.0/accounts/${of.id}/clients/${of.client.id}`, uris(EVIL))).status).toBe(200);
    const { location } = await answer(browser, asked, 'allow');
    expect(location).toMatch(/^\/oauth\/authorize\?/);
    const silent = await browser.get(await of.path({ redirect_uri: EVIL, prompt: 'none' }));
    expect(silent.location).toContain('error=consent_required');
    await answer(browser, await browser.get(location ?? ''), 'allow');
    expect((await browser.get(await of.path({ prompt: 'none' }))).location).toContain('code=');
  });
});
