import { beforeEach, expect, test, vi } from 'vitest';
import { LINK_REQUESTS_MAX, RESET_TOKEN_LIFE_MS } from '../../src/model/limits/index.ts';
import { enroll as join, makeAccount } from '../support/people/accounts.ts';
import { addPasskey, enroll, makePerson, PASSWORD, type Person, post } from '../support/people/signed-up.ts';
import { makeStaff } from '../support/people/staff.ts';
import { muteQueues } from '../support/queues.ts';
import { callerFor, makeReseller, newOrganization, operator, rows, unique } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

const NEXT = 'battery staple horse';
const INVALID = { status: 400, body: { code: 'RESET_TOKEN_INVALID' } };
const reset = (userId: string, token: string, newPassword = NEXT, address?: string) =>
  post(`/v3/users/${userId}/reset-password`, { token, newPassword }, address);
const tokenFor = async ({ api, userId }: Person): Promise<string> => {
  const { status, body } = await api.post(`/v3/users/${userId}/reset-password-token`);
  expect([status, Object.keys(body)]).toEqual([201, ['resetPasswordToken']]);
  return body.resetPasswordToken;
};

test('an administrator sees and ends the sessions of a user', async () => {
  const person = await makePerson();
  const [one, two] = [await person.signIn(), await person.signIn()];
  const at = `/v3/users/${person.userId}/sessions`;
  const { body } = await person.api.get(at);
  expect(body).toMatchObject([{ current: false }, { current: false }]);
  expect((await person.api.delete(`${at}/${body[1].id}`)).status).toBe(204);
  expect((await one.get('/v3/me')).status).toBe(401);
  expect((await two.get('/v3/me')).status).toBe(200);
  expect((await person.api.delete(`${at}/${body[1].id}`)).status).toBe(404);
  expect((await person.api.delete(at)).status).toBe(204);
  expect((await two.get('/v3/me')).status).toBe(401);
  expect((await person.api.delete(at)).status).toBe(204);
  const ended = await person.log();
  expect(ended.map(({ after }) => JSON.parse(after).reason)).toEqual(Array(2).fill('ended-by-administrator'));
  expect(ended[0].actor).toBe(`client:${person.api.client.id}`);
});

test('a session that has run out is not there to be ended, by whomever', async () => {
  const person = await makePerson();
  const me = await person.signIn();
  await person.signIn();
  const [, { id }] = await person.sessions();
  await rows('update sessions set expires_at = ? where id = ?', Date.now(), id);
  for (const [caller, at] of [
    [me, '/v3/me'],
    [person.api, `/v3/users/${person.userId}`],
  ] as const)
    expect((await caller.delete(`${at}/sessions/${id}`)).status).toBe(404);
  expect(await person.log()).toEqual([]);
});

test('an administrator takes every second factor away, which the user is told', async () => {
  const person = await makePerson();
  const me = await person.signIn();
  await enroll(me);
  await addPasskey(person.userId);
  const at = `/v3/users/${person.userId}/2fa`;
  expect((await person.api.delete(at)).status).toBe(204);
  for (const table of ['totp_secrets', 'passkeys', 'recovery_codes'])
    expect(await rows(`select 1 from ${table} where user_id = ?`, person.userId)).toEqual([]);
  expect((await person.enter()).status).toBe(200);
  expect((await person.types()).at(-1)).toBe('account.two-factor-disabled');
  expect((await person.log(0)).filter(({ type }) => type === 'reseller.user.updated')).toHaveLength(2);
  expect(await person.mails()).toHaveLength(2);
  expect(await person.api.delete(at)).toMatchObject({
    status: 409,
    body: { code: 'TWO_FACTOR_NOT_ENABLED', message: 'This user has no second factor.' },
  });
});

