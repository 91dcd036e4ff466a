import { env } from 'cloudflare:workers';
import { beforeAll, expect, test, vi } from 'vitest';
import { deletedResellers } from '../../src/jobs/deleted-resellers.ts';
import { expire } from '../../src/jobs/expire.ts';
import { runJobs } from '../../src/jobs/index.ts';
import { runJob } from '../../src/jobs/run.ts';
import {
  DELETED_RESELLER_CHUNK_ROWS,
  DELETED_RESELLERS_PER_RUN,
  DELETED_RETENTION_MS,
  DELETED_USERS_CHUNK,
} from '../../src/model/limits/index.ts';
import type { Json } from '../support/api.ts';
import { acceptAll, invite } from '../support/people/accounts.ts';
import { addMembers } from '../support/people/subscribers.ts';
import { makeTenant, rowsOf, tablesOf } from '../support/people/tenant.ts';
import { muteQueues } from '../support/queues.ts';
import { stoppedWorld, withSettings } from '../support/stopped-world.ts';
import { makeReseller, newUser, operator, rows, unique } from '../support/world.ts';

const DAY = 86_400_000;

beforeAll(muteQueues);

/** Deletes it and gives the time of that. */
async function remove({ id }: { id: string }): Promise<number> {
  expect((await (await operator()).delete(`/v3/resellers/${id}`)).status).toBe(204);
  return (await rows('select deleted_at from resellers where id = ?', id))[0].deleted_at;
}

/** Rows without in how many resellers a user is a user.admin, which counts the memberships that go. */
const withoutCounts = (found: Awaited<ReturnType<typeof rowsOf>>): typeof found =>
  JSON.parse(JSON.stringify(found, (name, value) => (name === 'admin_count' ? undefined : value)));

/** The minutes from that time on, until there is no more to do. */
async function minutesAt(nowMs: number, most = 40) {
  const world = stoppedWorld(nowMs);
  for (let minutes = 0; minutes < most; minutes++) {
    await runJobs(world.worker, '* * * * *');
    world.clock.nowMs += 60_000;
    const [job] = await rows("select more, counts from jobs where name = 'deleted-resellers'");
    if (job.more === 0 && job.counts === '{}') break;
  }
  return world;
}

const account = async ({ id }: { id: string }) => (await operator()).get(`/v1.0/accounts/${id}`);

test('a deleted reseller is kept for 30 days to the millisecond, then all beneath it goes, with the bytes of its objects', async () => {
  const tenant = await makeTenant();
  expect((await tablesOf(tenant.id)).sort()).toEqual((await tablesOf((await makeTenant()).id)).sort());
  expect(await tablesOf(tenant.id)).toHaveLength(27);
  const deletedAt = await remove(tenant);
  await minutesAt(deletedAt + DELETED_RETENTION_MS - 1 - 60_000, 2);
  expect((await rows('select count(*) as users from users where reseller_id = ?', tenant.id))[0].users).toBe(2);
  expect(await account(tenant)).toMatchObject({ status: 200, body: { data: { dateDeleted: expect.any(String) } } });
  expect(await tenant.blobs()).toBe(2);

  await minutesAt(deletedAt + DELETED_RETENTION_MS);
  // The audit log stays, as long as it says; nothing else does.
  expect((await tablesOf(tenant.id)).filter((table) => table !== 'events')).toEqual(['resellers']);
  expect(await tenant.blobs()).toBe(0);
  expect((await env.STORAGE.list({ prefix: `default/${tenant.storage.id}` })).objects).toEqual([]);
  expect(await account(tenant)).toMatchObject({ status: 404 });
  expect((await rows('select * from resellers where id = ?', tenant.id))[0]).toMatchObject({
    name: '',
    name_key: '',
    email: '',
    email_key: '',
    description: '',
    reference: '',
    timezone: null,
    country_code: null,
    user_count: 0,
  });
});

