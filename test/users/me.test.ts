import { beforeEach, expect, test, vi } from 'vitest';
import { enroll as join, makeAccount } from '../support/people/accounts.ts';
import { signIn } from '../support/people/signed-in.ts';
import { addPasskey, enroll, makePerson, PASSWORD, post } from '../support/people/signed-up.ts';
import { muteQueues } from '../support/queues.ts';
import { callerFor, makeReseller, newOrganization, rows, unique } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

const NEXT = 'battery staple horse';
const UNKNOWN = { status: 404, body: { code: 'NOT_FOUND' } };

test('whoever is signed in sees itself as its reseller does', async () => {
  const person = await makePerson({ role: 'user', company: 'Example' });
  const me = await person.signIn();
  const seen = await me.get('/v3/me');
  expect(seen).toMatchObject({ status: 200, body: { id: person.userId, email: person.email, company: 'Example' } });
  expect(seen.body).toEqual((await person.api.get(`${person.base}/users/${person.userId}`)).body);
  expect(seen.body.lastLoginAt).toBe(new Date((await person.row()).last_login_at).toISOString());
});

test('somebody from elsewhere is seen without its customer and its role at home', async () => {
  const home = await makeReseller();
  const { body: organization } = await home.api.post(`${home.base}/organizations`, newOrganization());
  const secret = { organizationId: organization.id, role: 'organization-admin', company: 'Secret' };
  const person = await makePerson(secret, home);
  const other = await makeAccount();
  await join(other, person, 'webhooks.admin');
  const me = await signIn(person.userId, other.id);
  const abroad = { organizationId: null, organization: null, role: 'user', company: '' };
  expect((await me.get('/v3/me')).body).toMatchObject({ email: person.email, ...abroad });
  await enroll(me);
  const heard = await rows(
    "select after from events where reseller_id = ? and type = 'reseller.user.updated'",
    other.id,
  );
  expect(JSON.parse(heard.at(-1).after)).toMatchObject({ organization: null, company: '', twoFactorEnabled: true });
  const atHome = (await person.log(0)).filter(({ reseller_id }) => reseller_id === home.id).at(-1);
  expect(JSON.parse(atHome.after)).toMatchObject({ company: 'Secret', twoFactorEnabled: true });
});

test('each tenant sees the last sign-in to itself, and what is said at home about the portal stays there', async () => {
  const person = await makePerson({ allowCustomerPortalAccess: false });
  const other = await makeAccount();
  await join(other, person, 'account.user');
  const atHome = () => person.api.get(`${person.base}/users/${person.userId}`);
  await person.signIn();
  const { lastLoginAt } = (await atHome()).body;
  await rows('update users set last_login_at = last_login_at - 5000 where id = ?', person.userId);
  const before = await atHome();
  const there = await person.signIn({ accountId: other.id });
  expect(await atHome()).toMatchObject({ body: before.body });
  const seen = (await there.get('/v3/me')).body.lastLoginAt;
  expect(Date.parse(seen)).toBeGreaterThanOrEqual(Date.parse(lastLoginAt));
  await person.signIn();
  expect((await there.get('/v3/me')).body.lastLoginAt).toBe(seen);
  const heard = await rows(
    'select before, after from events where reseller_id = ? and subject = ?',
    other.id,
    person.userId,
  );
  const states = heard.flatMap(({ before: old, after }) => [old, after]).filter((state) => state !== null);
  expect(states.join()).not.toContain('"allowCustomerPortalAccess":false');
  const late = new Date(before.body.lastLoginAt).getTime();
  expect(states.join()).not.toContain(String(late));
});

test('the tenant that a user moves to knows the last sign-in there', async () => {
  const person = await makePerson();
  const other = await makeAccount();
  await join(other, person, 'account.user');
  await person.signIn({ accountId: other.id });
  const [{ created_at }] = await person.sessions();
  await person.signIn();
  expect((await person.api.delete(`${person.base}/users/${person.userId}`)).status).toBe(204);
  expect(await person.row()).toMatchObject({ reseller_id: other.id, last_login_at: created_at });
});