test('a token that is handed on sets a password once and ends every session', async () => {
  const person = await makePerson();
  const me = await person.signIn();
  const older = await tokenFor(person);
  const token = await tokenFor(person);
  expect(await reset(person.userId, older)).toMatchObject(INVALID);
  expect(await reset(person.userId, token, 'short')).toMatchObject({
    status: 400,
    body: { code: 'VALIDATION_FAILED' },
  });
  const stranger = await makePerson();
  expect(await reset(stranger.userId, token)).toMatchObject(INVALID);
  expect(await reset(crypto.randomUUID(), token)).toMatchObject(INVALID);
  expect(await reset(person.userId, token)).toMatchObject({ status: 204, text: '' });
  expect(await reset(person.userId, token)).toMatchObject(INVALID);
  expect((await me.get('/v3/me')).status).toBe(401);
  expect((await person.enter()).status).toBe(400);
  expect((await person.enter({ password: NEXT })).status).toBe(200);
  expect((await stranger.enter({ password: PASSWORD })).status).toBe(200);
  const types = await person.types();
  expect(types.slice(0, 3)).toEqual([...Array(2).fill('account.reset-token-created'), 'account.password-changed']);
  expect(await person.mails()).toMatchObject([{ template: 'security-notice' }]);
  expect(JSON.stringify(await person.log())).not.toContain(token);
});

test('a token that was handed on works for a day', async () => {
  const person = await makePerson();
  const token = await tokenFor(person);
  const [{ created_at, expires_at }] = await rows('select * from activations where user_id = ?', person.userId);
  expect(expires_at - created_at).toBe(RESET_TOKEN_LIFE_MS);
  await rows('update activations set expires_at = ? where user_id = ?', Date.now(), person.userId);
  expect(await reset(person.userId, token)).toMatchObject(INVALID);
});

test('it shows nothing of an address: whoever is invited still is', async () => {
  const person = await makePerson();
  await rows('update users set verified_at = null, password_hash = null where id = ?', person.userId);
  expect((await reset(person.userId, await tokenFor(person))).status).toBe(204);
  expect(await person.row()).toMatchObject({ verified_at: null, password_hash: expect.any(String) });
  expect((await person.types(0)).at(-1)).toBe('reseller.user.updated');
  expect(await person.mails()).toEqual([]);
});

test.each(['2fa', 'reset-password-token'])(
  '%s asks for every right behind the user, wherever that is',
  async (what) => {
    const person = await makePerson();
    await addPasskey(person.userId);
    const weak = await callerFor(person.id, ['reseller:user:update', 'reseller:user:read']);
    const ask = () => weak.send(what === '2fa' ? 'DELETE' : 'POST', `/v3/users/${person.userId}/${what}`);
    const patch = (value: string[]) =>
      person.api.patch(`/v1.0/accounts/${person.id}/users/${person.userId}`, [{ op: 'add', path: '/roles', value }]);
    await patch(['account.user', 'webhooks.admin']);
    expect(await ask()).toMatchObject({ status: 403, body: { code: 'GRANT_REFUSED' } });
    await patch(['account.user']);
    const other = await makeAccount();
    await join(other, person, 'branding.admin');
    const refused = await ask();
    expect(refused).toMatchObject({ status: 403, body: { code: 'GRANT_REFUSED' } });
    expect(refused.text).not.toContain('branding');
    expect(await rows('select 1 from activations where user_id = ?', person.userId)).toEqual([]);
    await (await operator()).delete(other.base);
    expect((await ask()).status).toBe(what === '2fa' ? 204 : 201);
  },
);

test("an organization-admin's rights over its customer count too, but not against who shares them", async () => {
  const home = await makeReseller();
  const { body: organization } = await home.api.post(`${home.base}/organizations`, newOrganization());
  const manager = { role: 'organization-admin', organizationId: organization.id };
  const person = await makePerson(manager, home);
  const at = `/v3/users/${person.userId}/reset-password-token`;
  const weak = await callerFor(home.id, ['reseller:user:update', 'reseller:user:read']);
  expect(await weak.post(at)).toMatchObject({ status: 403, body: { code: 'GRANT_REFUSED' } });
  const moved = { email: `${unique('mine')}@example.com` };
  expect((await weak.patch(`${home.base}/users/${person.userId}`, moved)).status).toBe(403);
  const colleague = await makeStaff(home, { word: 'organization-admin', organizationId: organization.id });
  expect((await colleague.post(at)).status).toBe(201);
  await home.api.patch(`/v1.0/accounts/${home.id}/users/${person.userId}`, [
    { op: 'add', path: '/roles', value: ['user.admin'] },
  ]);
  expect((await colleague.post(at)).status).toBe(403);
  expect((await home.api.post(at)).status).toBe(201);
});

