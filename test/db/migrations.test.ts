import { applyD1Migrations, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { uuidv7 } from 'uuidv7';
import { expect, test } from 'vitest';
import { findIdleRemovals } from '../../src/db/users/removal.ts';
import { fanOut } from '../../src/delivery/fanout.ts';
import { runJobs } from '../../src/jobs/index.ts';
import { footprint } from '../support/footprint.ts';
import { muteQueues } from '../support/queues.ts';
import { stoppedWorld } from '../support/stopped-world.ts';
import { callerFor, rows, unique } from '../support/world.ts';

const insert = (table: string, fields: Record<string, string | number | null>) =>
  rows(
    `insert into ${table} (${Object.keys(fields).join(', ')}) values (${Object.keys(fields).fill('?').join(', ')})`,
    ...Object.values(fields),
  );

const reseller = (id: string, deletedAt: number | null) =>
  insert('resellers', {
    id,
    name: id,
    name_key: id,
    email: 'e',
    email_key: 'e',
    description: '',
    allowed_users: -1,
    allowed_organizations: -1,
    created_at: 1,
    updated_at: 1,
    deleted_at: deletedAt,
  });
const endpoint = (id: string, resellerId: string | null, enabled: number, status: string) =>
  insert('webhook_endpoints', {
    id,
    reseller_id: resellerId,
    name: id,
    name_key: id,
    url: 'https://example.com',
    sealed_token: 't',
    enabled,
    events: '["*"]',
    status,
    after_seq: 0,
    created_at: 1,
    updated_at: 7,
  });
const event = (id: string) =>
  insert('events', {
    id,
    reseller_id: 'r',
    type: 'reseller.updated',
    actor: 'a',
    subject: 's',
    request_id: 'q',
    occurred_at: 1,
  });
const delivery = (id: string, eventId: string, endpointId: string, state: string) =>
  insert('webhook_deliveries', {
    id,
    event_id: eventId,
    endpoint_id: endpointId,
    state,
    attempts: 2,
    next_attempt_at: 9,
    created_at: 1,
  });
const attempt = (id: string, deliveryId: string, at: number, statusCode: number | null) =>
  insert('webhook_attempts', {
    id,
    delivery_id: deliveryId,
    attempted_at: at,
    duration_ms: 3,
    status_code: statusCode,
    reason: 'x',
  });

test('the webhook service keeps every delivery and attempt of the version before', async () => {
  await reset();
  await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, 1));
  await reseller('r', null);
  await reseller('gone', 5);
  await endpoint('on', 'r', 1, 'unhealthy');
  await endpoint('off', 'r', 0, 'healthy');
  await endpoint('orphan', 'gone', 1, 'healthy');
  for (const id of ['e1', 'e2']) await event(id);
  await delivery('d1', 'e1', 'on', 'pending');
  await delivery('d2', 'e2', 'on', 'delivered');
  await delivery('d3', 'e1', 'off', 'pending');
  await delivery('d4', 'e1', 'orphan', 'pending');
  await attempt('a2', 'd2', 20, 200);
  await attempt('a1', 'd2', 10, null);
  await attempt('a3', 'd1', 10, 500);

  await applyD1Migrations(env.DB, env.MIGRATIONS);

  expect(
    await rows('select id, event_type, state, attempts, next_attempt_at from webhook_deliveries order by id'),
  ).toEqual([
    { id: 'd1', event_type: 'reseller.updated', state: 'pending', attempts: 2, next_attempt_at: 9 },
    { id: 'd2', event_type: 'reseller.updated', state: 'delivered', attempts: 2, next_attempt_at: null },
    { id: 'd3', event_type: 'reseller.updated', state: 'pending', attempts: 2, next_attempt_at: 1 },
    { id: 'd4', event_type: 'reseller.updated', state: 'pending', attempts: 2, next_attempt_at: 1 },
  ]);
  expect(
    await rows('select id, endpoint_id, reseller_id, event_id, attempt, status from webhook_attempts order by id'),
  ).toEqual([
    { id: 'a1', endpoint_id: 'on', reseller_id: 'r', event_id: 'e2', attempt: 1, status: 'failed' },
    { id: 'a2', endpoint_id: 'on', reseller_id: 'r', event_id: 'e2', attempt: 2, status: 'delivered' },
    { id: 'a3', endpoint_id: 'on', reseller_id: 'r', event_id: 'e1', attempt: 1, status: 'failed' },
  ]);
  expect(await rows('select id, enabled, failing_since from webhook_endpoints order by id')).toEqual([
    { id: 'off', enabled: 0, failing_since: null },
    { id: 'on', enabled: 1, failing_since: 7 },
    { id: 'orphan', enabled: 0, failing_since: null },
  ]);
  expect(await rows('pragma foreign_key_check')).toEqual([]);
  await rows("delete from webhook_endpoints where id = 'on'");
  expect(await rows('select id from webhook_attempts')).toEqual([]);
});

