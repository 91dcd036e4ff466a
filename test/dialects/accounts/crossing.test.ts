import { beforeAll, expect, test } from 'vitest';
import type { Json } from '../../support/api.ts';
import { makeAccount, newUser } from '../../support/people/accounts.ts';
import { newMember } from '../../support/people/customers.ts';
import { muteQueues } from '../../support/queues.ts';
import { newUser as newV3User, unique } from '../../support/world.ts';

beforeAll(muteQueues);

const replace = (path: string, value: unknown) => ({ op: 'replace', path, value });

test('made here, read in v3', async () => {
  const { base, api, users } = await makeAccount();
  const sent = newUser({ displayName: 'Sam van der Lee', roles: ['user.admin'] });
  const { id } = (await api.post(users, sent)).body.data;
  const { body } = await api.get(`${base}/users/${id}`);
  expect(body).toEqual({
    id,
    createdAt: expect.any(String),
    updatedAt: body.createdAt,
    name: 'Sam van der Lee',
    firstName: 'Sam',
    lastName: 'van der Lee',
    email: sent.email,
    role: 'user',
    company: '',
    twoFactorEnabled: false,
    googleSsoEnabled: false,
    lastLoginAt: null,
    organizationId: null,
    organization: null,
  });
  expect((await api.get(`${base}/users?name=Sam van der Lee`)).body).toEqual([body]);
});

test('made in v3, read here as an account user', async () => {
  const { id, base, api, shown } = await makeAccount();
  for (const role of ['user', 'reseller-admin', 'branding.admin', 'anything']) {
    const sent = { ...newV3User(), role };
    const { body } = await api.post(`${base}/users`, sent);
    const user = {
      id: body.id,
      displayName: 'Jane Doe',
      email: sent.email,
      roles: ['account.user'],
      primaryTenant: id,
    };
    expect(await shown(body.id)).toEqual(user);
  }
});

test("a customer's user has no roles here until it is given some, and stays a customer's", async () => {
  const { id, base, users, api, shown } = await makeAccount();
  const customer = (await api.post('/reseller/customers', { name: unique('Customer') })).body.customer_id;
  const organizationId = customer;
  const member = { ...newMember(), first_name: 'Jo', last_name: 'Doe' };
  const { user_id } = (await api.post(`/reseller/customers/${customer}/users`, member)).body;
  const { body } = await api.post(`${base}/users`, { ...newV3User(), organizationId });
  const jo = { id: user_id, displayName: 'Jo Doe', email: member.username, roles: [], primaryTenant: id };
  expect(await shown(user_id)).toEqual(jo);
  expect((await shown(body.id)).roles).toEqual([]);
  await api.patch(`${users}/${user_id}`, [{ op: 'add', path: '/roles/-', value: 'branding.admin' }]);
  expect(await shown(user_id)).toEqual({ ...jo, roles: ['branding.admin'] });
  expect((await api.get(`${base}/users/${user_id}`)).body).toMatchObject({ organizationId, role: 'user' });
  const listed = (await api.get(`/reseller/customers/${customer}/users`)).body;
  expect(listed.map((one: Json) => one.user_id)).toEqual([user_id, body.id]);
});

test('changed here, there only that changes; changed there, here only that', async () => {
  const { base, users, api, shown } = await makeAccount();
  const { body } = await api.post(`${base}/users`, { ...newV3User(), company: 'Acme', role: 'organization-admin' });
  const path = `${base}/users/${body.id}`;
  await api.patch(`${users}/${body.id}`, [replace('/roles', ['branding.admin'])]);
  const now = (await api.get(path)).body;
  expect(now).toEqual({ ...body, updatedAt: now.updatedAt });
  await api.patch(`${users}/${body.id}`, [replace('/displayName', 'Sam Roe')]);
  expect((await api.get(path)).body).toMatchObject({
    firstName: 'Sam',
    lastName: 'Roe',
    name: 'Sam Roe',
    company: 'Acme',
  });
  const email = `${unique('moved')}@example.com`;
  await api.patch(path, { lastName: '', email, role: 'user' });
  expect(await shown(body.id)).toMatchObject({ displayName: 'Sam', email, roles: ['branding.admin'] });
});

test('deleted in one, gone in all', async () => {
  const { base, users, api, makeUser } = await makeAccount();
  for (const way of [base, users]) {
    const { id } = await makeUser();
    expect((await api.delete(way === base ? `${base}/users/${id}` : `${users}/${id}`)).status).toBeOneOf([200, 204]);
    for (const path of [`${base}/users/${id}`, `${users}/${id}`]) expect((await api.get(path)).status).toBe(404);
  }
});

test("changes made here are told in v3's shape", async () => {
  const { base, users, api } = await makeAccount();
  const { id } = (await api.post(users, newUser())).body.data;
  const made = (await api.get(`${base}/users/${id}`)).body;
  await api.patch(`${users}/${id}`, [replace('/displayName', 'Sam Roe')]);
  const changed = (await api.get(`${base}/users/${id}`)).body;
  await api.delete(`${users}/${id}`);
  const told = (await api.get('/v3/events')).body.slice(1).map(({ event, data }: Json) => [event, data]);
  expect(told).toEqual([
    ['reseller.user.created', made],
    ['reseller.user.updated', changed],
    ['reseller.user.deleted', changed],
  ]);
});
