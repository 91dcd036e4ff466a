import { expect, test } from 'vitest';
import { acceptAll } from '../../../support/people/accounts.ts';
import { makeReseller, newOrganization, newUser, operator, rows, unique } from '../../../support/world.ts';

type Reseller = Awaited<ReturnType<typeof makeReseller>>;

const usersOf = ({ id }: Reseller) => `/v1.0/accounts/${id}/users`;
const admin = (email = `${unique('a')}@example.com`) => ({ email, displayName: 'Ada', roles: ['user.admin'] });

/** A `user.admin` of one reseller whose own reseller is another; inside one of its organizations, where one is named. */
async function makeShared(home: Reseller, other: Reseller, organizationId?: string) {
  const { body } = await home.api.post(`${home.base}/users`, { ...newUser(), organizationId });
  const joined = await (await operator()).post(usersOf(other), admin(body.email));
  expect([joined.status, joined.body.data.primaryTenant]).toEqual([201, home.id]);
  await acceptAll(body.id);
  return body;
}

test.each(['organizations', 'users'])(
  'deleting %s at home leaves every other account its last user.admin',
  async (kind) => {
    const [home, other] = [await makeReseller(), await makeReseller()];
    const organization = (await home.api.post(`${home.base}/organizations`, newOrganization())).body;
    const shared = await makeShared(home, other, organization.id);
    const { id } = kind === 'users' ? shared : organization;
    const [before] = (await other.api.get(usersOf(other))).body.data;
    expect((await home.api.delete(`${home.base}/${kind}/${id}`)).status).toBe(204);
    expect((await other.api.get(usersOf(other))).body.data).toEqual([{ ...before, primaryTenant: other.id }]);
  },
);

test('a user.admin whose own reseller is deleted counts only where the membership was accepted', async () => {
  const [home, other] = [await makeReseller(), await makeReseller()];
  const guest = await makeShared(home, other);
  const own = (await other.api.post(usersOf(other), admin())).body.data;
  const path = `${usersOf(other)}/${own.id}`;
  await (await operator()).delete(home.base);
  const pending = 'update memberships set accepted_at = ? where reseller_id = ? and user_id = ?';
  await rows(pending, null, other.id, guest.id);
  expect((await other.api.get(usersOf(other))).body.page_size).toBe(1);
  expect((await other.api.patch(path, [{ op: 'replace', path: '/roles', value: [] }])).status).toBe(409);
  expect((await other.api.delete(path)).status).toBe(409);
  await rows(pending, 1, other.id, guest.id);
  expect((await other.api.delete(path)).status).toBe(200);
});

test('of two user.admins who are taken their roles, moved or deleted at once one stays', async () => {
  const { id, base, api } = await makeReseller();
  const users = `/v1.0/accounts/${id}/users`;
  const organization = (await api.post(`${base}/organizations`, newOrganization())).body;
  const inside = (await api.post(`${base}/users`, { ...newUser(), organizationId: organization.id })).body;
  await api.patch(`${users}/${inside.id}`, [{ op: 'add', path: '/roles/-', value: 'user.admin' }]);
  const made = await Promise.all([admin(), admin()].map((body) => api.post(users, body)));
  const [first, second] = made.map(({ body }) => `${users}/${body.data.id}`);
  const replies = await Promise.all([
    api.patch(first ?? '', [{ op: 'remove', path: '/roles' }]),
    api.delete(second ?? ''),
    api.delete(`${base}/organizations/${organization.id}`),
  ]);
  expect(replies.map(({ status }) => status).filter((status) => status === 409)).toHaveLength(1);
  const metrics = await api.get(`/v1.0/accounts/${id}/metrics`);
  expect(metrics.body.data.usersByRole['user.admin']).toBe(1);
});