test('an address of a deleted reseller is taken until it is purged, and free afterwards', async () => {
  const tenant = await makeTenant();
  const other = await makeReseller();
  const again = { ...newUser(), email: tenant.user.email };
  const deletedAt = await remove(tenant);
  expect(await other.api.post(`${other.base}/users`, again)).toMatchObject({ status: 409 });
  await minutesAt(deletedAt + DELETED_RETENTION_MS);
  expect(await other.api.post(`${other.base}/users`, again)).toMatchObject({ status: 201 });
});

test('the row of a purged reseller goes with the last event that names it', async () => {
  const tenant = await makeTenant();
  const { id } = tenant;
  const deletedAt = await remove(tenant);
  await minutesAt(deletedAt + DELETED_RETENTION_MS - DAY, 2);
  await rows(
    "update events set id = 'ffffffff' || substr(id, 9) where reseller_id = ? and type = 'reseller.deleted'",
    id,
  );
  await minutesAt(deletedAt + DELETED_RETENTION_MS + DAY);
  expect(await rows('select purged_at > 0 as purged from resellers where id = ?', id)).toEqual([{ purged: 1 }]);
  await rows('delete from events where reseller_id = ?', id);
  await minutesAt(deletedAt + DELETED_RETENTION_MS + DAY, 1);
  expect(await rows('select 1 from resellers where id = ?', id)).toEqual([]);
});

test('nothing of another reseller is touched, but for the memberships that its users had in the one that goes', async () => {
  const [tenant, other] = [await makeTenant(), await makeTenant()];
  const users = `/v1.0/accounts/${tenant.id}/users`;
  const guest = { email: other.user.email, displayName: 'Guest', roles: ['user.admin'] };
  expect((await (await operator()).post(users, guest)).status).toBe(201);
  const at = (await remove(tenant)) + DELETED_RETENTION_MS + DAY;
  const { worker } = stoppedWorld(at);
  for (let runs = 0; runs < 3; runs++) await runJob(worker, expire);
  const kept = async () => withoutCounts(await rowsOf(other.id));
  const [before, blobs] = [await kept(), await other.blobs()];
  for (let runs = 0; runs < 3; runs++) await runJob(worker, deletedResellers);
  expect((await tablesOf(tenant.id)).filter((table) => table !== 'events')).toEqual(['resellers']);
  expect(await kept()).toEqual(before);
  expect(Object.values(before).flat().length).toBeGreaterThan(15);
  expect(await other.blobs()).toBe(blobs);
});

/** A user of a tenant with a password and a second factor, whom other tenants invite. */
async function makeGuest(tenant: Awaited<ReturnType<typeof makeReseller>>, others: readonly { id: string }[]) {
  const details = { ...newUser(), password: 'Chosen-by-the-0wner', phone: '+41 44 123', company: 'Home' };
  const { body: user } = await tenant.api.post(`${tenant.base}/users`, details);
  for (const { id } of others) await invite({ users: `/v1.0/accounts/${id}/users` }, user, 'branding.admin');
  await rows("insert into totp_secrets (user_id, sealed_secret, created_at) values (?, 's', 1)", user.id);
  const row = async () => (await rows('select * from users where id = ?', user.id))[0];
  const told = (): Promise<Json[]> =>
    rows('select id, reseller_id, type, actor, before, after from events where subject = ? order by seq', user.id);
  return { id: user.id as string, row, told };
}

