import { beforeAll, expect, test } from 'vitest';
import type { Caller } from '../support/api.ts';
import { AT_ONCE, burst, tally } from '../support/measures/burst.ts';
import { muteQueues } from '../support/queues.ts';
import { makeStorage } from '../support/storage.ts';
import { makeReseller, newOrganization, newReseller, newUser, operator, rows } from '../support/world.ts';

beforeAll(muteQueues);

/** Whoever is invited costs no hash. */
const invite = (resellerId: string, api: Caller) =>
  api.post(`/v1.0/accounts/${resellerId}/users`, { email: newUser().email, displayName: 'Sam Lee' });
const invitedBy = (customer: string, api: Caller) =>
  api.post(`/reseller/customers/${customer}/users`, { username: newUser().email, role: 'user', first_name: 'Sam' });

test('of 200 users created at once, exactly the allowed number succeed', async () => {
  const { id, base, api } = await makeReseller({ allowedUsers: 7 });
  const replies = await burst(() => invite(id, api));
  expect(tally(replies)).toEqual({ '201': 7, '409': AT_ONCE - 7 });
  expect(await rows('select 1 from users where reseller_id = ?', id)).toHaveLength(7);
  expect(await rows("select 1 from events where reseller_id = ? and type = 'reseller.user.created'", id)).toHaveLength(
    7,
  );
  const [first] = (await api.get(`${base}/users`)).body;
  await api.delete(`${base}/users/${first.id}`);
  expect((await api.post(`${base}/users`, newUser())).status).toBe(201);
  expect((await api.post(`${base}/users`, newUser())).body.code).toBe('USER_LIMIT_REACHED');
});

test("an organization's own limit holds as well, also for users moved into it", async () => {
  const { id, base, api } = await makeReseller();
  const { body: organization } = await api.post(`${base}/organizations`, { ...newOrganization(), allowedUsers: 3 });
  const replies = await burst(() => invitedBy(organization.id, api));
  expect(tally(replies)).toEqual({ '201': 3, '409': AT_ONCE - 3 });
  expect(await rows('select 1 from users where reseller_id = ?', id)).toHaveLength(3);
  const { body: outsider } = await api.post(`${base}/users`, newUser());
  const moved = await api.patch(`${base}/users/${outsider.id}`, { organizationId: organization.id });
  expect([moved.status, moved.body.code]).toEqual([400, 'USER_LIMIT_REACHED']);
  const [member] = replies.filter(({ status }) => status === 201);
  expect((await api.patch(`${base}/users/${member!.body.user_id}`, { firstName: 'X' })).status).toBe(200);
  await api.patch(`${base}/users/${member!.body.user_id}`, { organizationId: null });
  expect((await api.patch(`${base}/users/${outsider.id}`, { organizationId: organization.id })).status).toBe(200);
});

test('of 200 organizations created at once, exactly the allowed number succeed', async () => {
  const { base, api } = await makeReseller({ allowedOrganizations: 4 });
  const replies = await burst(() => api.post(`${base}/organizations`, newOrganization()));
  expect(tally(replies)).toEqual({ '201': 4, '400 ORGANIZATION_LIMIT_REACHED': AT_ONCE - 4 });
  const [first] = (await api.get(`${base}/organizations`)).body;
  await api.delete(`${base}/organizations/${first.id}`);
  expect((await api.post(`${base}/organizations`, newOrganization())).status).toBe(201);
});

test('of 200 organizations created at once with one name, exactly one succeeds', async () => {
  const { id, base, api } = await makeReseller();
  const sent = newOrganization();
  const replies = await burst((index) =>
    api.post(`${base}/organizations`, { ...sent, name: index % 2 ? sent.name : sent.name.toUpperCase() }),
  );
  expect(tally(replies)).toEqual({ '201': 1, '409 NAME_ALREADY_EXISTS': AT_ONCE - 1 });
  expect(await rows('select 1 from organizations where reseller_id = ?', id)).toHaveLength(1);
});

test('of 200 users created at once by three dialects no more than allowed are there', async () => {
  const { id, base, api } = await makeReseller({ allowedUsers: 9 });
  const { body: customer } = await api.post('/reseller/customers', { name: 'Customer' });
  const ways = [
    () => api.post(`${base}/users`, newUser()),
    () => invite(id, api),
    () => invitedBy(customer.customer_id, api),
  ];
  const replies = await burst((index) => ways[index % ways.length]!());
  expect(replies.filter(({ status }) => status === 201)).toHaveLength(9);
  expect(replies.filter(({ status }) => status === 400 || status === 409)).toHaveLength(AT_ONCE - 9);
  expect(await rows('select 1 from users where reseller_id = ?', id)).toHaveLength(9);
});

test('200 users who move into an organization at once are no more than it allows', async () => {
  const { id, base, api } = await makeReseller();
  const { body: organization } = await api.post(`${base}/organizations`, { ...newOrganization(), allowedUsers: 5 });
  const made = await burst(() => invite(id, api));
  const replies = await burst((index) =>
    api.patch(`${base}/users/${made[index]!.body.data.id}`, { organizationId: organization.id }),
  );
  expect(tally(replies)).toEqual({ '200': 5, '400 USER_LIMIT_REACHED': AT_ONCE - 5 });
  expect(await rows('select 1 from users where organization_id = ?', organization.id)).toHaveLength(5);
});

test('200 uploads at once never come to more than the quota', async () => {
  const { put, row, list } = await makeStorage({ quotaBytes: 100 });
  const replies = await burst((index) => put(`k${index}`, 'x'.repeat(15)));
  const statuses = replies.map(({ status }) => status).sort();
  expect(statuses).toEqual([...Array(6).fill(201), ...Array(AT_ONCE - 6).fill(413)]);
  expect(await row()).toMatchObject({ used_bytes: 90, reserved_bytes: 0, object_count: 6 });
  expect((await list()).body.page_size).toBe(6);
});

test('a quota of zero allows nobody and −1 everybody', async () => {
  const none = await makeReseller({ allowedUsers: 0, allowedOrganizations: 0 });
  expect((await none.api.post(`${none.base}/users`, newUser())).body.code).toBe('USER_LIMIT_REACHED');
  expect((await none.api.post(`${none.base}/organizations`, newOrganization())).body.code).toBe(
    'ORGANIZATION_LIMIT_REACHED',
  );
  const platform = await operator();
  const all = await platform.post('/v3/resellers', { ...newReseller(), allowedUsers: -1 });
  expect((await platform.post(`/v3/resellers/${all.body.id}/users`, newUser())).status).toBe(201);
});
