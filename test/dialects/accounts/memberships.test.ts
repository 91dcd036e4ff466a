import { beforeAll, expect, test } from 'vitest';
import { acceptAll, done, enroll, failed, invite, makeAccount, newUser } from '../../support/people/accounts.ts';
import { setRoles, signIn } from '../../support/people/staff.ts';
import { muteQueues } from '../../support/queues.ts';
import { operator, rows } from '../../support/world.ts';

beforeAll(muteQueues);

const replace = (path: string, value: unknown) => ({ op: 'replace', path, value });
const notPrimary = failed(400, 'This is not the primary tenant for this User.', { errorCode: 'TenantNotPrimary' });

/** A user of one account who is a member of another as well. */
async function makeShared() {
  const [home, other] = [await makeAccount(), await makeAccount()];
  const user = await home.makeUser('customer.admin');
  const there = await enroll(other, user, 'branding.admin');
  return { home, other, user, there };
}

test('a caller that reaches both accounts invites a user of one to the other', async () => {
  const [home, other] = [await makeAccount(), await makeAccount()];
  const user = await home.makeUser('customer.admin');
  const sent = { email: user.email.toUpperCase(), displayName: 'Another Name', roles: ['branding.admin'] };
  const reply = await (await operator()).post(other.users, sent);
  const { path: _, ...whole } = user;
  const member = { ...whole, roles: ['account.user', 'branding.admin'], membership: 'pending' };
  expect([reply.status, reply.body]).toEqual([201, { data: member, ...done }]);
  expect(reply.headers.get('Location')).toBe(`https://edge.localhost${other.users}/${user.id}`);
  expect(await other.shown(user.id)).toEqual(member);
  expect(await home.shown(user.id)).toEqual(whole);
  expect((await other.api.get(other.users)).body.data).toEqual([member]);
  expect([await other.heard(user.id), await home.heard(user.id)]).toEqual([['created'], ['created']]);
  await acceptAll(user.id);
  expect(await other.shown(user.id)).toEqual({ ...whole, roles: ['account.user', 'branding.admin'] });
});

test('nobody is a member twice', async () => {
  const { home, other, user } = await makeShared();
  const platform = await operator();
  for (const { users } of [home, other]) {
    const reply = await platform.post(users, newUser({ email: user.email }));
    expect([reply.status, reply.body]).toEqual([409, failed(409, 'This e-mail address cannot be used.')]);
  }
  expect(await rows('select 1 from memberships where user_id = ?', user.id)).toHaveLength(2);
});

test('whoever sees one account only hears of an address elsewhere that it is taken, member or not', async () => {
  const { other, user } = await makeShared();
  const third = await makeAccount();
  for (const { users, api } of [other, third]) {
    const reply = await api.post(users, newUser({ email: user.email }));
    expect([reply.status, reply.body]).toEqual([409, failed(409, 'This e-mail address cannot be used.')]);
  }
});

test('a member from elsewhere is no user of the other dialects', async () => {
  const { other, user } = await makeShared();
  expect((await other.api.get(`${other.base}/users/${user.id}`)).status).toBe(404);
  expect((await other.api.get(`${other.base}/users`)).body).toEqual([]);
  expect((await other.api.delete(`${other.base}/users/${user.id}`)).status).toBe(404);
  const [row] = await rows('select user_count from resellers where id = ?', other.id);
  expect(row.user_count).toBe(0);
});

test('roles are those of one account', async () => {
  const { home, other, user, there } = await makeShared();
  await setRoles(other.api, other.id, user.id, ['account.user', 'webhooks.admin']);
  await home.api.patch(user.path, [{ op: 'add', path: '/roles/-', value: 'onboarding.admin' }]);
  expect((await other.shown(there.id)).roles).toEqual(['account.user', 'webhooks.admin']);
  expect((await home.shown(user.id)).roles).toEqual(['account.user', 'customer.admin', 'onboarding.admin']);
  const [atHome, away] = [
    await signIn(user, home.id, ['reseller:organization:read', 'webhook:read']),
    await signIn(user, other.id, ['reseller:organization:read', 'webhook:read']),
  ];
  const statuses = async (caller: typeof atHome, base: string) => [
    (await caller.get(`${base}/organizations`)).status,
    (await caller.get('/v3/webhooks')).status,
  ];
  expect(await statuses(atHome, home.base)).toEqual([200, 403]);
  expect(await statuses(away, other.base)).toEqual([403, 200]);
});

test.each([
  [[replace('/displayName', 'Sam Roe')]],
  [[replace('/email', 'sam@elsewhere.example')]],
  [[replace('/roles', ['user.admin']), replace('/displayName', 'Sam Roe')]],
])('name and address belong to the primary tenant: %j', async (patch) => {
  const { home, other, user, there } = await makeShared();
  const before = await other.shown(user.id);
  for (const caller of [other.api, await operator()]) {
    const reply = await caller.patch(there.path, patch);
    expect([reply.status, reply.body]).toEqual([400, notPrimary]);
  }
  expect(await other.shown(user.id)).toEqual(before);
  // The address is the person's: only a caller of both tenants changes it.
  const atHome = patch.some(({ path }) => path === '/email') ? await operator() : home.api;
  expect((await atHome.patch(user.path, patch)).status).toBe(200);
  const { displayName, email } = await home.shown(user.id);
  expect(await other.shown(user.id)).toEqual({ ...before, displayName, email });
});

