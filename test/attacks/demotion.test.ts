import { beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../src/model/users/role.ts';
import type { Caller } from '../support/api.ts';
import { makeStaff } from '../support/people/staff.ts';
import { muteQueues } from '../support/queues.ts';
import { callerFor, makeReseller, newOrganization, newUser, rows } from '../support/world.ts';

beforeAll(muteQueues);

const CUSTOMERS = ['reseller:organization:read', 'reseller:organization:delete'] as const;
const USERS = ['reseller:user:create', 'reseller:user:read', 'reseller:user:update', 'reseller:user:delete'] as const;

/** A user of a customer with this standing in the tenant, and the ways to take that away. */
async function makeStrong(word: string, ...roles: Role[]) {
  const { id, base, api } = await makeReseller();
  const organization = (await api.post(`${base}/organizations`, newOrganization())).body;
  const made = await api.post(`${base}/users`, { ...newUser(), role: word, organizationId: organization.id });
  const user = made.body;
  const member = `/v1.0/accounts/${id}/users/${user.id}`;
  await api.patch(member, [{ op: 'add', path: '/roles', value: ['account.user', ...roles] }]);
  await makeStaff({ id, base, api }, { roles: ['user.admin'] });
  const ways: Readonly<Record<string, (by: Caller) => Promise<{ status: number }>>> = {
    'another role in v3': (by) => by.patch(`${base}/users/${user.id}`, { role: 'user' }),
    'its deletion in v3': (by) => by.delete(`${base}/users/${user.id}`),
    'no roles': (by) => by.patch(member, [{ op: 'replace', path: '/roles', value: [] }]),
    'its deletion in accounts': (by) => by.delete(member),
    'its deletion by its customer': (by) => by.delete(`/reseller/customers/${organization.id}/users/${user.id}`),
    "its customer's deletion": (by) => by.delete(`/reseller/customers/${organization.id}`),
  };
  const standing = () =>
    rows('select role, roles from users join memberships on user_id = users.id where users.id = ?', user.id);
  return { id, base, api, organization, ways, standing };
}
const WAYS = [
  'another role in v3',
  'its deletion in v3',
  'no roles',
  'its deletion in accounts',
  'its deletion by its customer',
  "its customer's deletion",
] as const;

describe.each(WAYS)('by %s', (way) => {
  test('a reseller-admin falls to a caller with all of its rights only', async () => {
    const { id, api, ways, standing } = await makeStrong('reseller-admin');
    const before = await standing();
    expect((await ways[way]!(await callerFor(id, [...USERS, ...CUSTOMERS]))).status).toBe(403);
    expect(await standing()).toEqual(before);
    expect((await ways[way]!(api)).status).toBeOneOf([200, 204]);
  });
});

describe.each(WAYS.slice(1))('by %s', (way) => {
  test('a user.admin falls to a caller that administers users only', async () => {
    const { id, ways, standing } = await makeStrong('user', 'user.admin');
    const before = await standing();
    const narrow = await callerFor(id, ['reseller:user:update', 'reseller:user:delete', ...CUSTOMERS]);
    expect((await ways[way]!(narrow)).status).toBe(403);
    expect(await standing()).toEqual(before);
    expect((await ways[way]!(await callerFor(id, [...USERS, ...CUSTOMERS]))).status).toBeOneOf([200, 204]);
  });
});

test('a scope to delete users is enough for users without rights', async () => {
  const { base, id, api } = await makeReseller();
  const { body } = await api.post(`${base}/users`, newUser());
  const narrow = await callerFor(id, ['reseller:user:delete', 'reseller:user:read']);
  expect((await narrow.delete(`${base}/users/${body.id}`)).status).toBe(204);
});

test('a caller confined to a customer touches no rights outside it', async () => {
  const { id, base, api, organization, ways, standing } = await makeStrong('user', 'branding.admin');
  const chief = await makeStaff({ id, base, api }, { word: 'organization-admin', organizationId: organization.id });
  const before = await standing();
  for (const way of WAYS.slice(1, 5)) expect((await ways[way]!(chief)).status).toBe(403);
  expect(await standing()).toEqual(before);
  const colleague = { ...newUser(), organizationId: organization.id, role: 'organization-admin' };
  const made = await chief.post(`${base}/users`, colleague);
  expect(made.status).toBe(201);
  expect((await chief.patch(`${base}/users/${made.body.id}`, { role: 'user' })).status).toBe(200);
  expect((await chief.delete(`${base}/users/${made.body.id}`)).status).toBe(204);
});
