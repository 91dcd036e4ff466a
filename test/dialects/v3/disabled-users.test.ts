import { beforeAll, expect, test } from 'vitest';
import { muteQueues } from '../../support/queues.ts';
import { makeReseller, newOrganization, newUser, rows } from '../../support/world.ts';

beforeAll(muteQueues);

/** A reseller with an organization that both have room for so many users, and one user there. */
async function makePlace(allowedUsers: number, within = allowedUsers) {
  const reseller = await makeReseller({ allowedUsers });
  const { api, base } = reseller;
  const { body } = await api.post(`${base}/organizations`, { ...newOrganization(), allowedUsers: within });
  const organizationId: string = body.id;
  const create = (more: object = {}) => api.post(`${base}/users`, { ...newUser(), organizationId, ...more });
  const user = (await create()).body;
  const change = (fields: object, id = user.id) => api.patch(`${base}/users/${id}`, fields);
  const heard = async () =>
    (await api.get('/v3/events?limit=100')).body.filter(
      ({ event, data }: { event: string; data: { id: string } }) =>
        event === 'reseller.user.updated' && data.id === user.id,
    );
  return { ...reseller, organizationId, create, user, change, heard };
}

test('a disabled user is shown as such, listed and found, and its event says so', async () => {
  const { api, base, user, change, heard } = await makePlace(-1);
  const changed = await change({ disabled: true });
  expect([changed.status, changed.body]).toEqual([200, { ...user, updatedAt: expect.any(String), disabled: true }]);
  expect((await api.get(`${base}/users/${user.id}`)).body).toEqual(changed.body);
  expect((await api.get(`${base}/users?search=${user.email}`)).body).toEqual([changed.body]);
  expect((await api.get(`/reseller/customers/${user.organizationId}/users`)).text).not.toContain('disabled');
  const enabled = await change({ disabled: false });
  expect(enabled.body).not.toHaveProperty('disabled');
  const [row] = await rows(
    "select before, after from events where subject = ? and type = 'reseller.user.updated' order by seq",
    user.id,
  );
  expect([JSON.parse(row.before), JSON.parse(row.after)]).toMatchObject([{}, { disabled: true }]);
  expect(row.before).toContain('"disabled":false');
  expect((await heard()).map(({ data }: { data: object }) => 'disabled' in data)).toEqual([true, false]);
});

test('a field left out stays, and other fields change beside it', async () => {
  const { change } = await makePlace(-1);
  await change({ disabled: true });
  expect((await change({ company: 'Acme' })).body).toMatchObject({ company: 'Acme', disabled: true });
  expect((await change({ disabled: false, company: 'Bolt' })).body.company).toBe('Bolt');
});

test.each(['true', 1, null, {}])('the state is true or false, not %j', async (disabled) => {
  const { change } = await makePlace(-1);
  const { status, body } = await change({ disabled });
  expect([status, body.code, body.errors[0].field]).toEqual([400, 'VALIDATION_FAILED', 'disabled']);
});

test.each([
  ['the reseller', 1, -1],
  ['the organization', -1, 1],
])('a disabled user takes no place of %s, and coming back needs one', async (_, allowed, within) => {
  const { api, base, user, create, change } = await makePlace(allowed, within);
  expect((await create()).body.code).toBe('USER_LIMIT_REACHED');
  await change({ disabled: true });
  const second = await create();
  expect(second.status).toBe(201);
  const refused = await change({ disabled: false });
  expect([refused.status, refused.body.code]).toEqual([400, 'USER_LIMIT_REACHED']);
  const patch = [{ op: 'replace', path: '/enabled', value: true }];
  const { id } = (await api.get(base)).body;
  expect((await api.patch(`/v1.0/accounts/${id}/users/${user.id}`, patch)).status).toBe(409);
  expect((await change({ company: 'Still changed' })).body.disabled).toBe(true);
  await api.delete(`${base}/users/${second.body.id}`);
  expect((await change({ disabled: false })).status).toBe(200);
});

test('of many that come back at once as many are let in as there are places', async () => {
  const { api, base, create, change, user, id } = await makePlace(6);
  const others = (await Promise.all([1, 2, 3, 4, 5].map(() => create()))).map(({ body }) => body.id as string);
  const all = [user.id as string, ...others];
  for (const one of all) await change({ disabled: true }, one);
  expect((await Promise.all([1, 2, 3, 4].map(() => create()))).map(({ status }) => status)).toEqual([
    201, 201, 201, 201,
  ]);
  const replies = await Promise.all(all.map((one) => change({ disabled: false }, one)));
  expect(replies.filter(({ status }) => status === 200)).toHaveLength(2);
  expect(replies.filter(({ body }) => body.code === 'USER_LIMIT_REACHED')).toHaveLength(4);
  const [counts] = await rows('select user_count - disabled_count as taken from resellers where id = ?', id);
  expect(counts).toEqual({ taken: 6 });
  expect((await api.get(`${base}/users`)).body).toHaveLength(10);
});

test('a disabled user moves into a full organization, and stays disabled there', async () => {
  const { api, base, user, change } = await makePlace(-1);
  const { body } = await api.post(`${base}/organizations`, { ...newOrganization(), allowedUsers: 0 });
  expect((await change({ organizationId: body.id })).body.code).toBe('USER_LIMIT_REACHED');
  expect((await change({ organizationId: body.id, disabled: true })).status).toBe(200);
  expect((await change({ disabled: false })).body.code).toBe('USER_LIMIT_REACHED');
  expect((await change({ disabled: false, organizationId: null })).status).toBe(200);
  const counts = await rows('select user_count, disabled_count from organizations where id = ?', user.organizationId);
  expect(counts).toEqual([{ user_count: 0, disabled_count: 0 }]);
});

test('a deleted organization takes its disabled users with it', async () => {
  const { api, base, user, change, organizationId, id } = await makePlace(-1);
  await change({ disabled: true });
  expect((await api.delete(`${base}/organizations/${organizationId}`)).status).toBe(204);
  expect((await api.get(`${base}/users/${user.id}`)).status).toBe(404);
  const [counts] = await rows('select user_count - disabled_count as taken from resellers where id = ?', id);
  expect(counts).toEqual({ taken: 0 });
});
