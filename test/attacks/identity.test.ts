import { beforeAll, describe, expect, test } from 'vitest';
import { type Caller, send } from '../support/api.ts';
import { acceptAll, invite } from '../support/people/accounts.ts';
import { makeStaff } from '../support/people/staff.ts';
import { muteQueues } from '../support/queues.ts';
import { makeReseller, newUser, operator, rows, unique } from '../support/world.ts';

beforeAll(muteQueues);

const PASSWORD = 'Chosen-by-the-0wner';
const usersOf = (id: string) => ({ users: `/v1.0/accounts/${id}/users` });
const replace = (path: string, value: unknown) => [{ op: 'replace', path, value }];

/** A user at home in one tenant who administers another, and its rows that nobody else may change. */
async function makeShared() {
  const [home, other] = [await makeReseller(), await makeReseller()];
  const user = (await home.api.post(`${home.base}/users`, { ...newUser(), password: PASSWORD })).body;
  await invite(usersOf(other.id), user, 'user.admin', 'onboarding.admin');
  await acceptAll(user.id);
  await rows(
    "insert into totp_secrets (user_id, sealed_secret, confirmed_at, created_at) values (?, 's', 1, 1)",
    user.id,
  );
  const identity = async () => [
    await rows('select email, password_hash, two_factor_enabled from users where id = ?', user.id),
    await rows('select * from totp_secrets where user_id = ?', user.id),
    await rows('select * from activations where user_id = ?', user.id),
    await rows("select * from emails where user_id = ? and template <> 'membership-invitation'", user.id),
  ];
  return { home, other, user, identity };
}
type Shared = Awaited<ReturnType<typeof makeShared>>;

/** The strongest callers that a tenant can give. */
const CALLERS: Readonly<Record<string, (shared: Shared) => Promise<Caller>>> = {
  'a client of the home tenant': async ({ home }) => home.api,
  'a reseller-admin of the home tenant': ({ home }) => makeStaff(home, { word: 'reseller-admin' }),
  'a client of the other tenant': async ({ other }) => other.api,
  'a reseller-admin of the other tenant': ({ other }) => makeStaff(other, { word: 'reseller-admin' }),
};

describe.each(Object.keys(CALLERS))('%s', (name) => {
  test('takes over no user with rights in another tenant', async () => {
    const shared = await makeShared();
    const { home, other, user, identity } = shared;
    const caller = await CALLERS[name]!(shared);
    const before = await identity();
    const email = `${unique('mine')}@example.com`;
    const replies = [
      await caller.post(`/v3/users/${user.id}/reset-password-token`),
      await caller.delete(`/v3/users/${user.id}/2fa`),
      await caller.patch(`/v3/resellers/${home.id}/users/${user.id}`, { email }),
      await caller.patch(`/v3/resellers/${other.id}/users/${user.id}`, { email }),
      await caller.patch(`${usersOf(home.id).users}/${user.id}`, replace('/email', email)),
      await caller.patch(`${usersOf(other.id).users}/${user.id}`, replace('/email', email)),
      await caller.post(`${usersOf(home.id).users}/${user.id}/sendActivationEmail`),
      await caller.post(`${usersOf(other.id).users}/${user.id}/sendActivationEmail`),
    ];
    const atHome = name.includes('home tenant');
    const statuses = atHome ? [403, 403, 403, 404, 403, 404, 403, 404] : [403, 403, 404, 404, 404, 400, 404, 400];
    expect(replies.map(({ status }) => status)).toEqual(statuses);
    expect(await identity()).toEqual(before);
  });
});

test('a caller of all tenants of a user may still look after its sign-in', async () => {
  const { home, user } = await makeShared();
  const platform = await operator();
  expect((await platform.post(`/v3/users/${user.id}/reset-password-token`)).status).toBe(201);
  expect((await platform.delete(`/v3/users/${user.id}/2fa`)).status).toBe(204);
  const email = `${unique('moved')}@example.com`;
  expect((await platform.patch(`${home.base}/users/${user.id}`, { email })).status).toBe(200);
});

test('an invitation gives its tenant nothing, and takes nothing from the home tenant', async () => {
  const [home, other] = [await makeReseller(), await makeReseller()];
  const user = (await home.api.post(`${home.base}/users`, { ...newUser(), password: PASSWORD })).body;
  await invite(usersOf(other.id), user, 'user.admin');
  const login = (accountId: string) =>
    send('POST', '/v3/accounts/login', {
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ accountId, email: user.email, password: PASSWORD }),
    });
  expect([(await login(home.id)).status, (await login(other.id)).status]).toEqual([200, 400]);
  expect((await other.api.post(`/v3/users/${user.id}/reset-password-token`)).status).toBe(404);
  expect((await home.api.post(`/v3/users/${user.id}/reset-password-token`)).status).toBe(201);
});
