import { beforeEach, expect, test, vi } from 'vitest';
import { DEVICE_FAILURES_MAX, RECENT_SIGN_IN_MS } from '../../src/model/limits/index.ts';
import { aged } from '../sign-in/aged.ts';
import type { Caller } from '../support/api.ts';
import { countedFailures } from '../support/people/sign-in-failures.ts';
import { addPasskey, codeOf, enroll, makePerson, PASSWORD, type Person } from '../support/people/signed-up.ts';
import { muteQueues } from '../support/queues.ts';
import { newOrganization, newUser, rows, unique } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

const RECENT = { status: 403, body: { code: 'RECENT_SIGN_IN_REQUIRED' } };
const WRONG = { status: 400, body: { code: 'AUTHENTICATION_FAILED' } };

/** What only the user may do, as a method and a path. */
async function ownOperations(person: Person) {
  const session = (await person.sessions()).at(-1);
  const passkey = await addPasskey(person.userId);
  return [
    ['POST', '/v3/me/2fa-secret'],
    ['POST', '/v3/me/2fa/enable', { twoFactorCode: '000000' }],
    ['DELETE', '/v3/me/google'],
    ['DELETE', `/v3/me/passkeys/${passkey}`],
    ['DELETE', `/v3/me/sessions/${session.id}`],
    ['DELETE', '/v3/me/sessions'],
  ] as const;
}

test('a token whose sign-in is long ago does nothing that only the user may do, however it was refreshed', async () => {
  const person = await makePerson({ role: 'reseller-admin' });
  await person.signIn();
  const me = await aged(person, RECENT_SIGN_IN_MS + 1000);
  const operations = await ownOperations(person);
  const before = await rows('select * from users where id = ?', person.userId);
  for (const [method, path, body] of operations)
    expect([path, await me.send(method, path, body)]).toMatchObject([path, RECENT]);
  expect(await rows('select * from users where id = ?', person.userId)).toEqual(before);
  expect(await person.types()).toEqual([]);
  expect(await person.attempts()).toBe(0);
});

test('one of a moment ago does', async () => {
  const person = await makePerson();
  const me = await aged(person, RECENT_SIGN_IN_MS - 60_000);
  expect((await me.post('/v3/me/2fa-secret')).status).toBe(201);
  expect((await me.delete('/v3/me/sessions')).status).toBe(204);
});

test('the password stands in for it, and a wrong one is a failed attempt to sign in', async () => {
  const person = await makePerson();
  const me = await aged(person, RECENT_SIGN_IN_MS + 1000);
  const ask = (password: string) => me.post('/v3/me/2fa-secret', { password });
  expect(await ask('not this one')).toMatchObject(WRONG);
  expect(await countedFailures(person)).toMatchObject([{ reason: 'wrong-password', count: 1 }]);
  expect(await person.attempts()).toBe(1);
  const made = await ask(PASSWORD);
  expect(made.status).toBe(201);
  expect(await person.attempts()).toBe(1);
  const twoFactorCode = codeOf(made.body.secret);
  expect(await me.post('/v3/me/2fa/enable', { twoFactorCode })).toMatchObject(RECENT);
  expect((await me.post('/v3/me/2fa/enable', { twoFactorCode, password: PASSWORD })).status).toBe(201);
});

test('whoever takes a token cannot give its user another address by the routes of administrators', async () => {
  const person = await makePerson({ role: 'reseller-admin' });
  const email = `${unique('moved')}@example.com`;
  const change = (caller: Caller) => [
    () => caller.patch(`${person.base}/users/${person.userId}`, { email }),
    () =>
      caller.patch(`/v1.0/accounts/${person.id}/users/${person.userId}`, [
        { op: 'replace', path: '/email', value: email },
      ]),
  ];
  const old = await aged(person, RECENT_SIGN_IN_MS + 1000);
  for (const ask of change(old)) expect((await ask()).status).toBe(403);
  expect(
    (await old.patch(`${person.base}/users/${person.userId}`, { email: person.email, jobTitle: 'x' })).status,
  ).toBe(200);
  for (const ask of change(await person.signIn()).slice(0, 1)) expect((await ask()).status).toBe(200);
});

test('nobody guesses the password there', async () => {
  const person = await makePerson();
  const me = await aged(person, RECENT_SIGN_IN_MS + 1000);
  const ask = (password: string) => me.send('DELETE', '/v3/me/sessions', { password });
  const replies = await Promise.all(Array.from({ length: DEVICE_FAILURES_MAX + 10 }, () => ask('not this one')));
  expect(replies.filter(({ status }) => status === 400)).toHaveLength(DEVICE_FAILURES_MAX);
  expect(await ask(PASSWORD)).toMatchObject({ status: 429 });
  expect((await person.sessions()).filter(({ ended_at }) => ended_at !== null)).toEqual([]);
});

