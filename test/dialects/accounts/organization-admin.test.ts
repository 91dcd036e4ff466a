import { beforeAll, expect, test } from 'vitest';
import type { Json, Reply } from '../../support/api.ts';
import { footprint } from '../../support/measures/footprint.ts';
import { enroll, makeAccount } from '../../support/people/accounts.ts';
import { makeStaff, signIn } from '../../support/people/staff.ts';
import { muteQueues } from '../../support/queues.ts';
import { newOrganization, newUser } from '../../support/world.ts';

beforeAll(muteQueues);

/** Two customers of a reseller with a user each, and the manager of the first. */
async function makeManaged() {
  const account = await makeAccount();
  const { base, api } = account;
  const makeCustomer = async () => {
    const organizationId: string = (await api.post(`${base}/organizations`, newOrganization())).body.id;
    const user = (await api.post(`${base}/users`, { ...newUser(), organizationId })).body;
    const customer = `/reseller/customers/${organizationId}`;
    return { organizationId, user, customer, users: `${customer}/users` };
  };
  const [own, other] = [await makeCustomer(), await makeCustomer()];
  const free = (await api.post(`${base}/users`, newUser())).body;
  const { organizationId } = own;
  const manager = await makeStaff(account, { word: 'organization-admin', organizationId });
  return { ...account, own, other, free, manager, everywhere: await manager.claiming() };
}

const statusesOf = (replies: Reply[]) => replies.map(({ status }) => status);
const idsOf = ({ body }: Reply): string[] =>
  (body.data ?? body).map((one: Json) => one.id ?? one.user_id ?? one.customer_id).sort();

test('sees the users of its own organization in every dialect, and nobody else', async () => {
  const { base, users, own, other, free, manager } = await makeManaged();
  const [mine, theirs] = [[own.user.id, manager.user.id].sort(), [other.user.id, free.id]];
  for (const list of [`${base}/users`, own.users, users]) expect(idsOf(await manager.get(list))).toEqual(mine);
  expect(idsOf(await manager.get(`${base}/users?organizationId=${other.organizationId}`))).toEqual([]);
  expect(idsOf(await manager.get(`${base}/users?search=jane`))).toEqual([own.user.id]);
  const absent = await manager.get(`${base}/users/${crypto.randomUUID()}`);
  for (const id of theirs) expect(await manager.get(`${base}/users/${id}`)).toMatchObject({ text: absent.text });
  for (const id of theirs) expect((await manager.get(`${users}/${id}`)).status).toBe(404);
  const nowhere = await manager.get(`/reseller/customers/${crypto.randomUUID()}/users`);
  expect(await manager.get(other.users)).toMatchObject({ status: 404, text: nowhere.text });
});

test('makes, changes and deletes users in there', async () => {
  const { base, users, own, manager, shown } = await makeManaged();
  const { organizationId } = own;
  const made = await manager.post(`${base}/users`, { ...newUser(), organizationId });
  const member = await manager.post(own.users, { username: newUser().email, role: 'user' });
  expect(statusesOf([made, member])).toEqual([201, 201]);
  const changed = [
    await manager.patch(`${base}/users/${made.body.id}`, { firstName: 'Joan', email: newUser().email }),
    await manager.put(`${own.users}/${member.body.user_id}`, { first_name: 'Joan' }),
    await manager.patch(`${users}/${own.user.id}`, [{ op: 'replace', path: '/displayName', value: 'Joan' }]),
    await manager.post(`${users}/${own.user.id}/sendActivationEmail`),
  ];
  expect(statusesOf(changed)).toEqual([200, 204, 200, 204]);
  expect(await shown(own.user.id)).toMatchObject({ displayName: 'Joan', roles: [] });
  const deleted = [
    await manager.delete(`${base}/users/${made.body.id}`),
    await manager.delete(`${own.users}/${member.body.user_id}`),
    await manager.delete(`${users}/${own.user.id}`),
  ];
  expect(statusesOf(deleted)).toEqual([204, 204, 200]);
});

