import { beforeAll, expect, test } from 'vitest';
import { takeLease } from '../../src/db/jobs/jobs.ts';
import { expire } from '../../src/jobs/expire.ts';
import { runJobs } from '../../src/jobs/index.ts';
import { runJob } from '../../src/jobs/run.ts';
import { JOBS } from '../../src/model/jobs/jobs.ts';
import {
  DELETED_RETENTION_MS,
  INVITATION_LIFE_MS,
  JOB_LEASE_MS,
  MAIL_OVERDUE_MS,
  OBJECT_GARBAGE_RETENTION_MS,
  OBJECT_LEASE_MS,
  PURGE_CHUNKS,
  PURGE_ROWS,
  SIGN_IN_FAILURES_GRACE_MS,
  SIGN_IN_FAILURES_HOUR_MS,
} from '../../src/model/limits/index.ts';
import type { Caller } from '../support/api.ts';
import { statementsOf } from '../support/measures/plans.ts';
import { makeTenant } from '../support/people/tenant.ts';
import { muteQueues } from '../support/queues.ts';
import { stoppedWorld } from '../support/stopped-world.ts';
import { callerFor, makeReseller, operator, rows } from '../support/world.ts';
import { type Hooks, makeDue, makers } from './expired.ts';

let platform: Caller;
let hooks: Hooks;

beforeAll(async () => {
  muteQueues();
  platform = await operator();
});

const jobs = async () => {
  const reply = await platform.get('/v3/operations/jobs');
  expect(reply.status, reply.text).toBe(200);
  return reply.body;
};
const jobOf = async (name: string) => (await jobs()).find((job: { name: string }) => job.name === name);
/** Seconds that the oldest work of a job waits, give or take what the request takes. */
const lagOf = async (name: string) => (await jobOf(name)).lag;

test('before any run every job is listed, with its schedule and nothing to say', async () => {
  const none = { running: false, lastStartedAt: null, lastFinishedAt: null, lastSucceededAt: null, durationMs: null };
  expect(await jobs()).toEqual(
    JOBS.map(({ name, schedule }) => ({ name, schedule, ...none, counts: {}, more: false, failures: [], lag: 0 })),
  );
});

test('only the operator sees them, by the scope for it, and in one round trip', async () => {
  const { api } = await makeReseller();
  expect(await api.get('/v3/operations/jobs')).toMatchObject({ status: 403 });
  expect(await (await callerFor(null, ['reseller:read'])).get('/v3/operations/jobs')).toMatchObject({ status: 403 });
  const scraper = await callerFor(null, ['operations:read']);
  const statements = await statementsOf(async () => {
    expect((await scraper.get('/v3/operations/jobs')).status).toBe(200);
  });
  expect(statements.size).toBe(1);
});

test('a run shows when it was, how long it took and what it did; one under way shows as running', async () => {
  const nowMs = Date.now();
  const { worker, clock } = stoppedWorld(nowMs);
  await rows("insert into revoked_tokens (jti, expires_at) values ('a', 1), ('b', 2)");
  const pause = async () => {};
  await runJobs({ ...worker, pause }, '* * * * *');
  const at = new Date(nowMs).toISOString();
  expect(await jobOf('purge')).toMatchObject({
    running: false,
    lastStartedAt: at,
    lastFinishedAt: at,
    lastSucceededAt: at,
    durationMs: 0,
    counts: { revokedTokens: 2 },
    more: false,
    failures: [],
  });
  clock.nowMs += 1;
  await takeLease(worker.db, { name: 'purge', now: clock.nowMs, until: clock.nowMs + JOB_LEASE_MS });
  expect(await jobOf('purge')).toMatchObject({ running: true, lastFinishedAt: at });
  await rows("update jobs set leased_until = 0 where name = 'purge'");
});

test('what a run leaves to the next one shows as more, and as lag', async () => {
  const { worker } = stoppedWorld();
  await rows(
    `insert into revoked_tokens (jti, expires_at)
     with recursive n (i) as (select 1 union all select i + 1 from n where i < ?) select 'm' || i, ? from n`,
    PURGE_ROWS * PURGE_CHUNKS + 1,
    Date.now() - 90_000,
  );
  await runJob(worker, expire);
  expect(await jobOf('purge')).toMatchObject({ more: true });
  expect([90, 91, 92, 93, 94, 95]).toContain(await lagOf('purge'));
  await runJob(worker, expire);
  expect(await jobOf('purge')).toMatchObject({ more: false, lag: 0 });
});

