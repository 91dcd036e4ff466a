import { beforeAll, describe, expect, test } from 'vitest';
import { SCOPES } from '../../../src/model/clients/scope.ts';
import type { Caller } from '../../support/api.ts';
import { enroll, makeAccount } from '../../support/people/accounts.ts';
import { makeStaff, setRoles, signIn } from '../../support/people/staff.ts';
import { muteQueues } from '../../support/queues.ts';
import { operator, rows } from '../../support/world.ts';

beforeAll(muteQueues);

/** A `user.admin` who has signed in, and what it gets for its right. */
async function makeAdmin() {
  const account = await makeAccount();
  await account.makeUser('user.admin');
  const staff = await makeStaff(account, { roles: ['user.admin'] });
  const status = async (caller: Caller = staff) => (await caller.get(account.users)).status;
  expect(await status()).toBe(200);
  return { ...account, staff, status };
}

test('a role that is taken away is gone with the next request, and back with the next that has it again', async () => {
  const { id, api, users, staff, status } = await makeAdmin();
  await setRoles(api, id, staff.user.id, ['account.user', 'branding.admin']);
  const refused = await staff.get(users);
  expect([refused.status, refused.body.message]).toEqual([403, 'This needs the scope reseller:user:read.']);
  await setRoles(api, id, staff.user.id, ['account.user', 'user.admin']);
  expect(await status()).toBe(200);
});

test('a word that is taken away is gone with the next request', async () => {
  const account = await makeAccount();
  const { base, api } = account;
  const staff = await makeStaff(account, { word: 'reseller-admin' });
  expect((await staff.get(`${base}/organizations`)).status).toBe(200);
  await api.patch(`${base}/users/${staff.user.id}`, { role: 'reseller-admin ' });
  expect((await staff.get(`${base}/organizations`)).status).toBe(403);
});

describe('a token is dead with the next request after', () => {
  test.each<[string, (of: Awaited<ReturnType<typeof makeAdmin>>) => Promise<unknown>]>([
    ['its session was ended', ({ staff }) => rows('update sessions set ended_at = 1 where id = ?', staff.session)],
    ['its session ran out', ({ staff }) => rows('update sessions set expires_at = 1 where id = ?', staff.session)],
    ['its session was purged', ({ staff }) => rows('delete from sessions where id = ?', staff.session)],
    ['its user was deleted', ({ api, users, staff }) => api.delete(`${users}/${staff.user.id}`)],
    ['its account was disabled', ({ id }) => rows('update resellers set enabled = 0 where id = ?', id)],
    ['its account was deleted', async ({ base }) => (await operator()).delete(base)],
    [
      "its user's customer was deleted",
      async ({ base, api, staff }) => {
        const { customer_id } = (await api.post('/reseller/customers', { name: 'Customer' })).body;
        await api.patch(`${base}/users/${staff.user.id}`, { organizationId: customer_id });
        expect((await api.delete(`/reseller/customers/${customer_id}`)).status).toBe(204);
      },
    ],
    [
      "its user's customer was deleted, though its own row is still to be removed",
      async ({ base, api, staff }) => {
        const { customer_id } = (await api.post('/reseller/customers', { name: 'Customer' })).body;
        await api.patch(`${base}/users/${staff.user.id}`, { organizationId: customer_id });
        await rows('update organizations set deleted_at = 1 where id = ?', customer_id);
      },
    ],
  ])('%s', async (_, end) => {
    const made = await makeAdmin();
    await end(made);
    const { body } = await made.staff.get(made.users);
    expect(body).toMatchObject({ error: 401, message: 'The access token is not valid, has run out or was revoked.' });
    expect(await made.status(await made.staff.claiming(SCOPES))).toBe(401);
  });
});

test('an account that is enabled again has its users back', async () => {
  const { id, status } = await makeAdmin();
  await rows('update resellers set enabled = 0 where id = ?', id);
  expect(await status()).toBe(401);
  await rows('update resellers set enabled = 1 where id = ?', id);
  expect(await status()).toBe(200);
});

test("a session is its user's only, and only where that one is a member", async () => {
  const [one, other] = [await makeAdmin(), await makeAdmin()];
  const stranger = await makeStaff(one);
  const borrowed = await signIn(stranger.user, one.id, SCOPES);
  await rows('update sessions set user_id = ? where id = ?', one.staff.user.id, borrowed.session);
  expect(await one.status(borrowed)).toBe(401);
  expect(await other.status(await signIn(one.staff.user, other.id, SCOPES))).toBe(401);
  expect(await other.status(one.staff)).toBe(404);
});

test('a token that claims less than its roles give opens no more than it claims', async () => {
  const { staff, users, status } = await makeAdmin();
  const reader = await staff.claiming(['reseller:user:read']);
  expect(await status(reader)).toBe(200);
  expect((await reader.delete(`${users}/${staff.user.id}`)).status).toBe(403);
});

test("v3's word opens something at home only", async () => {
  const [home, other] = [await makeAccount(), await makeAccount()];
  const { user } = await makeStaff(home, { word: 'reseller-admin' });
  await enroll(other, user);
  const away = await signIn(user, other.id, SCOPES);
  for (const path of [other.users, '/reseller/customers', '/v3/webhooks', `/v1.0/accounts/${other.id}/clients`])
    expect([path, (await away.get(path)).status]).toEqual([path, 403]);
});

test("an account's members are shut out while it is disabled, and not while their own is", async () => {
  const [home, other] = [await makeAccount(), await makeAccount()];
  const user = await home.makeUser();
  await enroll(other, user, 'user.admin');
  const away = await signIn(user, other.id, ['reseller:user:read']);
  const status = async () => (await away.get(other.users)).status;
  await rows('update resellers set enabled = 0 where id = ?', home.id);
  expect(await status()).toBe(200);
  await rows('update resellers set enabled = 0 where id = ?', other.id);
  expect(await status()).toBe(401);
});

test('a disabled account keeps its back office', async () => {
  const { id, api, users } = await makeAccount();
  await rows('update resellers set enabled = 0 where id = ?', id);
  expect((await api.get(users)).status).toBe(200);
});
