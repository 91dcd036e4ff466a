import { expect, test, vi } from 'vitest';
import { jobStates } from '../../src/db/jobs/job-states.ts';
import { expire } from '../../src/jobs/expire.ts';
import { runJobs } from '../../src/jobs/index.ts';
import type { Job, JobStep } from '../../src/jobs/job.ts';
import { runJob } from '../../src/jobs/run.ts';
import {
  CHUNK_PAUSE_FACTOR,
  CHUNK_PAUSE_MAX_MS,
  CHUNK_PAUSE_MIN_MS,
  JOB_LEASE_MS,
  JOB_RUN_MS,
} from '../../src/model/limits/index.ts';
import { stoppedWorld, withSettings } from '../support/stopped-world.ts';
import { rows } from '../support/world.ts';

const EACH_MINUTE = '* * * * *';
const job = (...steps: JobStep[]): Job => ({ name: 'purge', chunks: 10, steps: () => steps });
const step = (name: string, chunk: JobStep['chunk']): JobStep => ({ name, chunk });
const nothing = { counts: {}, more: false };

/** How the job stands in the database. */
async function stateOf(name: string, nowMs: number) {
  const { worker } = stoppedWorld(nowMs);
  return (await jobStates(worker.db, nowMs)).find((state) => state.name === name);
}

test('of two runs at once only one does the work', async () => {
  const { worker } = stoppedWorld();
  let enter = () => {};
  let leave = () => {};
  const entered = new Promise<void>((resolve) => (enter = resolve));
  const left = new Promise<void>((resolve) => (leave = resolve));
  const chunk = vi.fn(async () => {
    enter();
    await left;
    return nothing;
  });
  const first = runJob(worker, job(step('work', chunk)));
  await entered;
  expect(await runJob(worker, job(step('work', chunk)))).toBe(true);
  leave();
  await first;
  expect(chunk).toHaveBeenCalledTimes(1);
  await runJob(worker, job(step('work', chunk)));
  expect(chunk).toHaveBeenCalledTimes(2);
});

test('a run that died shows as begun and not ended, and blocks nobody once its lease is over', async () => {
  const { worker, clock } = stoppedWorld();
  await runJob(worker, job(step('work', async () => ({ counts: { things: 3 }, more: false }))));
  const endedAt = clock.nowMs;
  clock.nowMs += 60_000;
  const diedAt = clock.nowMs;
  // Whatever it would write after its death is lost.
  let dead = false;
  const prepare = (sql: string) => {
    if (dead) throw new Error('dead');
    return worker.db.prepare(sql);
  };
  const dying = { ...worker, db: { ...worker.db, prepare } };
  const die = step('work', async () => {
    dead = true;
    return nothing;
  });
  await expect(runJob(dying, job(die))).rejects.toThrow('dead');
  const found = { startedAt: diedAt, finishedAt: endedAt, succeededAt: endedAt, counts: { things: 3 } };
  expect(await stateOf('purge', clock.nowMs)).toMatchObject({ ...found, leasedUntil: diedAt + JOB_LEASE_MS });

  const again = vi.fn(async () => nothing);
  clock.nowMs = diedAt + JOB_LEASE_MS - 1;
  await runJob(worker, job(step('work', again)));
  expect(again).not.toHaveBeenCalled();
  clock.nowMs += 1;
  await runJob(worker, job(step('work', again)));
  expect(again).toHaveBeenCalledTimes(1);
  expect(await stateOf('purge', clock.nowMs)).toMatchObject({ startedAt: clock.nowMs, finishedAt: clock.nowMs });
});

test('a run that has outlived its lease says nothing of the one that has the job now', async () => {
  const { worker, clock } = stoppedWorld();
  const slow = step('work', async () => {
    clock.nowMs += JOB_LEASE_MS;
    await runJob(worker, job(step('work', async () => ({ counts: { theirs: 1 }, more: true }))));
    return { counts: { mine: 1 }, more: false };
  });
  await runJob(worker, job(slow));
  expect(await stateOf('purge', clock.nowMs)).toMatchObject({ counts: { theirs: 10 }, more: true, leasedUntil: 0 });
});