/** Rows as the version before 0003 had them; ids are UUIDs, since what they name is read by the API afterwards. */
const CUSTOMER = {
  name: 'Acme',
  email: 'it@example.com',
  description: 'd',
  allowedUsers: 5,
  addressLine1: '1 Main',
  addressLine2: '',
  city: 'Bern',
  state: 'BE',
  country: 'Switzerland',
  postalCode: '03000',
};
const organization = (id: string, resellerId: string) =>
  insert('organizations', {
    id,
    reseller_id: resellerId,
    name: CUSTOMER.name,
    name_key: 'acme',
    email: CUSTOMER.email,
    email_key: CUSTOMER.email,
    description: CUSTOMER.description,
    allowed_users: CUSTOMER.allowedUsers,
    address_line1: CUSTOMER.addressLine1,
    address_line2: '',
    city: CUSTOMER.city,
    state: CUSTOMER.state,
    country: CUSTOMER.country,
    postal_code: CUSTOMER.postalCode,
    created_at: 10,
    updated_at: 11,
  });
const user = (id: string, resellerId: string, organizationId: string | null, hash: string | null) =>
  insert('users', {
    id,
    reseller_id: resellerId,
    organization_id: organizationId,
    first_name: 'Jane',
    last_name: 'Doe',
    name_key: 'jane doe',
    email: `${id}@example.com`,
    email_key: `${id}@example.com`,
    role: 'organization-admin',
    company: 'c',
    allow_customer_portal_access: 1,
    password_hash: hash,
    created_at: 20,
    updated_at: 21,
  });

/** The snapshots that events had before 0003. */
const organizationThen = (id: string, resellerId: string) => ({
  id,
  resellerId,
  ...CUSTOMER,
  createdAt: 10,
  updatedAt: 11,
});
const userThen = (id: string, resellerId: string, within: object | null) => ({
  id,
  resellerId,
  organization: within,
  firstName: 'Jane',
  lastName: 'Doe',
  email: `${id}@example.com`,
  role: 'organization-admin',
  company: 'c',
  allowCustomerPortalAccess: true,
  twoFactorEnabled: false,
  googleSsoEnabled: false,
  lastLoginAt: null,
  createdAt: 20,
  updatedAt: 21,
});
const told = (id: string, resellerId: string, type: string, before: object | null, after: object | null) =>
  insert('events', {
    id,
    reseller_id: resellerId,
    type,
    actor: 'client:x',
    subject: 's',
    before: before && JSON.stringify(before),
    after: after && JSON.stringify(after),
    request_id: 'q',
    occurred_at: Date.now(),
    relay_at: 1,
  });

/** A database of the version before 0003 with a reseller, its customer, a user in it and one beside it. */
async function before0003() {
  await reset();
  await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, 2));
  const ids = { reseller: uuidv7(), organization: uuidv7(), member: uuidv7(), single: uuidv7() };
  await reseller(ids.reseller, null);
  await organization(ids.organization, ids.reseller);
  await user(ids.member, ids.reseller, ids.organization, 'p1$argon2id$hash');
  await user(ids.single, ids.reseller, null, null);
  return ids;
}

