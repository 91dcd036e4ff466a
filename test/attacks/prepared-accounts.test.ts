import { beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '../support/api.ts';
import { invite } from '../support/people/accounts.ts';
import { addPasskey, enroll, makePerson, PASSWORD, type Person, post } from '../support/people/signed-up.ts';
import { muteQueues } from '../support/queues.ts';
import { callerFor, makeReseller, newOrganization, operator, rows, unique } from '../support/world.ts';

beforeAll(muteQueues);

const CLERK = ['reseller:user:create', 'reseller:user:read', 'reseller:user:update', 'reseller:user:delete'] as const;
const NEXT = 'battery staple horse';

/** A person whose password was set by a clerk who may do nothing but administer users. */
async function makePrepared(fields: object = {}) {
  const reseller = await makeReseller();
  const clerk = await callerFor(reseller.id, CLERK);
  const person = await makePerson(fields, { ...reseller, api: clerk });
  return { ...person, admin: reseller.api, clerk };
}
type Prepared = Awaited<ReturnType<typeof makePrepared>>;

const memberOf = ({ id, userId }: Person) => `/v1.0/accounts/${id}/users/${userId}`;
const addRole = (by: Caller, person: Person, role: string) =>
  by.patch(memberOf(person), [{ op: 'add', path: '/roles/-', value: role }]);
const tokenFor = async (by: Caller, { userId }: Person) =>
  (await by.post(`/v3/users/${userId}/reset-password-token`)).body.resetPasswordToken;
const reset = ({ userId }: Person, token: string) =>
  post(`/v3/users/${userId}/reset-password`, { token, newPassword: NEXT });

/** Every change by which a user gains rights that a clerk has not got. */
const GAINS: Readonly<Record<string, (person: Prepared) => Promise<{ status: number }>>> = {
  'an account role': (person) => addRole(person.admin, person, 'branding.admin'),
  "v3's reseller-admin": ({ admin, base, userId }) =>
    admin.patch(`${base}/users/${userId}`, { role: 'reseller-admin' }),
};

describe.each(Object.keys(GAINS))('gaining %s', (name) => {
  const gain = GAINS[name]!;

  test('ends every way to sign in that the clerk may know', async () => {
    const person = await makePrepared();
    const session = await person.signIn();
    await enroll(session);
    await addPasskey(person.userId);
    expect((await gain(person)).status).toBe(200);
    expect((await person.enter()).status).toBe(400);
    expect((await session.get('/v3/me')).status).toBe(401);
    for (const table of ['totp_secrets', 'passkeys', 'recovery_codes', 'external_identities', 'consents'])
      expect(await rows(`select 1 from ${table} where user_id = ?`, person.userId)).toEqual([]);
    expect((await person.mails()).at(-1)).toMatchObject({ template: 'password-reset', recipient: person.email });
    expect(await person.types()).toContain('account.credentials-reset');
    expect(await person.row()).toMatchObject({ two_factor_enabled: 0, password_hash: null, prepared_scopes: null });
  });

  test('voids a reset token that was made before', async () => {
    const person = await makePrepared();
    const token = await tokenFor(person.clerk, person);
    expect((await gain(person)).status).toBe(200);
    expect((await reset(person, token)).status).toBe(400);
    expect((await person.clerk.post(`/v3/users/${person.userId}/reset-password-token`)).status).toBe(403);
  });

  test('ends a password that the clerk has replaced as the user', async () => {
    const person = await makePrepared();
    const session = await person.signIn();
    const change = { currentPassword: PASSWORD, newPassword: NEXT };
    expect((await session.post('/v3/me/password', change)).status).toBe(204);
    expect((await gain(person)).status).toBe(200);
    expect((await person.enter({ password: NEXT })).status).toBe(400);
  });

  test('leaves a user alone whose password came from who had these rights', async () => {
    const person = await makePerson();
    const session = await person.signIn();
    expect((await gain({ ...person, admin: person.api, clerk: person.api })).status).toBe(200);
    expect((await person.enter()).status).toBe(200);
    expect((await session.get('/v3/me')).status).toBe(200);
    expect(await person.mails()).toEqual([]);
  });
});

test('a clerk that makes an administrator of a customer holds what that one may do', async () => {
  const { id, base, api } = await makeReseller();
  const clerk = await callerFor(id, ['reseller:user:create', 'reseller:user:update', 'reseller:user:read']);
  const { body: organization } = await api.post(`${base}/organizations`, newOrganization());
  const user = { ...(await newPerson()), organizationId: organization.id };
  expect((await clerk.post(`${base}/users`, { ...user, role: 'organization-admin' })).status).toBe(403);
  const made = await clerk.post(`${base}/users`, user);
  expect(made.status).toBe(201);
  expect((await clerk.patch(`${base}/users/${made.body.id}`, { role: 'organization-admin' })).status).toBe(403);
  expect((await api.patch(`${base}/users/${made.body.id}`, { role: 'organization-admin' })).status).toBe(200);
});

const newPerson = async () => ({
  firstName: 'Jane',
  email: `${unique('jane')}@example.com`,
  role: 'user',
  allowCustomerPortalAccess: true,
  password: PASSWORD,
});

test('a password by a token that an administrator was given is prepared as well', async () => {
  const person = await makePrepared();
  expect((await reset(person, await tokenFor(person.clerk, person))).status).toBe(204);
  expect((await addRole(person.admin, person, 'branding.admin')).status).toBe(200);
  expect((await person.enter({ password: NEXT })).status).toBe(400);
});

test('another address leaves its reader nothing that was set for the one before', async () => {
  const person = await makePerson();
  const { api, base, userId } = person;
  const token = await tokenFor(api, person);
  const moved = `${unique('moved')}@example.com`;
  for (const email of [moved, person.email]) await api.patch(`${base}/users/${userId}`, { email });
  expect((await reset(person, token)).status).toBe(400);
  expect(await person.row()).toMatchObject({ prepared_scopes: '', email_verified_at: null });
  expect((await addRole(api, person, 'branding.admin')).status).toBe(200);
  expect((await person.enter()).status).toBe(400);
});

describe('a tenant that prepared an account for an address', () => {
  const makeInvited = async () => {
    const [person, other] = [await makePerson(), await makeReseller()];
    await invite({ users: `/v1.0/accounts/${other.id}/users` }, person, 'user.admin', 'onboarding.admin');
    return { person, other };
  };

  test('accepts no invitation in its name', async () => {
    const { person, other } = await makeInvited();
    const session = await person.signIn();
    const reply = await session.post(`/v3/me/memberships/${other.id}/accept`);
    expect([reply.status, reply.body.code]).toEqual([403, 'LINK_REQUIRED']);
    const change = { currentPassword: PASSWORD, newPassword: NEXT };
    expect((await session.post('/v3/me/password', change)).status).toBe(204);
    const again = await person.signIn({ password: NEXT });
    expect((await again.post(`/v3/me/memberships/${other.id}/accept`)).status).toBe(403);
    expect((await person.enter({ accountId: other.id, password: NEXT })).status).toBe(400);
  });

  test.each<[string, (person: Person) => Promise<unknown>]>([
    [
      'another address',
      ({ api, base, userId }) => api.patch(`${base}/users/${userId}`, { email: `${unique('x')}@example.com` }),
    ],
    ['a reset token', async (person) => reset(person, await tokenFor(person.api, person))],
    [
      'the loss of all factors',
      async ({ api, userId }) => {
        await addPasskey(userId);
        await api.delete(`/v3/users/${userId}/2fa`);
      },
    ],
  ])('ends the invitation by %s', async (_, way) => {
    const { person, other } = await makeInvited();
    await way(person);
    expect((await other.api.get(`/v1.0/accounts/${other.id}/users/${person.userId}`)).status).toBe(404);
    const heard = (await other.api.get('/v3/events')).body.map(({ event }: { event: string }) => event);
    expect(heard.slice(-2)).toEqual(['reseller.user.created', 'reseller.user.deleted']);
  });
});

test('an accepted membership voids the tokens from before', async () => {
  const [person, other] = [await makePerson(), await makeReseller()];
  await rows('update users set prepared_scopes = null, prepared_at = null where id = ?', person.userId);
  const token = await tokenFor(person.api, person);
  await invite({ users: `/v1.0/accounts/${other.id}/users` }, person, 'user.admin');
  const session = await person.signIn();
  expect((await session.post(`/v3/me/memberships/${other.id}/accept`)).status).toBe(204);
  expect((await reset(person, token)).status).toBe(400);
  expect((await person.enter({ accountId: other.id })).status).toBe(200);
  expect((await (await operator()).post(`/v3/users/${person.userId}/reset-password-token`)).status).toBe(201);
});

test.each<[string, (session: Caller, userId: string) => Promise<unknown>]>([
  ['an authenticator', (session) => enroll(session)],
  ['a passkey', (_, userId) => addPasskey(userId)],
])('a new factor voids the tokens from before: %s', async (_, add) => {
  const person = await makePerson();
  const token = await tokenFor(person.api, person);
  await add(await person.signIn(), person.userId);
  expect((await reset(person, token)).status).toBe(400);
});