test('a person who is a member elsewhere moves there at once, to the oldest tenant that is enabled, and is kept', async () => {
  const [tenant, closed, next, last] = await Promise.all(Array.from({ length: 4 }, makeReseller));
  const others = [closed!, next!, last!];
  const user = await makeGuest(tenant!, others);
  for (const [index, { id }] of others.entries())
    await rows('update memberships set accepted_at = ? where user_id = ? and reseller_id = ?', index + 1, user.id, id);
  await rows('update resellers set enabled = 0 where id = ?', closed!.id);
  const before = await user.row();
  const heard = (await user.told()).length;
  const { sent } = await minutesAt(await remove(tenant!), 3);
  expect(await user.row()).toEqual({
    ...before,
    reseller_id: next!.id,
    company: '',
    phone: '',
    updated_at: expect.any(Number),
  });
  const told = (await user.told()).slice(heard);
  expect(told.map(({ reseller_id: id, type, actor }) => [id, type, actor])).toEqual(
    others.map(({ id }) => [id, 'reseller.user.updated', `reseller:${tenant!.id}`]),
  );
  for (const { id, before: from, after } of told) {
    expect(JSON.parse(from)).toMatchObject({ resellerId: tenant!.id, phone: '', company: '' });
    expect(JSON.parse(after)).toMatchObject({ resellerId: next!.id, phone: '', company: '' });
    expect(sent.events).toContainEqual({ body: { eventId: id } });
  }
  const held = await rows('select reseller_id from memberships where user_id = ? order by accepted_at', user.id);
  expect(held.map(({ reseller_id: id }) => id)).toEqual(others.map(({ id }) => id));
  expect(await rows('select user_count from resellers where id in (?, ?)', tenant!.id, next!.id)).toEqual(
    expect.arrayContaining([{ user_count: 0 }, { user_count: 1 }]),
  );
  const renamed = [{ op: 'replace', path: '/displayName', value: 'Guest of old' }];
  expect((await next!.api.patch(`/v1.0/accounts/${next!.id}/users/${user.id}`, renamed)).status).toBe(200);
  await minutesAt(Date.now() + DELETED_RETENTION_MS + DAY);
  expect((await tablesOf(tenant!.id)).filter((table) => table !== 'events')).toEqual(['resellers']);
  expect((await user.row()).password_hash).toBe(before.password_hash);
  expect(await rows('select 1 from totp_secrets where user_id = ?', user.id)).toHaveLength(1);
});

test('a person whom another tenant only invites goes with the reseller, and that tenant hears of it', async () => {
  const [tenant, other] = [await makeReseller(), await makeReseller()];
  const user = await makeGuest(tenant, [other]);
  const deletedAt = await remove(tenant);
  await minutesAt(deletedAt, 3);
  expect(await user.row()).toMatchObject({ reseller_id: tenant.id });
  const { worker, sent } = stoppedWorld(deletedAt + DELETED_RETENTION_MS);
  await runJob(worker, deletedResellers);
  const [told] = (await user.told()).filter(({ type }) => type === 'reseller.user.deleted');
  expect(told).toMatchObject({ reseller_id: other.id, actor: `reseller:${tenant.id}`, after: null });
  expect(JSON.parse(told.before)).toMatchObject({ id: user.id, phone: '', organization: null, membership: 'pending' });
  expect(sent.events).toContainEqual({ body: { eventId: told.id } });
  expect(await rows('select 1 from memberships where user_id = ?', user.id)).toEqual([]);
});

test('a person of two resellers that are both deleted goes with the one that it moved to', async () => {
  const [tenant, other] = [await makeReseller(), await makeReseller()];
  const user = await makeGuest(tenant, [other]);
  await acceptAll(user.id);
  await minutesAt(await remove(tenant), 3);
  expect(await user.row()).toMatchObject({ reseller_id: other.id });
  await minutesAt((await remove(other)) + DELETED_RETENTION_MS);
  expect(await user.row()).toBeUndefined();
});

