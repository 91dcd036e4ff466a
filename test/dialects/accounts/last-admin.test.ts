import { beforeAll, describe, expect, test } from 'vitest';
import { footprint } from '../../support/measures/footprint.ts';
import { done, enroll, failed, makeAccount } from '../../support/people/accounts.ts';
import { muteQueues } from '../../support/queues.ts';
import { operator, rows } from '../../support/world.ts';

beforeAll(muteQueues);

const refused = failed(409, 'This is the last user.admin of the account; make another one first.');
const demote = [{ op: 'replace', path: '/roles', value: ['account.user'] }];

/** An account whose only `user.admin` is of a customer, and the ways in which it could lose it. */
async function makeRuled() {
  const account = await makeAccount();
  const { id, base, users, api, makeUser } = account;
  const admin = await makeUser('user.admin');
  const customer: string = (await api.post('/reseller/customers', { name: 'Customer' })).body.customer_id;
  await api.patch(`${base}/users/${admin.id}`, { organizationId: customer });
  const path = `${users}/${admin.id}`;
  const ways = {
    'a patch': () => api.patch(path, demote),
    'a patch without roles': () => api.patch(path, [{ op: 'remove', path: '/roles' }]),
    'its deletion': () => api.delete(path),
    'its deletion in v3': () => api.delete(`${base}/users/${admin.id}`),
    'its deletion by its customer': () => api.delete(`/reseller/customers/${customer}/users/${admin.id}`),
    "its customer's deletion": () => api.delete(`/reseller/customers/${customer}`),
    "its customer's deletion in v3": () => api.delete(`${base}/organizations/${customer}`),
  };
  const admins = async () =>
    (await rows(`select 1 from memberships where reseller_id = ? and roles like '%user.admin%'`, id)).length;
  return { ...account, admin, customer, path, ways, admins };
}
type Way = keyof Awaited<ReturnType<typeof makeRuled>>['ways'];
const WAYS: Way[] = [
  'a patch',
  'a patch without roles',
  'its deletion',
  'its deletion in v3',
  'its deletion by its customer',
  "its customer's deletion",
  "its customer's deletion in v3",
];

describe.each(WAYS)('by %s', (way) => {
  test('the last one is not lost', async () => {
    const { ways } = await makeRuled();
    const before = await footprint();
    const reply = await ways[way]();
    expect(reply.status).toBe(409);
    if (way === 'a patch' || way === 'its deletion') expect(reply.body).toEqual(refused);
    expect(await footprint()).toEqual(before);
  });

  test('one of two may go', async () => {
    const { ways, makeUser, admins } = await makeRuled();
    await makeUser('user.admin');
    expect((await ways[way]()).status).toBeOneOf([200, 204]);
    expect(await admins()).toBe(1);
  });

  test('two that go at once leave one', async () => {
    const { users, api, ways, makeUser, admins } = await makeRuled();
    const second = await makeUser('user.admin');
    const replies = await Promise.all([ways[way](), api.patch(`${users}/${second.id}`, demote)]);
    expect(replies.filter(({ status }) => status === 409)).toHaveLength(1);
    expect(await admins()).toBe(1);
  });
});

test("of a customer's two the deletion of the customer spares neither, so it is refused", async () => {
  const { base, api, customer, ways, makeUser } = await makeRuled();
  const second = await makeUser('user.admin');
  await api.patch(`${base}/users/${second.id}`, { organizationId: customer });
  expect((await ways["its customer's deletion"]()).status).toBe(409);
});

test('other changes of the last one are welcome', async () => {
  const { api, path } = await makeRuled();
  const patch = [
    { op: 'replace', path: '/displayName', value: 'Sam Roe' },
    { op: 'replace', path: '/roles', value: ['user.admin', 'branding.admin'] },
  ];
  const reply = await api.patch(path, patch);
  expect([reply.status, reply.body]).toEqual([200, done]);
});

test('an account without one lets anybody go', async () => {
  const { api, makeUser } = await makeAccount();
  const user = await makeUser('branding.admin');
  expect((await api.delete(user.path)).status).toBe(200);
});

test('somebody from elsewhere is one too, also when its own account is deleted', async () => {
  const [home, other] = [await makeAccount(), await makeAccount()];
  const user = await home.makeUser();
  const [guest, own] = [await enroll(other, user, 'user.admin'), await other.makeUser('user.admin')];
  await (await operator()).delete(home.base);
  expect((await other.api.delete(own.path)).status).toBe(200);
  const reply = await other.api.delete(guest.path);
  expect([reply.status, reply.body]).toEqual([409, refused]);
});

test('somebody from elsewhere who is the last one does not leave', async () => {
  const [home, other] = [await makeAccount(), await makeAccount()];
  const guest = await enroll(other, await home.makeUser(), 'user.admin');
  const before = await footprint();
  for (const reply of [await other.api.delete(guest.path), await other.api.patch(guest.path, demote)])
    expect([reply.status, reply.body]).toEqual([409, refused]);
  expect(await footprint()).toEqual(before);
});
