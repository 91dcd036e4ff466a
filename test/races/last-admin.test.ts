import { beforeAll, expect, test } from 'vitest';
import { AT_ONCE, burst } from '../support/measures/burst.ts';
import { enroll, makeAccount } from '../support/people/accounts.ts';
import { muteQueues } from '../support/queues.ts';
import { rows } from '../support/world.ts';

beforeAll(muteQueues);

const ADMINS = 10;
const demote = [{ op: 'replace', path: '/roles', value: ['account.user'] }];
const adminsOf = async (resellerId: string) =>
  rows(`select user_id from memberships where reseller_id = ? and roles like '%user.admin%'`, resellerId);

test.each([
  ['a user of the account', [...Array(2).fill('guest'), ...Array(ADMINS - 2).fill('own')]],
  ['a user of another one', [...Array(ADMINS - 2).fill('own'), ...Array(2).fill('guest')]],
])('200 requests at once to take the role or the user away leave one user.admin, be it %s', async (_, kinds) => {
  const account = await makeAccount();
  const { id, base, users, api, makeUser } = account;
  const elsewhere = await makeAccount();
  const admins: { id: string }[] = [];
  for (const kind of kinds)
    admins.push(
      kind === 'own' ? await makeUser('user.admin') : await enroll(account, await elsewhere.makeUser(), 'user.admin'),
    );
  const ways = [
    (user: string) => api.patch(`${users}/${user}`, demote),
    (user: string) => api.delete(`${users}/${user}`),
    (user: string) => api.delete(`${base}/users/${user}`),
    (user: string) => api.patch(`${users}/${user}`, [{ op: 'remove', path: '/roles' }]),
  ];
  const replies = await burst((index) => ways[Math.floor(index / ADMINS) % ways.length]!(admins[index % ADMINS]!.id));
  expect(replies.filter(({ status }) => ![200, 204, 404, 409].includes(status))).toEqual([]);
  expect(replies.some(({ status }) => status === 409)).toBe(true);
  expect(await adminsOf(id)).toHaveLength(1);
});

test('200 requests at once to delete the customers of all of them leave one user.admin', async () => {
  const { id, base, users, api, makeUser } = await makeAccount();
  const customers: string[] = [];
  for (let made = 0; made < ADMINS; made++) {
    const { body } = await api.post('/reseller/customers', { name: `Customer ${made}` });
    const admin = await makeUser('user.admin');
    expect((await api.patch(`${base}/users/${admin.id}`, { organizationId: body.customer_id })).status).toBe(200);
    customers.push(body.customer_id);
  }
  const [first] = await adminsOf(id);
  const replies = await burst((index) =>
    index === AT_ONCE - 1
      ? api.delete(`${users}/${first.user_id}`)
      : api.delete(`/reseller/customers/${customers[index % ADMINS]}`),
  );
  expect(replies.filter(({ status }) => ![200, 204, 404, 409].includes(status))).toEqual([]);
  const there = `select 1 from memberships join users on users.id = user_id
    left join organizations on organizations.id = users.organization_id
    where memberships.reseller_id = ? and roles like '%user.admin%' and organizations.deleted_at is null`;
  expect((await rows(there, id)).length).toBeGreaterThanOrEqual(1);
});
