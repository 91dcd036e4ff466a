import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { RETENTION_RULES } from '../../src/db/jobs/expire.ts';
import { jobStates } from '../../src/db/jobs/job-states.ts';
import type { Db } from '../../src/db/sql/statement.ts';
import { expire } from '../../src/jobs/expire.ts';
import { runJob } from '../../src/jobs/run.ts';
import { sweep } from '../../src/jobs/sweep.ts';
import {
  DELIVERY_RETENTION_MS,
  JOB_LEASE_MS,
  PURGE_ROWS,
  REFUSAL_COOLDOWN_MS,
  WEBHOOK_OVERDUE_MS,
} from '../../src/model/limits/index.ts';
import { virtualClock } from '../support/faults/clock.ts';
import { faultyDatabase } from '../support/faults/database.ts';
import { type Fault, failsAt } from '../support/faults/fate.ts';
import { openAlone } from '../support/faults/invocation.ts';
import { seeded } from '../support/faults/random.ts';
import { footprint } from '../support/measures/footprint.ts';
import { makeTenant } from '../support/people/tenant.ts';
import { muteQueues } from '../support/queues.ts';
import { stoppedWorld } from '../support/stopped-world.ts';
import { makeReseller, rows } from '../support/world.ts';
import { type Hooks, makeDue, makers, stands } from './expired.ts';

let hooks: Hooks;