test('the customers keep every organization and user of the version before, with what nobody could say blank', async () => {
  const ids = await before0003();
  const was = {
    organizations: await rows('select * from organizations'),
    users: await rows('select * from users order by id'),
    resellers: await rows('select * from resellers'),
  };
  expect(was.resellers).toMatchObject([{ user_count: 2, organization_count: 1 }]);

  await applyD1Migrations(env.DB, env.MIGRATIONS);

  expect(await rows('select * from resellers')).toMatchObject(was.resellers);
  expect(await rows('select * from organizations')).toEqual(
    was.organizations.map((row) => ({
      ...row,
      company_name: '',
      industry: '',
      sector: '',
      number_of_employees: null,
      secrecy_applies: 0,
      sensitive_attributes: '',
      technical_interface: 0,
      deleted_address: '',
      deleted_agent: '',
      disabled_count: 0,
    })),
  );
  // Whoever was there was given a password, and so counts as verified.
  const proved = { email_verified_at: null, prepared_scopes: null, prepared_at: null, admin_count: 0 };
  const known = {
    google_unlinked_at: null,
    disabled: 0,
    job_title: '',
    phone: '',
    language: 'en',
    verified_at: 20,
    ...proved,
  };
  expect(await rows('select * from users order by id')).toEqual(was.users.map((row) => ({ ...row, ...known })));
  expect(was.organizations).toMatchObject([{ user_count: 1 }]);
  expect(await rows('pragma foreign_key_check')).toEqual([]);

  const api = await callerFor(ids.reseller);
  expect((await api.get('/reseller/customers')).body).toMatchObject([
    {
      customer_id: ids.organization,
      organizational_info: {
        company_name: '',
        number_of_employees: null,
        address: { zip_code: '03000', country: null },
      },
    },
  ]);
  const users = `/reseller/customers/${ids.organization}/users`;
  expect((await api.get(users)).body).toMatchObject([{ user_id: ids.member, job_title: '', role: 'manager' }]);
  expect((await api.put(`${users}/${ids.member}`, { job_title: 'Lead' })).status).toBe(204);
  expect((await api.get(`/v3/resellers/${ids.reseller}/users/${ids.member}`)).body).toMatchObject({
    firstName: 'Jane',
  });
  expect((await api.delete(`${users}/${ids.member}`)).status).toBe(204);
  expect(await rows('select user_count from organizations')).toEqual([{ user_count: 0 }]);
});

test.each([
  ['organizations', 'number_of_employees = -1'],
  ['organizations', 'secrecy_applies = 2'],
  ['organizations', 'technical_interface = 2'],
  ['organizations', 'company_name = null'],
  ['users', "language = 'it'"],
  ['users', 'job_title = null'],
])('no row of %s takes %s', async (table, assignment) => {
  await before0003();
  await applyD1Migrations(env.DB, env.MIGRATIONS);
  await expect(rows(`update ${table} set ${assignment}`)).rejects.toThrow(/constraint/i);
});

