import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { ROLES } from '../../../src/model/users/role.ts';
import type { Reply } from '../../support/api.ts';
import { AT_ONCE, burst } from '../../support/measures/burst.ts';
import { enroll, failed, makeAccount, newUser } from '../../support/people/accounts.ts';
import { changeSessions, whileWriting } from '../../support/people/sessions.ts';
import { muteQueues } from '../../support/queues.ts';
import { operator, rows } from '../../support/world.ts';

beforeAll(muteQueues);
afterEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

const times = <T>(count: number, work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));
const withStatus = (replies: Reply[], status: number) => replies.filter((reply) => reply.status === status);

test('roles that many add at once are all there', async () => {
  const { users, api, makeUser, shown } = await makeAccount();
  const { id } = await makeUser();
  const replies = await times(ROLES.length, (index) =>
    api.patch(`${users}/${id}`, [{ op: 'add', path: '/roles/-', value: ROLES[index] }]),
  );
  expect(withStatus(replies, 200)).toHaveLength(ROLES.length);
  expect((await shown(id)).roles.sort()).toEqual([...ROLES].sort());
});

test('roles given and taken, and a name, by different dialects at once: nothing is lost', async () => {
  const { base, users, api, makeUser, shown } = await makeAccount();
  const { id } = await makeUser('branding.admin', 'customer.admin');
  const patch = (operation: object) => api.patch(`${users}/${id}`, [operation]);
  const replies = await Promise.all([
    patch({ op: 'add', path: '/roles/-', value: 'webhooks.admin' }),
    patch({ op: 'replace', path: '/displayName', value: 'Sam Roe' }),
    api.patch(`${base}/users/${id}`, { company: 'Acme', role: 'organization-admin' }),
    patch({ op: 'add', path: '/roles/-', value: 'onboarding.admin' }),
  ]);
  expect(withStatus(replies, 200)).toHaveLength(4);
  const roles = ['account.user', 'branding.admin', 'customer.admin', 'onboarding.admin', 'webhooks.admin'];
  const now = await shown(id);
  expect([now.displayName, now.roles.sort()]).toEqual(['Sam Roe', roles]);
  expect((await api.get(`${base}/users/${id}`)).body).toMatchObject({ company: 'Acme', role: 'organization-admin' });
});

test('one address makes one user, however many ask at once', async () => {
  const { id, users, api } = await makeAccount();
  const { email } = newUser();
  const replies = await burst((index) =>
    api.post(users, newUser({ email: index % 2 ? email : email.toUpperCase(), roles: ['user.admin'] })),
  );
  expect(withStatus(replies, 201)).toHaveLength(1);
  for (const { body } of withStatus(replies, 409))
    expect(body).toEqual(failed(409, 'This e-mail address cannot be used.'));
  expect(withStatus(replies, 409)).toHaveLength(AT_ONCE - 1);
  expect(await rows('select roles from memberships where reseller_id = ?', id)).toEqual([
    { roles: '["account.user","user.admin"]' },
  ]);
  expect(await rows("select 1 from events where reseller_id = ? and type = 'reseller.user.created'", id)).toHaveLength(
    1,
  );
});

test('one address in many accounts at once is one user of one of them', async () => {
  const accounts = await times(5, () => makeAccount());
  const { email } = newUser();
  const replies = await Promise.all(accounts.map(({ users, api }) => api.post(users, newUser({ email }))));
  expect([withStatus(replies, 201).length, withStatus(replies, 409).length]).toEqual([1, 4]);
});

test('somebody joins once, however many ask at once', async () => {
  const [home, other] = [await makeAccount(), await makeAccount()];
  const { id, email } = await home.makeUser();
  const platform = await operator();
  const replies = await times(10, () => platform.post(other.users, newUser({ email, roles: ['user.admin'] })));
  expect([withStatus(replies, 201).length, withStatus(replies, 409).length]).toEqual([1, 9]);
  expect(await other.heard(id)).toEqual(['created']);
});

test('never one user more than are allowed', async () => {
  const { id, users, api, makeUser } = await makeAccount({ allowedUsers: 3 });
  await makeUser();
  const replies = await times(10, () => api.post(users, newUser()));
  expect(withStatus(replies, 201)).toHaveLength(2);
  for (const { body } of withStatus(replies, 409)) expect(body).toEqual(failed(409, 'No more users are allowed here.'));
  expect(await rows('select 1 from users where reseller_id = ?', id)).toHaveLength(3);
});

test('a member from elsewhere takes no place', async () => {
  const [home, other] = [await makeAccount(), await makeAccount({ allowedUsers: 1 })];
  await other.makeUser();
  expect((await enroll(other, await home.makeUser())).primaryTenant).toBe(home.id);
});

test('somebody is deleted once, and whoever changes it meanwhile does that before or not at all', async () => {
  const { users, api, makeUser, heard } = await makeAccount();
  const { id } = await makeUser();
  const path = `${users}/${id}`;
  const replies = await times(6, (index) =>
    index % 2 ? api.delete(path) : api.patch(path, [{ op: 'replace', path: '/displayName', value: `Sam ${index}` }]),
  );
  expect(replies.filter(({ status }) => status !== 200 && status !== 404)).toEqual([]);
  expect(replies.filter(({ status }, index) => index % 2 && status === 200)).toHaveLength(1);
  const changed = replies.filter(({ status }, index) => index % 2 === 0 && status === 200).length;
  expect(await heard(id)).toEqual(['created', ...Array(changed).fill('updated'), 'deleted']);
});

test.each<[string, unknown, string]>([
  ['PATCH', [{ op: 'replace', path: '/displayName', value: 'Sam Roe' }], 'updated'],
  ['DELETE', undefined, 'updated'],
])('an account that somebody joins just before a %s is told of it', async (method, body, told) => {
  const [home, other] = [await makeAccount(), await makeAccount()];
  const user = await home.makeUser();
  let joined = false;
  const join = async () => {
    if (joined) return;
    joined = true;
    await enroll(other, user);
  };
  changeSessions((db) => whileWriting(db, join));
  expect((await home.api.send(method, user.path, body)).status).toBe(200);
  expect(await other.heard(user.id)).toEqual(['created', told]);
});

test('deleted in both of its accounts at once, the user is gone', async () => {
  const [home, other] = [await makeAccount(), await makeAccount()];
  const user = await home.makeUser();
  const there = await enroll(other, user);
  const replies = await Promise.all([home.api.delete(user.path), other.api.delete(there.path)]);
  expect(replies[0].status).toBe(200);
  expect(replies[1].status).toBeOneOf([200, 404]);
  expect(await rows('select 1 from memberships where user_id = ?', user.id)).toEqual([]);
  const heard = await other.heard(user.id);
  expect([heard[0], heard.at(-1)]).toEqual(['created', 'deleted']);
});