test('a reseller of the one that goes is a tenant of its own, and keeps its parent as long as it is there', async () => {
  const tenant = await makeReseller();
  const below = await (await operator()).post('/v1.0/accounts', { name: unique('Below'), parentTenantId: tenant.id });
  const { id } = below.body.data;
  const deletedAt = await remove(tenant);
  await minutesAt(deletedAt + DELETED_RETENTION_MS);
  await rows('delete from events where reseller_id = ?', tenant.id);
  await minutesAt(deletedAt + DELETED_RETENTION_MS, 1);
  expect(await account(tenant)).toMatchObject({ status: 404 });
  expect((await account({ id })).body.data).toMatchObject({ parentTenantId: tenant.id, dateDeleted: null });
  await rows('delete from events where reseller_id = ?', id);
  await rows('delete from resellers where id = ?', id);
  await minutesAt(deletedAt + DELETED_RETENTION_MS, 1);
  expect(await rows('select 1 from resellers where id = ?', tenant.id)).toEqual([]);
});

test('a large reseller goes over several runs, and keeps no small one waiting', async () => {
  const [large, small] = [await makeReseller(), await makeTenant()];
  await addMembers(large.id, DELETED_USERS_CHUNK * 40);
  const deletedAt = Math.max(await remove(large), await remove(small));
  const world = stoppedWorld(deletedAt + DELETED_RETENTION_MS);
  const count = async (id: string) =>
    (await rows('select count(*) as users from users where reseller_id = ?', id))[0].users;
  await runJobs(world.worker, '* * * * *');
  expect(await count(small.id)).toBe(0);
  const left = await count(large.id);
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(DELETED_USERS_CHUNK * 40);
  expect(await rows("select more from jobs where name = 'deleted-resellers'")).toEqual([{ more: 1 }]);
  await minutesAt(deletedAt + DELETED_RETENTION_MS + 60_000);
  expect(await count(large.id)).toBe(0);
});

test('those whose bytes cannot be deleted keep no other waiting, however many they are', async () => {
  const stuck = await Promise.all(Array.from({ length: DELETED_RESELLERS_PER_RUN + 1 }, () => makeReseller()));
  for (const { id } of stuck) {
    await rows(
      `insert into storage_accounts (id, reseller_id, name, name_key, jurisdiction, quota_bytes, created_at, updated_at)
       values (?1, ?1, 'a', 'a', 'eu', 1, 1, 1)`,
      id,
    );
    await rows(
      `insert into storage_objects (id, storage_account_id, key, state, since, size, etag, content_type)
       values (?1, ?1, 'k', 'stored', 1, 1, 'e', 't')`,
      id,
    );
    await remove({ id });
  }
  const behind = await makeReseller();
  const world = stoppedWorld((await remove(behind)) + DELETED_RETENTION_MS);
  const blobs = { delete: () => Promise.reject(new Error('down')) } as unknown as R2Bucket;
  const broken = withSettings(world.worker, { blobs });
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  for (let minutes = 0; minutes < 3; minutes++) {
    await runJob(broken, expire);
    await runJob(broken, deletedResellers);
    world.clock.nowMs += 60_000;
  }
  said.mockRestore();
  expect(await rows('select purged_at > 0 as purged from resellers where id = ?', behind.id)).toEqual([{ purged: 1 }]);
  await minutesAt(world.clock.nowMs);
  expect(await rows('select 1 from resellers where deleted_at > 0 and purged_at is null')).toEqual([]);
});

test('many rows of one table go, too', async () => {
  const tenant = await makeReseller();
  await rows(
    `insert into status_updates (id, reseller_id, title, body, severity, actor, created_at)
     with recursive n (i) as (select 1 union all select i + 1 from n where i < ?) select ? || i, ?, 't', 'b', 'info', 'a', i from n`,
    DELETED_RESELLER_CHUNK_ROWS * 3 + 1,
    tenant.id,
    tenant.id,
  );
  await rows(
    'insert into status_update_progress (status_update_id) select id from status_updates where reseller_id = ?',
    tenant.id,
  );
  const deletedAt = await remove(tenant);
  await minutesAt(deletedAt + DELETED_RETENTION_MS);
  expect((await tablesOf(tenant.id)).filter((table) => table !== 'events')).toEqual(['resellers']);
});