test.each(Object.keys(makers))('the lag of the purge counts from when %s were due', async (kind) => {
  if (hooks === undefined) {
    const { id, user, webhook, client } = await makeTenant();
    hooks = { userId: user.id, resellerId: id, webhookId: webhook.id, clientId: client.id };
    await rows(
      "insert into webhook_deliveries (id, endpoint_id, event_type, body, state, created_at) values ('z', ?, 't', 'b', 'dead', 1)",
      webhook.id,
    );
  }
  const { worker, clock } = stoppedWorld();
  await runJob(worker, expire);
  await makeDue(kind, clock.nowMs + 60_000, hooks);
  expect(await lagOf('purge')).toBe(0);
  await makeDue(kind, clock.nowMs - 120_000, hooks);
  expect([120, 121, 122]).toContain(await lagOf('purge'));
  clock.nowMs += 60_000;
  await runJob(worker, expire);
  expect(await lagOf('purge')).toBe(0);
});

test('so does the lag of the other jobs: mails, events, deleted resellers, garbage, sessions to end', async () => {
  const tenant = await makeTenant();
  const elsewhere = await makeReseller();
  const ago = Date.now() - 300_000;
  await runJobs(stoppedWorld().worker, '* * * * *');
  const near = expect.toSatisfy((lag: number) => lag >= 300 && lag < 310);
  for (const [name, sql, ...values] of [
    [
      'sweep',
      "update emails set next_attempt_at = ? where reseller_id = ? and state = 'pending'",
      ago - MAIL_OVERDUE_MS,
      tenant.id,
    ],
    ['sweep', "update events set relay_at = ? where subject = ? and type = 'webhook.created'", ago, tenant.webhook.id],
    [
      'discard',
      "update storage_objects set state = 'garbage', since = ? where storage_account_id = ?",
      ago - OBJECT_GARBAGE_RETENTION_MS,
      tenant.storage.id,
    ],
    [
      'discard',
      "update storage_objects set state = 'uploading', since = ? where storage_account_id = ?",
      ago - OBJECT_LEASE_MS,
      tenant.storage.id,
    ],
    ['sign-out', 'update resellers set signed_out_at = ? where id = ?', ago, tenant.id],
    ['sign-out', 'update api_clients set revoked_at = ? where id = ?', ago, tenant.client.id],
    [
      'invitations',
      "insert into memberships (created_at, user_id, reseller_id, roles) values (?, ?, ?, '[]')",
      ago - INVITATION_LIFE_MS,
      tenant.user.id,
      elsewhere.id,
    ],
    ['deleted-resellers', 'update resellers set deleted_at = ? where id = ?', ago, tenant.id],
    ['deleted-resellers', 'update resellers set deleted_at = ? where id = ?', ago - DELETED_RETENTION_MS, tenant.id],
    [
      'sign-in-failures',
      "insert into sign_in_failures values (?1, ?2, 'u', 'wrong-password', '', 'n', 1, ?1, ?1)",
      ago - SIGN_IN_FAILURES_HOUR_MS - SIGN_IN_FAILURES_GRACE_MS,
      tenant.id,
    ],
  ] as const) {
    if (sql.includes('signed_out_at'))
      await rows('update sessions set created_at = 1 where reseller_id = ?', tenant.id);
    expect([name, await lagOf(name)]).toEqual([name, expect.any(Number)]);
    await rows(sql, ...values);
    expect([sql, await lagOf(name)]).toEqual([sql, near]);
    if (name === 'sweep') await rows('update events set relay_at = null');
    if (name === 'sweep') await rows("update emails set state = 'dropped' where reseller_id = ?", tenant.id);
    if (name === 'discard') await rows("update storage_objects set state = 'stored'");
    if (name === 'deleted-resellers') await rows('delete from memberships where reseller_id = ?', tenant.id);
    if (name === 'sign-out') await rows('update resellers set signed_out_at = 0');
    if (name === 'sign-out') await rows('update api_clients set revoked_at = null');
  }
});