test('sessions are listed, the newest first, with what is known of them; those that are over are not', async () => {
  const person = await makePerson();
  const [first, second] = [await person.signIn(), await person.signIn()];
  const clientId = (await callerFor(person.id)).client.id;
  await rows(
    'update sessions set client_id = ? where id = (select min(id) from sessions where user_id = ?)',
    clientId,
    person.userId,
  );
  await person.signIn();
  await rows(
    'update sessions set ended_at = 5 where id = (select max(id) from sessions where user_id = ?)',
    person.userId,
  );
  const { status, body } = await second.get('/v3/me/sessions');
  expect(status).toBe(200);
  expect(body).toEqual([
    {
      id: expect.any(String),
      createdAt: expect.any(String),
      lastUsedAt: expect.any(String),
      expiresAt: expect.any(String),
      application: false,
      clientId: null,
      clientName: null,
      methods: ['pwd'],
      address: expect.any(String),
      userAgent: 'Tests/1',
      current: true,
    },
    expect.objectContaining({ clientId, clientName: 'test', current: false }),
  ]);
  // What a client does for the user is not for the client to look after.
  expect(await first.get('/v3/me/sessions')).toMatchObject({ status: 403, body: { code: 'USER_REQUIRED' } });
});

test('one session ends at once, and no other; that of somebody else, or one that is over, is not there', async () => {
  const [person, stranger] = [await makePerson(), await makePerson()];
  const [me, lost] = [await person.signIn(), await person.signIn()];
  const strange = await stranger.signIn();
  const [, { id }] = await person.sessions();
  expect(await strange.delete(`/v3/me/sessions/${id}`)).toMatchObject(UNKNOWN);
  expect(await me.delete(`/v3/me/sessions/${id}`)).toMatchObject({ status: 204, text: '' });
  expect((await lost.get('/v3/me')).status).toBe(401);
  expect((await me.get('/v3/me')).status).toBe(200);
  const texts = [id, crypto.randomUUID(), (await stranger.sessions())[0].id].map((which) =>
    me.delete(`/v3/me/sessions/${which}`),
  );
  const replies = await Promise.all(texts);
  expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  expect(replies[0]).toMatchObject(UNKNOWN);
  const ended = (await person.log()).filter(({ type }) => type === 'account.session-ended');
  expect(ended).toHaveLength(1);
  expect(JSON.parse(ended[0].after)).toEqual({ sessionId: id, reason: 'ended-by-user' });
});

test('signing out everywhere ends every session, that of the request too', async () => {
  const person = await makePerson();
  const callers = [await person.signIn(), await person.signIn(), await person.signIn()];
  expect((await callers[0]!.delete('/v3/me/sessions')).status).toBe(204);
  for (const caller of callers) expect((await caller.get('/v3/me')).status).toBe(401);
  expect(await person.types()).toEqual(Array(3).fill('account.session-ended'));
});

test('away from home nobody sees or ends the sessions at home, nor in a third reseller', async () => {
  const person = await makePerson();
  const [other, third] = [await makeAccount(), await makeAccount()];
  for (const account of [other, third]) await join(account, person, 'account.user');
  const [atHome, there, elsewhere] = [
    await person.signIn(),
    await signIn(person.userId, other.id),
    await signIn(person.userId, third.id),
  ];
  expect((await there.get('/v3/me/sessions')).body).toHaveLength(1);
  expect((await atHome.get('/v3/me/sessions')).body).toHaveLength(3);
  const [{ id }] = await person.sessions();
  expect(await there.delete(`/v3/me/sessions/${id}`)).toMatchObject(UNKNOWN);
  expect((await there.delete('/v3/me/sessions')).status).toBe(204);
  for (const caller of [atHome, elsewhere]) expect((await caller.get('/v3/me')).status).toBe(200);
  expect((await atHome.delete('/v3/me/sessions')).status).toBe(204);
  expect((await elsewhere.get('/v3/me')).status).toBe(401);
});

test('another password needs the present one, ends every session and is told by mail', async () => {
  const person = await makePerson();
  const [me, other] = [await person.signIn(), await person.signIn()];
  const change = (currentPassword: string, newPassword = NEXT) =>
    me.post('/v3/me/password', { currentPassword, newPassword });
  expect(await change('not this one')).toMatchObject({ status: 400, body: { code: 'AUTHENTICATION_FAILED' } });
  expect(await person.attempts()).toBe(1);
  for (const weak of ['short', 'password', '']) {
    expect(await change(PASSWORD, weak)).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } });
  }
  expect(await change(PASSWORD)).toMatchObject({ status: 204, text: '' });
  expect(await person.attempts()).toBe(1);
  for (const caller of [me, other]) expect((await caller.get('/v3/me')).status).toBe(401);
  expect((await person.enter()).status).toBe(400);
  expect((await person.enter({ password: NEXT })).status).toBe(200);
  expect((await person.types()).sort()).toEqual([
    'account.password-changed',
    'account.session-ended',
    'account.session-ended',
  ]);
  expect((await person.types(0)).slice(1)).toEqual([
    'account.logged-in',
    'account.logged-in',
    'reseller.user.updated',
    'account.logged-in',
  ]);
  const entry = (await person.log()).find(({ type }) => type === 'account.password-changed');
  expect(await person.mails()).toMatchObject([{ template: 'security-notice', event_id: entry.id }]);
});