test('touches nobody and nothing outside, whatever its token says', async () => {
  const { base, users, own, other, free, manager, everywhere } = await makeManaged();
  const rename = [{ op: 'replace', path: '/displayName', value: 'Mine' }];
  const before = await footprint();
  for (const caller of [manager, everywhere]) {
    for (const id of [other.user.id, free.id]) {
      const replies = [
        await caller.patch(`${base}/users/${id}`, { firstName: 'Mine' }),
        await caller.delete(`${base}/users/${id}`),
        await caller.patch(`${users}/${id}`, rename),
        await caller.delete(`${users}/${id}`),
        await caller.post(`${users}/${id}/sendActivationEmail`),
        await caller.put(`${own.users}/${id}`, { first_name: 'Mine' }),
        await caller.put(`${other.users}/${id}`, { first_name: 'Mine' }),
        await caller.delete(`${other.users}/${id}`),
      ];
      expect(statusesOf(replies)).toEqual(Array(8).fill(404));
    }
    const elsewhere = [
      await caller.post(`${base}/users`, { ...newUser(), organizationId: other.organizationId }),
      await caller.post(other.users, { username: newUser().email, role: 'user' }),
      await caller.patch(`${base}/users/${own.user.id}`, { organizationId: other.organizationId }),
    ];
    expect(statusesOf(elsewhere)).toEqual([404, 404, 404]);
    const nowhere = [
      await caller.post(`${base}/users`, newUser()),
      await caller.patch(`${base}/users/${own.user.id}`, { organizationId: null }),
      await caller.post(users, { email: newUser().email, displayName: 'Sam' }),
      await caller.post(users, { email: other.user.email, displayName: 'Sam' }),
    ];
    expect(statusesOf(nowhere)).toEqual([403, 403, 403, 403]);
    const customers = [
      await caller.get('/reseller/customers'),
      await caller.get(own.customer),
      await caller.put(own.customer, { name: 'Mine' }),
      await caller.delete(own.customer),
      await caller.get(`${base}/organizations`),
      await caller.patch(`${base}/organizations/${own.organizationId}`, { allowedUsers: -1 }),
    ];
    expect(statusesOf(customers)).toEqual(Array(6).fill(403));
  }
  expect(await footprint()).toEqual(before);
});

test('makes others like itself, but nobody stronger', async () => {
  const { base, users, own, manager } = await makeManaged();
  const { organizationId } = own;
  const [peer, manages] = [
    await manager.post(`${base}/users`, { ...newUser(), organizationId, role: 'organization-admin' }),
    await manager.post(own.users, { username: newUser().email, role: 'manager' }),
  ];
  expect(statusesOf([peer, manages])).toEqual([201, 201]);
  const before = await footprint();
  for (const id of [own.user.id, manager.user.id]) {
    const replies = [
      await manager.patch(`${base}/users/${id}`, { role: 'reseller-admin' }),
      await manager.patch(`${users}/${id}`, [{ op: 'add', path: '/roles/-', value: 'user.admin' }]),
      await manager.patch(`${users}/${id}`, [{ op: 'add', path: '/roles/-', value: 'webhooks.admin' }]),
    ];
    expect(statusesOf(replies)).toEqual([403, 403, 403]);
  }
  const strong = await manager.post(`${base}/users`, { ...newUser(), organizationId, role: 'reseller-admin' });
  expect(strong.status).toBe(403);
  expect(await footprint()).toEqual(before);
});

test('takes over nobody of its organization who may more', async () => {
  const { base, users, api, own, makeUser, manager } = await makeManaged();
  await makeUser('user.admin');
  const patch = [{ op: 'add', path: '/roles/-', value: 'user.admin' }];
  expect((await api.patch(`${users}/${own.user.id}`, patch)).status).toBe(200);
  const { email } = newUser();
  const before = await footprint();
  const replies = [
    await manager.patch(`${base}/users/${own.user.id}`, { email }),
    await manager.patch(`${users}/${own.user.id}`, [{ op: 'replace', path: '/email', value: email }]),
  ];
  expect(statusesOf(replies)).toEqual([403, 403]);
  expect(await footprint()).toEqual(before);
});

test('moved to another organization, looks after that one; taken out of any, after none', async () => {
  const { base, api, own, other, manager } = await makeManaged();
  const path = `${base}/users/${manager.user.id}`;
  await api.patch(path, { organizationId: other.organizationId });
  expect(idsOf(await manager.get(`${base}/users`))).toEqual([other.user.id, manager.user.id].sort());
  expect((await manager.get(`${base}/users/${own.user.id}`)).status).toBe(404);
  await api.patch(path, { organizationId: null });
  expect((await manager.get(`${base}/users`)).status).toBe(403);
  await api.patch(path, { organizationId: own.organizationId, role: 'user' });
  expect((await manager.get(`${base}/users`)).status).toBe(403);
});

test('looks after nobody in another account that it is a member of', async () => {
  const { manager } = await makeManaged();
  const there = await makeAccount();
  await enroll(there, manager.user);
  const away = await signIn(manager.user, there.id, ['reseller:user:read']);
  expect((await away.get(there.users)).status).toBe(403);
});