test('a step that fails keeps no other waiting, and the report says its kind and nothing of what it held', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { worker, clock } = stoppedWorld();
  await runJob(worker, job());
  const succeededAt = clock.nowMs;
  clock.nowMs += 60_000;
  const fail = step('first', () => {
    throw new TypeError('D1_ERROR: UNIQUE constraint failed: users.email_key (jane@example.com): SQLITE_CONSTRAINT');
  });
  const done = await runJob(
    worker,
    job(
      fail,
      step('second', async () => ({ counts: { things: 2 }, more: false })),
    ),
  );
  expect(done).toBe(false);
  expect(await stateOf('purge', clock.nowMs)).toMatchObject({
    counts: { things: 2 },
    failures: ['first TypeError SQLITE_CONSTRAINT'],
    succeededAt,
    finishedAt: clock.nowMs,
  });
  expect(log.mock.calls.join()).not.toContain('jane');
  await runJob(worker, job());
  expect(await stateOf('purge', clock.nowMs)).toMatchObject({ failures: [], succeededAt: clock.nowMs });
  log.mockRestore();
});

test('a job that fails keeps no other job of the minute from running, and the trigger fails in the end', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { worker, clock } = stoppedWorld();
  await rows(
    "insert into idempotency_keys (credential, key, fingerprint, status, sealed_body, expires_at) values ('c', 'k', 'f', 201, 's', 1)",
  );
  await rows(
    "insert into events (id, type, actor, subject, request_id, occurred_at, relay_at) values ('e', 'webhook.created', 'a', 's', 'r', 1, 1)",
  );
  const down = { sendBatch: () => Promise.reject(new Error('down')) } as unknown as Queue;
  const failing = withSettings(worker, { events: down });
  await expect(runJobs(failing, EACH_MINUTE)).rejects.toThrow('a job failed');
  expect(await stateOf('sweep', clock.nowMs)).toMatchObject({ failures: ['relayed Error'], succeededAt: null });
  expect(await stateOf('purge', clock.nowMs)).toMatchObject({ counts: { idempotencyKeys: 1 }, failures: [] });
  expect(await stateOf('discard', clock.nowMs)).toMatchObject({ succeededAt: clock.nowMs });
  log.mockRestore();
});

test('steps take turns, and what a run has no time or no chunks for is left to the next', async () => {
  const { worker, clock } = stoppedWorld();
  const order: string[] = [];
  const endless = (name: string) =>
    step(name, async () => {
      order.push(name);
      return { counts: { [name]: 1 }, more: true };
    });
  await runJob(worker, job(endless('a'), endless('b')));
  expect(order.join('')).toBe('ababababab');
  expect(await stateOf('purge', clock.nowMs)).toMatchObject({ counts: { a: 5, b: 5 }, more: true });
  order.splice(0);
  const pause = async () => {
    clock.nowMs += JOB_RUN_MS / 2;
  };
  await runJob({ ...worker, pause }, job(endless('a'), endless('b')));
  expect(order.join('')).toBe('ab');
});

test('after a chunk the database is others’ for longer than the chunk took', async () => {
  const { worker, clock } = stoppedWorld();
  const pause = vi.fn(async () => {});
  const took = [0, 3, 5000, 1];
  const chunk = async () => {
    clock.nowMs += took.shift() ?? 0;
    return { counts: {}, more: took.length > 0 };
  };
  await runJob({ ...worker, pause }, job(step('work', chunk)));
  expect(pause.mock.calls).toEqual([[CHUNK_PAUSE_MIN_MS], [3 * CHUNK_PAUSE_FACTOR], [CHUNK_PAUSE_MAX_MS]]);
});

test('a second run with nothing to do counts nothing and changes nothing', async () => {
  const { worker, clock } = stoppedWorld();
  await rows("insert into revoked_tokens (jti, expires_at) values ('old', 1), ('new', 9e15)");
  await runJob(worker, expire);
  expect(await stateOf('purge', clock.nowMs)).toMatchObject({ counts: { revokedTokens: 1 } });
  await runJob(worker, expire);
  expect(await stateOf('purge', clock.nowMs)).toMatchObject({ counts: {}, more: false, durationMs: 0 });
  expect(await rows('select jti from revoked_tokens')).toEqual([{ jti: 'new' }]);
});