test('another password makes every link void that could still set one', async () => {
  const person = await makePerson();
  const { resetPasswordToken: token } = (await person.api.post(`/v3/users/${person.userId}/reset-password-token`)).body;
  const me = await person.signIn();
  expect((await me.post('/v3/me/password', { currentPassword: PASSWORD, newPassword: NEXT })).status).toBe(204);
  const body = { token, newPassword: `${NEXT} again` };
  const reply = await post(`/v3/users/${person.userId}/reset-password`, body);
  expect(reply).toMatchObject({ status: 400, body: { code: 'RESET_TOKEN_INVALID' } });
});

test('of two that change the password at once by the same old one, one does', async () => {
  const person = await makePerson();
  const me = await person.signIn();
  const both = await Promise.all(
    [1, 2].map((n) => me.post('/v3/me/password', { currentPassword: PASSWORD, newPassword: `${NEXT} ${n}` })),
  );
  const statuses = both.map(({ status }) => status);
  expect(statuses.filter((status) => status === 204)).toHaveLength(1);
  expect(statuses.some((status) => [400, 401, 409].includes(status))).toBe(true);
});

test('an outside identity is unlinked, once', async () => {
  const person = await makePerson();
  const me = await person.signIn();
  expect(await me.delete('/v3/me/google')).toMatchObject(UNKNOWN);
  await rows(
    "insert into external_identities (issuer, subject, user_id, email, created_at) values ('https://id.example', ?, ?, ?, 1)",
    unique('subject'),
    person.userId,
    person.email,
  );
  await rows('update users set google_sso_enabled = 1 where id = ?', person.userId);
  expect((await me.delete('/v3/me/google')).status).toBe(204);
  expect(await rows('select * from external_identities where user_id = ?', person.userId)).toEqual([]);
  expect((await me.get('/v3/me')).body.googleSsoEnabled).toBe(false);
  expect(await me.delete('/v3/me/google')).toMatchObject(UNKNOWN);
  expect(await person.types()).toEqual(['account.google-unlinked']);
  expect((await person.types(0)).at(-1)).toBe('reseller.user.updated');
  expect(await person.mails()).toMatchObject([{ template: 'security-notice' }]);
});

test('passkeys are listed and taken away; two-factor sign-in goes with the last factor only', async () => {
  const [person, stranger] = [await makePerson(), await makePerson()];
  const me = await person.signIn();
  const [first, second] = [await addPasskey(person.userId), await addPasskey(person.userId, 'Phone')];
  const strange = await addPasskey(stranger.userId);
  const shown = { createdAt: expect.any(String), lastUsedAt: null, backedUp: true };
  expect((await me.get('/v3/me/passkeys')).body).toEqual([
    { id: first, name: 'Laptop', ...shown },
    { id: second, name: 'Phone', ...shown },
  ]);
  for (const id of [strange, 'none']) expect(await me.delete(`/v3/me/passkeys/${id}`)).toMatchObject(UNKNOWN);
  expect((await me.delete('/v3/me/passkeys/%24')).status).toBe(400);
  expect((await me.delete(`/v3/me/passkeys/${first}`)).status).toBe(204);
  expect((await me.get('/v3/me')).body.twoFactorEnabled).toBe(true);
  const before = await person.types(0);
  expect((await me.delete(`/v3/me/passkeys/${second}`)).status).toBe(204);
  expect((await me.get('/v3/me')).body.twoFactorEnabled).toBe(false);
  expect(await person.types(0)).toEqual([...before, 'reseller.user.updated']);
  expect(await person.types()).toEqual(['account.passkey-removed', 'account.passkey-removed']);
  expect(await person.mails()).toHaveLength(2);
  const third = await addPasskey(person.userId);
  await rows('update users set two_factor_enabled = 0 where id = ?', person.userId);
  await enroll(me);
  expect((await me.delete(`/v3/me/passkeys/${third}`)).status).toBe(204);
  expect((await me.get('/v3/me')).body.twoFactorEnabled).toBe(true);
});