test('events from before the customers are read in the feed, and fanned out', async () => {
  const ids = await before0003();
  const within = organizationThen(ids.organization, ids.reseller);
  const member = userThen(ids.member, ids.reseller, within);
  const single = userThen(ids.single, ids.reseller, null);
  const old: [id: string, type: string, before: object | null, after: object | null][] = [
    [uuidv7(), 'reseller.organization.created', null, within],
    [uuidv7(), 'reseller.organization.updated', within, within],
    [uuidv7(), 'reseller.user.created', null, member],
    [uuidv7(), 'reseller.user.updated', single, single],
    [uuidv7(), 'reseller.user.deleted', member, null],
    [uuidv7(), 'reseller.organization.deleted', within, null],
  ];
  for (const [id, type, before, after] of old) await told(id, ids.reseller, type, before, after);
  await endpoint(uuidv7(), ids.reseller, 1, 'healthy');

  await applyD1Migrations(env.DB, env.MIGRATIONS);

  const api = await callerFor(ids.reseller);
  const feed = await api.get('/v3/events');
  expect(feed.status).toBe(200);
  expect(feed.body.map(({ id, event }: { id: string; event: string }) => [id, event])).toEqual(
    old.map(([id, type]) => [id, type]),
  );
  expect(feed.body[2].data).toMatchObject({ email: member.email, organization: { name: 'Acme' } });
  await fanOut(
    stoppedWorld().worker,
    old.map(([id]) => id),
  );
  const bodies = await rows<{ id: string; body: string; relay_at: number | null }>(
    'select id, body, relay_at from events',
  );
  for (const { id, event, data } of feed.body) {
    const row = bodies.find((one) => one.id === id);
    expect(JSON.parse(row?.body ?? '')).toMatchObject({ event, data });
    expect(row?.relay_at).toBeNull();
  }
  expect(await rows('select event_id from webhook_deliveries')).toHaveLength(old.length);
});

test('whom the Worker of the version before gives a password after the migration is nobody to invite', async () => {
  muteQueues();
  const ids = await before0003();
  await applyD1Migrations(env.DB, env.MIGRATIONS);
  const late = uuidv7();
  await user(late, ids.reseller, null, 'p1$argon2id$hash');
  const api = await callerFor(ids.reseller);
  const moved = { email: `${unique('moved')}@example.com` };
  expect((await api.patch(`/v3/resellers/${ids.reseller}/users/${late}`, moved)).status).toBe(200);
  const updates = await rows("select id from events where subject = ? and type = 'reseller.user.updated'", late);
  expect(updates).toHaveLength(1);
  await fanOut(stoppedWorld().worker, [updates[0].id]);
  expect(await rows('select template from emails where user_id = ?', late)).toEqual([{ template: 'security-notice' }]);
});

test("the accounts have everybody of the version before: staff on the pages, customers' people with no role", async () => {
  const ids = await before0003();
  await applyD1Migrations(env.DB, env.MIGRATIONS);
  expect(await rows('select user_id, roles from memberships order by roles')).toEqual([
    { user_id: ids.single, roles: '["account.user"]' },
    { user_id: ids.member, roles: '[]' },
  ]);
  expect(await rows('select enabled, timezone, country_code, reference from resellers')).toEqual([
    { enabled: 1, timezone: null, country_code: null, reference: '' },
  ]);
  const api = await callerFor(ids.reseller);
  const listed = await api.get(`/v1.0/accounts/${ids.reseller}/users`);
  expect(listed.body.data.map(({ id }: { id: string }) => id).sort()).toEqual([ids.member, ids.single].sort());
});

test('jobs keep their leases, and what was deleted before goes on its way out', async () => {
  const ids = await before0003();
  const last = env.MIGRATIONS.findIndex(({ name }) => name.startsWith('0011'));
  await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, last));
  await rows("insert into jobs (name, leased_until) values ('sweep', 7)");
  await rows('update organizations set deleted_at = 1, updated_at = 1 where id = ?', ids.organization);
  await rows('update resellers set deleted_at = 1 where id = ?', ids.reseller);
  const before = await footprint();

  await applyD1Migrations(env.DB, env.MIGRATIONS);

  expect(await footprint()).toEqual(before);
  expect(await rows('select * from jobs')).toMatchObject([
    { name: 'sweep', leased_until: 7, counts: '{}', failures: '[]' },
  ]);
  expect(await findIdleRemovals(env.DB, 1)).toEqual([{ organizationId: ids.organization }]);
  const { worker } = stoppedWorld();
  for (let runs = 0; runs < 2; runs++) await runJobs(worker, '* * * * *');
  for (const table of ['users', 'organizations', 'resellers']) expect(await rows(`select 1 from ${table}`)).toEqual([]);
});