beforeAll(async () => {
  muteQueues();
  const { id, user, webhook, client } = await makeTenant();
  hooks = { userId: user.id, resellerId: id, webhookId: webhook.id, clientId: client.id };
  // No UUIDv7: it is no row that grows old.
  await rows(
    "insert into webhook_deliveries (id, endpoint_id, event_type, body, state, created_at) values ('z', ?, 't', 'b', 'dead', 1)",
    webhook.id,
  );
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** Kinds whose rows have a time of their own; the others go when something else has. */
const timed = Object.keys(RETENTION_RULES).filter((kind) => kind in makers);

test('every kind of the purge is looked at here', () => {
  expect(Object.keys(RETENTION_RULES).filter((kind) => !(kind in makers))).toEqual([
    'webhookEndpoints',
    'rotatedTokens',
    // A chain, which goes from its beginning: test/events/chain.test.ts.
    'events',
    'membershipRefusals',
    'resellers',
  ]);
});

test('a refused invitation is forgotten when it may be repeated, and not a millisecond before', async () => {
  const { worker, clock } = stoppedWorld();
  const [{ id: due }, { id: later }] = [await makeReseller(), await makeReseller()];
  for (const [resellerId, refusedAt] of [
    [due, clock.nowMs - REFUSAL_COOLDOWN_MS],
    [later, clock.nowMs - REFUSAL_COOLDOWN_MS + 1],
  ])
    await rows('insert into membership_refusals values (?, ?, ?)', hooks.userId, resellerId, refusedAt);
  await runJob(worker, expire);
  expect(await rows('select reseller_id from membership_refusals')).toEqual([{ reseller_id: later }]);
});

test.each(timed)('of %s goes what is due, and nothing that is due a millisecond later', async (kind) => {
  const { worker, clock } = stoppedWorld();
  const due = await makeDue(kind, clock.nowMs, hooks);
  const later = await makeDue(kind, clock.nowMs + 1, hooks);
  await runJob(worker, expire);
  expect([await stands(kind, due), await stands(kind, later)]).toEqual([false, true]);
  clock.nowMs += 1;
  await runJob(worker, expire);
  expect(await stands(kind, later)).toBe(false);
});

test.each([
  ['emails', { state: 'pending' }],
  ['organizations', { user_count: 1 }],
] as const)('of %s stays what has something to come, however old: %o', async (kind, fields) => {
  const { worker, clock } = stoppedWorld();
  const id = await makeDue(kind, clock.nowMs - 1e9, hooks, fields);
  await runJob(worker, expire);
  expect(await stands(kind, id)).toBe(true);
  await rows(`delete from ${makers[kind]?.table} where id = ?`, id);
});

/** The background, and how many rows each statement of its batches changed at the most. */
function counting() {
  const world = stoppedWorld();
  const most = { statement: 0 };
  const batch: Db['batch'] = async <T>(statements: D1PreparedStatement[]) => {
    const results = await world.worker.db.batch<T>(statements);
    most.statement = Math.max(most.statement, ...results.map(({ meta }) => meta.changes));
    return results;
  };
  const session = { prepare: (sql: string) => world.worker.db.prepare(sql), batch };
  return { ...world, worker: { ...world.worker, db: session }, most };
}

const many = 'with recursive n (i) as (select 1 union all select i + 1 from n where i < ?1)';

test('what many rows hang on goes by shares, too: a delivery with its attempts', async () => {
  const { worker, clock, most } = counting();
  const delivery = await makeDue('webhookDeliveries', clock.nowMs - 1e6, hooks);
  const count = PURGE_ROWS * 3 + 1;
  await rows(
    `insert into webhook_attempts (id, delivery_id, endpoint_id, event_type, attempt, status, attempted_at, duration_ms, reason, answer)
     ${many} select 'f' || ?2 || i, ?2, ?3, 't', i, 'failed', i, 1, '', '' from n`,
    count,
    delivery,
    hooks.webhookId,
  );
  await runJob(worker, expire);
  expect(await stands('webhookDeliveries', delivery)).toBe(false);
  expect(await rows('select 1 from webhook_attempts where delivery_id = ?', delivery)).toEqual([]);
  expect(most.statement).toBe(PURGE_ROWS);
});

test('a recovery goes whatever names it, and what hangs on it by shares', async () => {
  const { worker, clock, most } = counting();
  const recovery = await makeDue('webhookRecoveries', clock.nowMs, hooks);
  const count = PURGE_ROWS * 2;
  await rows(
    `insert into webhook_deliveries (id, endpoint_id, event_type, body, state, recovery_id, created_at)
     ${many} select 'f' || ?2 || i, ?3, 't', 'b', 'dead', ?2, i from n`,
    count,
    recovery,
    hooks.webhookId,
  );
  await runJob(worker, expire);
  expect(await stands('webhookRecoveries', recovery)).toBe(false);
  const kept = await rows('select recovery_id from webhook_deliveries where id like ?', `f${recovery}%`);
  expect(kept).toEqual(Array.from({ length: count }, () => ({ recovery_id: null })));
  // Each delivery is counted in its recovery, by a trigger.
  expect(most.statement).toBe(PURGE_ROWS * 2);
  await rows('delete from webhook_deliveries where id like ?', `f${recovery}%`);
});

test("a tenant's old deliveries go whatever is planned with them, and hold back no other tenant's", async () => {
  const { worker, clock } = stoppedWorld();
  const { api, id } = await makeReseller();
  const hook = { name: 'w', url: 'https://example.com', token: 't', enabled: true, events: ['*'] };
  const { body: hostile } = await api.post('/v3/webhooks', hook);
  const planned = { state: 'pending', attempts: 3, next_attempt_at: 9e15 };
  const longAgo = clock.nowMs - 15 * 86_400_000;
  const theirs = await Promise.all(
    Array.from({ length: PURGE_ROWS + 5 }, () =>
      makeDue('webhookDeliveries', longAgo, { ...hooks, webhookId: hostile.id, resellerId: id }, planned),
    ),
  );
  const behind = await makeDue('webhookDeliveries', clock.nowMs, hooks);
  const waiting = async () => (await jobStates(worker.db, clock.nowMs)).find(({ name }) => name === 'purge');
  expect((await waiting())?.waitingSince).toBe(longAgo - 1);
  await runJob(worker, expire);
  expect(await stands('webhookDeliveries', behind)).toBe(false);
  expect(await rows('select id from webhook_deliveries where endpoint_id = ?', hostile.id)).toEqual([]);
  expect(theirs).toHaveLength(PURGE_ROWS + 5);
  expect((await waiting())?.waitingSince).toBeNull();
});

test('a test that had not left when its webhook was deleted wakes nobody, and goes like any other delivery', async () => {
  const { api } = await makeReseller();
  const { body: webhook } = await api.post('/v3/webhooks', {
    name: 'w',
    url: 'https://example.com',
    token: 't',
    enabled: true,
    events: ['*'],
  });
  expect((await api.post(`/v3/webhooks/${webhook.id}/test`)).status).toBe(201);
  expect((await api.delete(`/v3/webhooks/${webhook.id}`)).status).toBe(204);
  const { worker, clock, sent } = stoppedWorld(Date.now() + WEBHOOK_OVERDUE_MS * 2);
  await runJob(worker, sweep);
  expect(sent.tasks.map(({ body }) => body['endpointId'])).not.toContain(webhook.id);
  clock.nowMs += DELIVERY_RETENTION_MS;
  await runJob(worker, expire);
  expect(await rows('select state from webhook_deliveries where endpoint_id = ?', webhook.id)).toEqual([]);
  await runJob(worker, expire);
  expect(await rows('select url from webhook_endpoints where id = ?', webhook.id)).toEqual([]);
});

const faults: Fault[] = ['error after', 'crash after'];
test.each(faults)('a run that meets this at any statement is made up for by the next: %s', async (fault) => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const { worker, clock } = stoppedWorld();
  const ids = async () =>
    Promise.all(timed.map(async (kind) => ({ kind, id: await makeDue(kind, clock.nowMs, hooks) })));
  for (let stepNumber = 1; ; stepNumber++) {
    const made = await ids();
    const kept = await makeDue('idempotencyKeys', clock.nowMs + 1e9, hooks);
    const plan = failsAt(stepNumber, fault);
    const invocation = openAlone(virtualClock(clock.nowMs, seeded(1)), plan.fate);
    const db = faultyDatabase(worker.env.database, invocation.step);
    await runJob({ ...worker, db }, expire).catch(() => {});
    clock.nowMs += JOB_LEASE_MS;
    await runJob(worker, expire);
    const left = await Promise.all(made.map(async ({ kind, id }) => ((await stands(kind, id)) ? [kind] : [])));
    expect([stepNumber, left.flat(), await stands('idempotencyKeys', kept)]).toEqual([stepNumber, [], true]);
    if (!plan.reached()) return expect(stepNumber).toBeGreaterThan(timed.length);
  }
});

test('a purge of what has been purged leaves every table as it is', async () => {
  const { worker } = stoppedWorld();
  await runJob(worker, expire);
  const before = await footprint();
  await runJob(worker, expire);
  expect(await footprint()).toEqual(before);
});
