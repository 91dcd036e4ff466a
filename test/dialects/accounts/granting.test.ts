import { beforeAll, describe, expect, test } from 'vitest';
import type { Scope } from '../../../src/model/clients/scope.ts';
import type { Role } from '../../../src/model/users/role.ts';
import { Caller } from '../../support/api.ts';
import { footprint } from '../../support/measures/footprint.ts';
import { failed, makeAccount, newUser } from '../../support/people/accounts.ts';
import { makeStaff, setRoles } from '../../support/people/staff.ts';
import { muteQueues } from '../../support/queues.ts';
import { callerFor, newUser as newV3User, rows, tokenOf } from '../../support/world.ts';

beforeAll(muteQueues);

const USERS: Scope[] = ['reseller:user:create', 'reseller:user:read', 'reseller:user:update', 'reseller:user:delete'];
const refused = (scope: Scope) => failed(403, `Nobody can give or take over the right ${scope} without having it.`);

/** Everybody who may change users and no more than that, by the kind of its credential. */
const clerks: Record<string, (account: Awaited<ReturnType<typeof makeAccount>>) => Promise<Caller>> = {
  'a user.admin': (account) => makeStaff(account, { roles: ['user.admin'] }),
  'a narrow client': ({ id }) => callerFor(id, USERS),
  "a client's narrowed token": async ({ api }) => new Caller(await tokenOf(api.client, USERS.join(' '))),
  "a strong user's narrowed token": async (account) =>
    (await makeStaff(account, { word: 'reseller-admin' })).claiming(USERS),
  'a user.admin whose token claims everything': async (account) =>
    (await makeStaff(account, { roles: ['user.admin'] })).claiming(),
  'a client whose rights were withdrawn': async ({ id, api }) => {
    await rows(
      'update api_clients set scopes = ? where reseller_id = ? and id = ?',
      USERS.join(' '),
      id,
      api.client.id,
    );
    return api;
  },
};

describe.each(Object.keys(clerks))('%s', (kind) => {
  const make = async (...roles: Role[]) => {
    const account = await makeAccount();
    await account.makeUser('user.admin');
    const user = await account.makeUser(...roles);
    return { ...account, user, clerk: await clerks[kind]!(account) };
  };

  test('gives what it has, and takes what it has not', async () => {
    const { users, user, clerk, shown } = await make('branding.admin');
    expect((await clerk.post(users, newUser({ roles: ['user.admin', 'account.service.status'] }))).status).toBe(201);
    const patch = [{ op: 'replace', path: '/roles', value: ['user.admin'] }];
    expect((await clerk.patch(`${users}/${user.id}`, patch)).status).toBe(200);
    expect((await shown(user.id)).roles).toEqual(['user.admin']);
    expect((await clerk.delete(`${users}/${user.id}`)).status).toBe(200);
  });

  test.each<[Role, Scope]>([
    ['branding.admin', 'branding:write'],
    ['customer.admin', 'reseller:organization:create'],
    ['onboarding.admin', 'client:read'],
    ['webhooks.admin', 'webhook:read'],
    ['account.storage.admin', 'storage:read'],
  ])('gives nobody %s', async (role, scope) => {
    const { users, user, clerk } = await make();
    const before = await footprint();
    const replies = [
      await clerk.post(users, newUser({ roles: ['user.admin', role] })),
      await clerk.patch(`${users}/${user.id}`, [{ op: 'add', path: '/roles/-', value: role }]),
      await clerk.patch(`${users}/${user.id}`, [{ op: 'replace', path: '/roles', value: [role] }]),
    ];
    for (const reply of replies) expect([reply.status, reply.body]).toEqual([403, refused(scope)]);
    expect(await footprint()).toEqual(before);
  });

  test("makes nobody v3's reseller-admin", async () => {
    const { base, user, clerk } = await make();
    const before = await footprint();
    const role = 'reseller-admin';
    for (const reply of [
      await clerk.post(`${base}/users`, { ...newV3User(), role }),
      await clerk.patch(`${base}/users/${user.id}`, { role }),
    ])
      expect([reply.status, reply.body.message]).toEqual([403, expect.stringContaining('without having it')]);
    expect(await footprint()).toEqual(before);
    for (const harmless of ['Reseller-Admin', 'branding.admin', 'user'])
      expect((await clerk.patch(`${base}/users/${user.id}`, { role: harmless })).status).toBe(200);
  });

  test.each<[string, Role[], string]>([
    ['branding.admin', ['branding.admin'], 'user'],
    ["v3's reseller-admin", [], 'reseller-admin'],
  ])('takes no %s over by another address', async (_, roles, word) => {
    const { base, users, user: strong, clerk } = await make();
    await rows('update memberships set roles = ? where user_id = ?', JSON.stringify(roles), strong.id);
    await rows('update users set role = ? where id = ?', word, strong.id);
    const before = await footprint();
    const { email } = newUser();
    for (const reply of [
      await clerk.patch(`${users}/${strong.id}`, [{ op: 'replace', path: '/email', value: email }]),
      await clerk.patch(`${base}/users/${strong.id}`, { email }),
    ])
      expect([reply.status, reply.body.message]).toEqual([403, expect.stringContaining('without having it')]);
    expect(await footprint()).toEqual(before);
    const renamed = [{ op: 'replace', path: '/displayName', value: 'Sam Roe' }];
    expect((await clerk.patch(`${users}/${strong.id}`, renamed)).status).toBe(200);
  });
});

test('nobody lifts itself', async () => {
  const account = await makeAccount();
  const staff = await makeStaff(account, { roles: ['user.admin'] });
  const { users, base } = account;
  const mine = `${users}/${staff.user.id}`;
  for (const claiming of [staff, await staff.claiming()]) {
    expect((await claiming.patch(mine, [{ op: 'add', path: '/roles/-', value: 'branding.admin' }])).status).toBe(403);
    expect((await claiming.patch(`${base}/users/${staff.user.id}`, { role: 'reseller-admin' })).status).toBe(403);
  }
  expect((await account.shown(staff.user.id)).roles).toEqual(['account.user', 'user.admin']);
});

test('what somebody lost it gives no more, though its token was signed before', async () => {
  const account = await makeAccount();
  const { id, api, users } = account;
  const staff = await makeStaff(account, { roles: ['user.admin', 'branding.admin'] });
  const give = () => staff.post(users, newUser({ roles: ['branding.admin'] }));
  expect((await give()).status).toBe(201);
  await setRoles(api, id, staff.user.id, ['account.user', 'user.admin']);
  const reply = await give();
  expect([reply.status, reply.body]).toEqual([403, refused('branding:write')]);
});

test('a role that somebody has already is not given by keeping it', async () => {
  const account = await makeAccount();
  const clerk = await makeStaff(account, { roles: ['user.admin'] });
  const user = await account.makeUser('branding.admin');
  const patch = [{ op: 'add', path: '/roles/0', value: 'user.admin' }];
  expect((await clerk.patch(`${account.users}/${user.id}`, patch)).status).toBe(200);
  expect((await account.shown(user.id)).roles).toEqual(['user.admin', 'account.user', 'branding.admin']);
});
