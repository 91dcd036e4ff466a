import { beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../../src/model/users/role.ts';
import { footprint } from '../../support/measures/footprint.ts';
import { acceptAll, done, enroll, failed, invite, makeAccount } from '../../support/people/accounts.ts';
import { makeStaff, signIn } from '../../support/people/staff.ts';
import { muteQueues } from '../../support/queues.ts';
import { callerFor, newOrganization, operator, rows } from '../../support/world.ts';

beforeAll(muteQueues);

const enabled = (value: unknown) => [{ op: 'replace', path: '/enabled', value }];

/** A user of one account who is a member of another as well. */
async function makeShared(...roles: Role[]) {
  const [home, other] = [await makeAccount(), await makeAccount()];
  const user = await home.makeUser();
  return { home, other, user, there: await enroll(other, user, ...roles) };
}

test('a user is disabled and enabled again; both are shown where they deviate', async () => {
  const account = await makeAccount();
  const { path, ...whole } = await account.makeUser('branding.admin');
  const reply = await account.api.patch(path, enabled(false));
  expect([reply.status, reply.body]).toEqual([200, done]);
  expect(await account.shown(whole.id)).toEqual({ ...whole, enabled: false });
  expect((await account.api.get(account.users)).body.data).toEqual([{ ...whole, enabled: false }]);
  expect((await account.api.patch(path, enabled(false))).status).toBe(200);
  expect((await account.api.patch(path, enabled(true))).status).toBe(200);
  expect(await account.shown(whole.id)).toEqual(whole);
  expect(await account.heard(whole.id)).toEqual(['created', 'updated', 'updated']);
});

test('a tenant disables its own membership of a user who belongs elsewhere too, and only that', async () => {
  const { home, other, user, there } = await makeShared('branding.admin');
  const [away, inside] = [await signIn(user, other.id, ['branding:write']), await signIn(user, home.id, [])];
  expect((await other.api.patch(there.path, enabled(false))).status).toBe(200);
  expect((await other.shown(user.id)).enabled).toBe(false);
  expect(await home.shown(user.id)).not.toHaveProperty('enabled');
  expect((await away.get('/v3/me')).status).toBe(401);
  expect((await inside.get('/v3/me')).status).toBe(200);
  expect([await home.heard(user.id), await other.heard(user.id)]).toEqual([['created'], ['created', 'updated']]);
  const again = await signIn(user, other.id, ['branding:write']);
  expect((await again.get('/v3/me')).status).toBe(401);
  expect((await other.api.patch(there.path, enabled(true))).status).toBe(200);
  expect((await (await signIn(user, other.id, [])).get('/v3/me')).status).toBe(200);
});

test('a home tenant disables a user who acts elsewhere; the other tenant hears nothing and loses nothing', async () => {
  const { home, other, user } = await makeShared('user.admin');
  const away = await signIn(user, other.id, ['reseller:user:read']);
  expect((await home.api.patch(user.path, enabled(false))).status).toBe(200);
  expect(await other.heard(user.id)).toEqual(['created']);
  expect(await other.shown(user.id)).not.toHaveProperty('enabled');
  expect((await away.get(other.users)).status).toBe(200);
  expect((await away.get('/v3/me')).body).not.toHaveProperty('disabled');
  expect((await (await signIn(user, home.id, [])).get('/v3/me')).status).toBe(401);
});

test('what others change of a user is told with the state that each tenant gave it', async () => {
  const { home, other, user, there } = await makeShared();
  await other.api.patch(there.path, enabled(false));
  const patch = [{ op: 'replace', path: '/displayName', value: 'Sam Roe' }];
  expect((await home.api.patch(user.path, patch)).status).toBe(200);
  const last = async (id: string) =>
    JSON.parse((await rows('select after from events where reseller_id = ? order by seq desc limit 1', id))[0].after);
  expect(await last(other.id)).toMatchObject({ lastName: 'Roe', disabled: true });
  expect(await last(home.id)).toMatchObject({ lastName: 'Roe', disabled: false });
});

test('a pending membership has no such state, and accepting it leads to an enabled one', async () => {
  const [home, other] = [await makeAccount(), await makeAccount()];
  const user = await home.makeUser();
  const invited = await invite(other, user);
  for (const op of ['replace', 'add']) {
    const reply = await other.api.patch(invited.path, [{ op, path: '/enabled', value: false }]);
    const said = "The target location specified by path segment 'enabled' was not found.";
    expect([reply.status, reply.body]).toEqual([400, failed(400, said)]);
  }
  await acceptAll(user.id);
  expect(await other.shown(user.id)).not.toHaveProperty('enabled');
});

test.each([null, 'false', 0, {}])('a state is true or false, not %j', async (value) => {
  const account = await makeAccount();
  const user = await account.makeUser();
  expect((await account.api.patch(user.path, enabled(value))).status).toBe(400);
  expect((await account.api.patch(user.path, [{ op: 'remove', path: '/enabled' }])).status).toBe(400);
});

describe('rights', () => {
  test('nobody disables its own membership', async () => {
    const account = await makeAccount();
    await account.makeUser('user.admin');
    const admin = await makeStaff(account, { roles: ['user.admin'] });
    const path = `${account.users}/${admin.user.id}`;
    expect((await admin.patch(path, enabled(false))).status).toBe(403);
    expect((await admin.patch(`${account.base}/users/${admin.user.id}`, { disabled: true })).status).toBe(403);
    expect(await account.shown(admin.user.id)).not.toHaveProperty('enabled');
  });

  test('the last user.admin is not disabled, and disabled or pending ones do not count', async () => {
    const [account, other] = [await makeAccount(), await makeAccount()];
    const [first, second] = [await account.makeUser('user.admin'), await account.makeUser('user.admin')];
    await invite(account, await other.makeUser(), 'user.admin');
    expect((await account.api.patch(first.path, enabled(false))).status).toBe(200);
    const before = await footprint();
    expect((await account.api.patch(second.path, enabled(false))).status).toBe(409);
    expect((await account.api.patch(`${account.base}/users/${second.id}`, { disabled: true })).body.code).toBe(
      'LAST_ADMIN',
    );
    expect((await account.api.delete(second.path)).status).toBe(409);
    expect(await footprint()).toEqual(before);
    expect((await account.api.patch(first.path, enabled(true))).status).toBe(200);
    expect((await account.api.patch(second.path, enabled(false))).status).toBe(200);
  });

  test('taking rights needs user.admin, and giving them back all of them', async () => {
    const account = await makeAccount();
    const rich = await account.makeUser('branding.admin');
    const poor = await callerFor(account.id, ['reseller:user:update']);
    expect((await poor.patch(rich.path, enabled(false))).status).toBe(403);
    const admin = await makeStaff(account, { roles: ['user.admin'] });
    expect((await admin.patch(rich.path, enabled(false))).status).toBe(200);
    expect((await admin.patch(rich.path, enabled(true))).status).toBe(403);
    expect((await account.api.patch(rich.path, enabled(true))).status).toBe(200);
    const plain = await account.makeUser();
    expect((await poor.patch(plain.path, enabled(false))).status).toBe(200);
    expect((await poor.patch(plain.path, enabled(true))).status).toBe(200);
  });

  test('a reseller-admin is disabled, and demoted while disabled, only by its equal', async () => {
    const account = await makeAccount();
    const boss = await makeStaff(account, { word: 'reseller-admin' });
    const admin = await makeStaff(account, { roles: ['user.admin'] });
    const path = `${account.base}/users/${boss.user.id}`;
    expect((await admin.patch(path, { disabled: true })).status).toBe(403);
    expect((await account.api.patch(path, { disabled: true })).status).toBe(200);
    expect((await admin.patch(path, { role: 'user' })).status).toBe(403);
    expect((await admin.patch(path, { disabled: false })).status).toBe(403);
    expect((await account.api.patch(path, { disabled: false })).status).toBe(200);
  });

  test('an administrator of one organization stays within it', async () => {
    const account = await makeAccount();
    const { api, base } = account;
    const made = await Promise.all([1, 2].map(() => api.post(`${base}/organizations`, newOrganization())));
    const [own, foreign] = made.map(({ body }) => body.id as string);
    const lead = await makeStaff(account, { word: 'organization-admin', organizationId: own! });
    const inside = await makeStaff(account, { organizationId: own! });
    const outside = await makeStaff(account, { organizationId: foreign! });
    const disable = (id: string, disabled: boolean) => lead.patch(`${base}/users/${id}`, { disabled });
    expect((await disable(inside.user.id, true)).body.disabled).toBe(true);
    expect((await disable(inside.user.id, false)).body).not.toHaveProperty('disabled');
    expect((await disable(outside.user.id, true)).status).toBe(404);
    expect((await disable((await account.makeUser()).id, true)).status).toBe(404);
  });

  test('another tenant disables nothing here', async () => {
    const { home, other, user } = await makeShared();
    expect((await other.api.patch(user.path, enabled(false))).status).toBe(404);
    expect(await home.shown(user.id)).not.toHaveProperty('enabled');
  });
});

test('a disabled membership ends as any other', async () => {
  const { home, other, user, there } = await makeShared();
  await other.api.patch(there.path, enabled(false));
  await home.api.patch(user.path, enabled(false));
  expect((await home.api.delete(user.path)).status).toBe(200);
  expect(await other.shown(user.id)).toMatchObject({ primaryTenant: other.id, enabled: false });
  const counts = () => rows('select user_count, disabled_count from resellers where id in (?, ?)', home.id, other.id);
  expect(await counts()).toEqual([
    { user_count: 0, disabled_count: 0 },
    { user_count: 1, disabled_count: 1 },
  ]);
  expect((await other.api.delete(there.path)).status).toBe(200);
  expect((await counts())[1]).toEqual({ user_count: 0, disabled_count: 0 });
});

test('a new home is one where the user may act', async () => {
  const { home, other, user, there } = await makeShared();
  const third = await makeAccount();
  await enroll(third, user);
  await other.api.patch(there.path, enabled(false));
  expect((await home.api.delete(user.path)).status).toBe(200);
  expect((await third.shown(user.id)).primaryTenant).toBe(third.id);
  expect(await other.shown(user.id)).toMatchObject({ primaryTenant: third.id, enabled: false });
});

test('a disabled user gets no link, and one that has nowhere to go no token', async () => {
  const account = await makeAccount();
  const user = await account.makeUser();
  const token = () => account.api.post(`/v3/users/${user.id}/reset-password-token`);
  await account.api.patch(user.path, enabled(false));
  const mail = await account.api.post(`${user.path}/sendActivationEmail`);
  expect([mail.status, mail.body]).toEqual([409, failed(409, 'This user is disabled. Enable the user first.')]);
  expect((await token()).body.code).toBe('USER_DISABLED');
  const other = await makeAccount();
  await enroll(other, user);
  const given = await (await operator()).post(`/v3/users/${user.id}/reset-password-token`);
  expect(given.status).toBe(201);
  expect(await rows('select reseller_id from activations where user_id = ?', user.id)).toEqual([
    { reseller_id: other.id },
  ]);
});