test('a code stands in for it, once', async () => {
  const person = await makePerson();
  const secret = await enroll(await person.signIn());
  const me = await aged(person, RECENT_SIGN_IN_MS + 1000, { twoFactorCode: codeOf(secret) });
  const ask = (twoFactorCode: string) => me.send('DELETE', '/v3/me/sessions', { twoFactorCode });
  expect(await ask(codeOf(secret))).toMatchObject(WRONG);
  expect((await ask(codeOf(secret, 1))).status).toBe(204);
});

test('a code of a secret that nobody has enabled is none', async () => {
  const person = await makePerson();
  const { body } = await (await person.signIn()).post('/v3/me/2fa-secret');
  const me = await aged(person, RECENT_SIGN_IN_MS + 1000);
  const twoFactorCode = codeOf(body.secret);
  expect(await me.send('DELETE', '/v3/me/sessions', { twoFactorCode })).toMatchObject(WRONG);
});

test('the password alone takes no second factor away', async () => {
  const [person, other] = [await makePerson(), await makePerson()];
  const secret = await enroll(await person.signIn());
  const me = await aged(person, RECENT_SIGN_IN_MS + 1000, { twoFactorCode: codeOf(secret) });
  const them = await aged(other, RECENT_SIGN_IN_MS + 1000);
  const [spare, last] = [await addPasskey(person.userId), await addPasskey(other.userId)];
  const remove = (body: object) => me.send('DELETE', `/v3/me/passkeys/${spare}`, body);
  const required = { status: 400, body: { code: 'TWO_FACTOR_CODE_REQUIRED' } };
  expect(await remove({ password: PASSWORD })).toMatchObject(required);
  expect((await remove({ twoFactorCode: codeOf(secret, 1) })).status).toBe(204);
  expect(await them.send('DELETE', `/v3/me/passkeys/${last}`, { password: PASSWORD })).toMatchObject(RECENT);
  expect((await other.row()).two_factor_enabled).toBe(1);
});

test('ending the session of the request never needs one', async () => {
  const person = await makePerson();
  const me = await aged(person, RECENT_SIGN_IN_MS + 1000);
  const [{ id }] = await person.sessions();
  expect((await me.delete(`/v3/me/sessions/${id}`)).status).toBe(204);
});

test('an administrator whose sign-in is long ago makes no credential, and does all else', async () => {
  const person = await makePerson({ role: 'reseller-admin' });
  const { body: customer } = await person.api.post(`${person.base}/organizations`, newOrganization());
  const [other, admin] = [await makePerson({}, person), await makePerson({ role: 'reseller-admin' }, person)];
  const colleague = await makePerson({}, person);
  await rows('update users set organization_id = ? where id = ?', customer.id, other.userId);
  const [at, accounts] = [`${person.base}/users`, `/v1.0/accounts/${person.id}`];
  const { body: made } = await person.api.post(`${accounts}/clients`, { name: 'Mine', scopes: ['webhook:read'] });
  const patch = (path: string, value: unknown) => [{ op: 'replace', path, value }];
  const email = () => `${unique('moved')}@example.com`;
  const armed = (caller: Caller) => [
    () => caller.post(`${accounts}/clients`, { name: 'Other', scopes: ['reseller:user:update'] }),
    () => caller.patch(`${accounts}/clients/${made.data.id}`, patch('/redirectUris', ['https://evil.example/'])),
    () => caller.post(`/v3/users/${other.userId}/reset-password-token`),
    () => caller.post(at, { ...newUser(), role: 'reseller-admin' }),
    () => caller.post(at, { ...newUser(), role: 'organization-admin', organizationId: customer.id }),
    () => caller.post(`${accounts}/users`, { email: email(), displayName: 'Jane', roles: ['user.admin'] }),
    () => caller.post(`/reseller/customers/${customer.id}/users`, { username: email(), role: 'manager' }),
    () => caller.patch(`${at}/${other.userId}`, { role: 'organization-admin' }),
    () => caller.patch(`${accounts}/users/${other.userId}`, patch('/roles', ['account.user', 'onboarding.admin'])),
    () => caller.patch(`${at}/${admin.userId}`, { email: email() }),
  ];
  const plain = (caller: Caller) => [
    () => caller.post(at, newUser()),
    () => caller.patch(`${at}/${colleague.userId}`, { email: email(), company: 'Other' }),
    () => caller.patch(`${at}/${admin.userId}`, { company: 'Other' }),
    () => caller.patch(`${accounts}/users/${colleague.userId}`, patch('/roles', ['account.user', 'branding.admin'])),
    () => caller.patch(`${person.base}/organizations/${customer.id}`, { description: 'Other' }),
    () => caller.delete(`${accounts}/clients/${made.data.id}`),
  ];
  const old = await aged(person, RECENT_SIGN_IN_MS + 1000);
  for (const [nth, ask] of armed(old).entries()) expect([nth, (await ask()).status]).toEqual([nth, 403]);
  for (const [nth, ask] of armed(await person.signIn()).entries())
    expect([nth, (await ask()).status < 300]).toEqual([nth, true]);
  for (const [nth, ask] of plain(old).entries()) expect([nth, (await ask()).status < 300]).toEqual([nth, true]);
});