test('whoever looks after one customer reaches its people only, and nobody reaches those of another reseller', async () => {
  const home = await makeReseller();
  const [{ body: mine }, { body: theirs }] = [
    await home.api.post(`${home.base}/organizations`, newOrganization()),
    await home.api.post(`${home.base}/organizations`, newOrganization()),
  ];
  const admin = await makeStaff(home, { word: 'organization-admin', organizationId: mine.id });
  const [inside, outside, away] = [
    await makePerson({ organizationId: mine.id }, home),
    await makePerson({ organizationId: theirs.id }, home),
    await makePerson(),
  ];
  for (const { userId } of [inside, outside, away]) await addPasskey(userId);
  const asked = (userId: string) =>
    [
      ['GET', 'sessions'],
      ['DELETE', 'sessions'],
      ['POST', 'reset-password-token'],
      ['DELETE', '2fa'],
    ].map(([method, what]) => admin.send(method!, `/v3/users/${userId}/${what}`));
  for (const { userId } of [outside, away, { userId: crypto.randomUUID() }]) {
    for (const reply of await Promise.all(asked(userId)))
      expect(reply).toMatchObject({ status: 404, body: { code: 'USER_NOT_FOUND' } });
  }
  expect((await Promise.all(asked(inside.userId))).map(({ status }) => status)).toEqual([200, 204, 201, 204]);
  const member = await makeAccount();
  await join(member, inside, 'account.user');
  expect((await member.api.post(`/v3/users/${inside.userId}/reset-password-token`)).status).toBe(403);
  expect((await (await operator()).get(`/v3/users/${away.userId}/sessions`)).status).toBe(200);
});

test.each(['customer', 'reseller'])('nobody is there any more with a deleted %s', async (what) => {
  const home = await makeReseller();
  const { body: organization } = await home.api.post(`${home.base}/organizations`, newOrganization());
  const { userId } = await makePerson({ organizationId: organization.id }, home);
  await addPasskey(userId);
  const platform = await operator();
  await platform.delete(what === 'customer' ? `${home.base}/organizations/${organization.id}` : home.base);
  for (const [method, at] of [
    ['GET', 'sessions'],
    ['DELETE', 'sessions'],
    ['POST', 'reset-password-token'],
    ['DELETE', '2fa'],
  ] as const)
    expect(await platform.send(method, `/v3/users/${userId}/${at}`)).toMatchObject({
      status: 404,
      body: { code: 'USER_NOT_FOUND' },
    });
});

test('whoever asks for a link gets the same answer, and the known one a mail', async () => {
  const person = await makePerson();
  const ask = (email: string, address?: string) => post('/v3/accounts/reset-password-request', { email }, address);
  const replies = [await ask(person.email.toUpperCase()), await ask(`${unique('nobody')}@example.com`)];
  for (const { status, text, headers } of replies) {
    expect([status, text]).toEqual([204, '']);
    expect(headers.has('X-D1-Bookmark')).toBe(false);
  }
  expect(replies.map(({ headers }) => [...headers.keys()])).toEqual([0, 1].map(() => [...replies[0]!.headers.keys()]));
  await vi.waitFor(async () => expect(await person.mails()).toMatchObject([{ template: 'password-reset' }]));
  expect(await ask('no address')).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } });
  const address = unique('address');
  const many = await Promise.all(Array.from({ length: LINK_REQUESTS_MAX + 1 }, () => ask('a@example.com', address)));
  const last = many.filter(({ status }) => status === 429);
  expect(last).toHaveLength(1);
  expect(last[0]!.headers.get('Retry-After')).toMatch(/^\d+$/);
  expect((await reset(person.userId, 'x', NEXT, address)).status).toBe(429);
});

test('links for one user are as many an hour however they are asked for', async () => {
  const person = await makePerson();
  for (let asked = 0; asked < 5; asked++) await post('/v3/accounts/reset-password-request', { email: person.email });
  const later = await makePerson();
  await post('/v3/accounts/reset-password-request', { email: later.email });
  // Asked for after them: once this one is there, they are done.
  await vi.waitFor(async () => expect(await later.mails()).toHaveLength(1));
  expect(await person.mails()).toHaveLength(3);
});
