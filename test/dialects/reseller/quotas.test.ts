import { expect, test } from 'vitest';
import type { Reply } from '../../support/api.ts';
import { makeRealm, newCustomer, newMember } from '../../support/people/customers.ts';
import { rows } from '../../support/world.ts';

const AT_ONCE = 50;
const burst = <T>(make: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: AT_ONCE }, (_, index) => make(index)));
function tally(replies: Reply[]) {
  const outcomes = Map.groupBy(replies, ({ status, body }) => `${status} ${body.detail ?? ''}`.trim());
  return Object.fromEntries([...outcomes].map(([outcome, { length }]) => [outcome, length]));
}
const FULL = '409 No more users are allowed here.';

test("of 50 users created at once, as many succeed as the reseller's quota allows", async () => {
  const { id, api, makeCustomer } = await makeRealm({ allowedUsers: 7 });
  const customers = [await makeCustomer(), await makeCustomer()];
  const replies = await burst((index) => api.post(customers[index % 2]!.users, newMember()));
  expect(tally(replies)).toEqual({ '201': 7, [FULL]: 43 });
  expect(await rows('select 1 from users where reseller_id = ?', id)).toHaveLength(7);
  expect(await rows("select 1 from events where reseller_id = ? and type = 'reseller.user.created'", id)).toHaveLength(
    7,
  );
  const lists = await Promise.all(customers.map(async ({ users }) => [users, (await api.get(users)).body] as const));
  const [users, [first]] = lists.find(([, { length }]) => length > 0)!;
  await api.delete(`${users}/${first.user_id}`);
  expect(tally([await api.post(users, newMember()), await api.post(users, newMember())])).toEqual({
    '201': 1,
    [FULL]: 1,
  });
});

test("a customer's own quota, which v3 sets, holds here as well", async () => {
  const { v3, api, makeCustomer } = await makeRealm();
  const customer = await makeCustomer();
  const organization = `${v3}/organizations/${customer.id}`;
  expect((await api.get(organization)).body.allowedUsers).toBe(-1);
  await api.patch(organization, { allowedUsers: 3 });
  expect(tally(await burst(() => api.post(customer.users, newMember())))).toEqual({ '201': 3, [FULL]: 47 });
  const [member] = (await api.get(customer.users)).body;
  expect((await api.put(`${customer.users}/${member.user_id}`, { first_name: 'Jo' })).status).toBe(204);
  await api.put(customer.path, { name: newCustomer().name });
  expect((await api.get(organization)).body.allowedUsers).toBe(3);
  expect((await api.post((await makeCustomer()).users, newMember())).status).toBe(201);
  await api.patch(organization, { allowedUsers: 4 });
  expect((await api.post(customer.users, newMember())).status).toBe(201);
});

test("of 50 customers created at once, as many succeed as the reseller's quota allows", async () => {
  const { id, api } = await makeRealm({ allowedOrganizations: 4 });
  const replies = await burst(() => api.post('/reseller/customers', newCustomer()));
  expect(tally(replies)).toEqual({ '201': 4, '409 No more customers are allowed here.': 46 });
  expect(await rows('select 1 from organizations where reseller_id = ?', id)).toHaveLength(4);
  const [first] = (await api.get('/reseller/customers')).body;
  await api.delete(`/reseller/customers/${first.customer_id}`);
  expect((await api.post('/reseller/customers', newCustomer())).status).toBe(201);
});

test('a quota of zero allows nobody', async () => {
  const none = await makeRealm({ allowedUsers: 0, allowedOrganizations: 1 });
  const { users } = await none.makeCustomer();
  expect(tally([await none.api.post(users, newMember())])).toEqual({ [FULL]: 1 });
  const empty = await makeRealm({ allowedOrganizations: 0 });
  expect((await empty.api.post('/reseller/customers', newCustomer())).status).toBe(409);
});

test('of 50 users created at once with one address, and of 50 customers with one name, exactly one succeeds', async () => {
  const { api, makeCustomer } = await makeRealm();
  const { users } = await makeCustomer();
  const [member, customer] = [newMember(), newCustomer()];
  expect(tally(await burst(() => api.post(users, member)))).toEqual({
    '201': 1,
    '409 This e-mail address cannot be used.': 49,
  });
  expect(tally(await burst(() => api.post('/reseller/customers', customer)))).toEqual({
    '201': 1,
    '409 A customer with this name exists already.': 49,
  });
});

test('a customer that is deleted while users are created keeps none of them', async () => {
  const { id, api, makeCustomer } = await makeRealm();
  const customer = await makeCustomer();
  const [gone, ...replies] = await Promise.all([
    api.delete(customer.path),
    ...Array.from({ length: 20 }, () => api.post(customer.users, newMember())),
  ]);
  expect(gone.status).toBe(204);
  for (const { status } of replies) expect([201, 404]).toContain(status);
  expect((await api.get(customer.users)).status).toBe(404);
  expect(await rows('select user_count from resellers where id = ?', id)).toEqual([
    { user_count: (await rows('select 1 from users where reseller_id = ?', id)).length },
  ]);
});