test('an activation mail is asked for from the primary tenant only', async () => {
  const { home, other, user, there } = await makeShared();
  const reply = await other.api.post(`${there.path}/sendActivationEmail`);
  expect([reply.status, reply.body]).toEqual([400, notPrimary]);
  expect((await home.api.post(`${user.path}/sendActivationEmail`)).status).toBe(403);
  expect((await (await operator()).post(`${user.path}/sendActivationEmail`)).status).toBe(204);
});

test('deleted elsewhere, only that membership goes', async () => {
  const { home, other, user, there } = await makeShared();
  const away = await signIn(user, other.id, ['branding:write']);
  const reply = await other.api.delete(there.path);
  expect([reply.status, reply.body]).toEqual([200, done]);
  expect((await other.api.get(there.path)).status).toBe(404);
  expect((await away.get(`/v1.0/accounts/${other.id}/branding`)).status).toBe(401);
  const { path: _, ...whole } = user;
  expect(await home.shown(user.id)).toEqual(whole);
  expect([await other.heard(user.id), await home.heard(user.id)]).toEqual([['created', 'deleted'], ['created']]);
  expect((await enroll(other, user, 'user.admin')).roles).toEqual(['account.user', 'user.admin']);
});

test('deleted at home, a user stays where it accepted a membership, and is at home there', async () => {
  const { home, other, user, there } = await makeShared();
  const third = await makeAccount();
  await enroll(third, user);
  await home.api.patch(`${home.base}/users/${user.id}`, { role: 'user', company: 'Secret Company' });
  expect((await home.api.delete(user.path)).status).toBe(200);
  expect((await home.api.get(user.path)).status).toBe(404);
  const { path: _, ...member } = there;
  expect(await other.shown(user.id)).toEqual({ ...member, primaryTenant: other.id });
  expect((await other.api.get(`${other.base}/users/${user.id}`)).body).toMatchObject({ company: '', role: 'user' });
  expect((await third.shown(user.id)).primaryTenant).toBe(other.id);
  expect([await home.heard(user.id), await other.heard(user.id), await third.heard(user.id)]).toEqual([
    ['created', 'updated', 'deleted'],
    ['created', 'updated'],
    ['created', 'updated'],
  ]);
  const counts = await rows('select user_count from resellers where id in (?, ?) order by id', home.id, other.id);
  expect(counts).toEqual([{ user_count: 0 }, { user_count: 1 }]);
});

test('deleted at home, a user without another accepted membership is gone, and who invited it hears of that', async () => {
  const [home, other] = [await makeAccount(), await makeAccount()];
  const user = await home.makeUser();
  await invite(other, user, 'branding.admin');
  expect((await home.api.delete(user.path)).status).toBe(200);
  expect((await other.api.get(`${other.users}/${user.id}`)).status).toBe(404);
  expect([await other.heard(user.id), await home.heard(user.id)]).toEqual([
    ['created', 'deleted'],
    ['created', 'deleted'],
  ]);
  expect(await rows('select 1 from memberships where user_id = ?', user.id)).toEqual([]);
  expect((await other.api.post(other.users, newUser({ email: user.email }))).status).toBe(201);
});

test('with its primary tenant a user is gone from nowhere else', async () => {
  const { home, other, user, there } = await makeShared();
  const away = await signIn(user, other.id, ['branding:write']);
  await (await operator()).delete(home.base);
  expect((await other.api.get(there.path)).status).toBe(200);
  expect((await other.api.get(other.users)).body.data).toHaveLength(1);
  expect((await away.get(`/v1.0/accounts/${other.id}/branding`)).status).toBe(200);
  expect((await enrollAgain(other.users, user.email)).status).toBe(409);
  expect((await other.api.patch(there.path, [replace('/roles', [])])).status).toBe(200);
  expect((await away.get(`/v1.0/accounts/${other.id}/branding`)).status).toBe(401);
});

const enrollAgain = async (users: string, email: string) => (await operator()).post(users, newUser({ email }));

test('with the account that somebody is a member of, only that membership is gone', async () => {
  const { home, other, user } = await makeShared();
  await (await operator()).delete(other.base);
  const { path: _, ...whole } = user;
  expect(await home.shown(user.id)).toEqual(whole);
  expect((await home.api.patch(user.path, [replace('/displayName', 'Sam Roe')])).status).toBe(200);
  expect(await other.heard(user.id)).toEqual(['created']);
});

test("a customer's deletion leaves its users in the accounts where they accepted a membership", async () => {
  const { home, other, user, there } = await makeShared();
  const { body } = await home.api.post('/reseller/customers', { name: 'Secret Customer' });
  await home.api.patch(`${home.base}/users/${user.id}`, { organizationId: body.customer_id });
  expect((await home.api.delete(`/reseller/customers/${body.customer_id}`)).status).toBe(204);
  const { path: _, ...member } = there;
  expect(await other.shown(user.id)).toEqual({ ...member, primaryTenant: other.id });
  expect((await home.api.get(user.path)).status).toBe(404);
  expect([(await home.heard(user.id)).at(-1), (await other.heard(user.id)).at(-1)]).toEqual(['deleted', 'updated']);
});
