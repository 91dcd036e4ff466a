import { applyD1Migrations, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { rows } from '../support/world.ts';

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
    { id: 'd3', event_type: 'reseller.updated', state: 'pending', attempts: 2, next_attempt_at: null },
    { id: 'd4', event_type: 'reseller.updated', state: 'pending', attempts: 2, next_attempt_at: null },
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
