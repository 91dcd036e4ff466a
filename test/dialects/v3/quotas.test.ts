import { expect, test } from 'vitest';
import { makeReseller, newOrganization, newReseller, newUser, operator, rows } from '../../support/world.ts';

const AT_ONCE = 50;
const burst = <T>(make: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: AT_ONCE }, (_, index) => make(index)));
function tally(replies: { status: number; body: { code?: string } }[]) {
  const outcomes = Map.groupBy(replies, ({ status, body }) => `${status} ${body.code ?? ''}`.trim());
  return Object.fromEntries([...outcomes].map(([outcome, { length }]) => [outcome, length]));
}

test('of 50 users created at once, exactly the allowed number succeed', async () => {
  const { id, base, api } = await makeReseller({ allowedUsers: 7 });
  const replies = await burst(() => api.post(`${base}/users`, newUser()));
  expect(tally(replies)).toEqual({ '201': 7, '400 USER_LIMIT_REACHED': 43 });
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
  const { base, api } = await makeReseller();
  const { body: organization } = await api.post(`${base}/organizations`, { ...newOrganization(), allowedUsers: 3 });
  const replies = await burst(() => api.post(`${base}/users`, { ...newUser(), organizationId: organization.id }));
  expect(tally(replies)).toEqual({ '201': 3, '400 USER_LIMIT_REACHED': 47 });
  const { body: outsider } = await api.post(`${base}/users`, newUser());
  const moved = await api.patch(`${base}/users/${outsider.id}`, { organizationId: organization.id });
  expect([moved.status, moved.body.code]).toEqual([400, 'USER_LIMIT_REACHED']);
  const [member] = replies.filter(({ status }) => status === 201);
  expect((await api.patch(`${base}/users/${member!.body.id}`, { firstName: 'X' })).status).toBe(200);
  await api.patch(`${base}/users/${member!.body.id}`, { organizationId: null });
  expect((await api.patch(`${base}/users/${outsider.id}`, { organizationId: organization.id })).status).toBe(200);
});

test('of 50 organizations created at once, exactly the allowed number succeed', async () => {
  const { base, api } = await makeReseller({ allowedOrganizations: 4 });
  const replies = await burst(() => api.post(`${base}/organizations`, newOrganization()));
  expect(tally(replies)).toEqual({ '201': 4, '400 ORGANIZATION_LIMIT_REACHED': 46 });
  const [first] = (await api.get(`${base}/organizations`)).body;
  await api.delete(`${base}/organizations/${first.id}`);
  expect((await api.post(`${base}/organizations`, newOrganization())).status).toBe(201);
});

test('of 50 users created at once with one address, exactly one succeeds', async () => {
  const { base, api } = await makeReseller();
  const sent = newUser();
  const replies = await burst((index) =>
    api.post(`${base}/users`, { ...sent, email: index % 2 ? sent.email : sent.email.toUpperCase() }),
  );
  expect(tally(replies)).toEqual({ '201': 1, '409 EMAIL_ALREADY_EXISTS': 49 });
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
