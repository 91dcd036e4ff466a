import { env } from 'cloudflare:workers';
import { beforeEach, expect, test, vi } from 'vitest';
import { runJobs } from '../../src/jobs/index.ts';
import { OBJECT_DELETE_CHUNK, OBJECT_GARBAGE_RETENTION_MS, OBJECT_LEASE_MS } from '../../src/model/limits/index.ts';
import { changeSessions } from '../support/people/sessions.ts';
import { muteQueues } from '../support/queues.ts';
import { stoppedWorld, withSettings } from '../support/stopped-world.ts';
import { makeStorage } from '../support/storage.ts';
import { rows } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

const EACH_MINUTE = '* * * * *';

/** How many uploads' bytes are in the bucket. */
async function blobs(storageAccountId: string): Promise<number> {
  return (await env.STORAGE.list({ prefix: `default/${storageAccountId}/` })).objects.length;
}

test('the bytes of what was replaced or deleted stay for a while, and then go', async () => {
  const { id, put, ask, get, uploads } = await makeStorage();
  await put('a', 'old');
  await put('a', 'new');
  await put('b', 'x');
  await ask('DELETE', 'b');
  const { worker, clock } = stoppedWorld();
  clock.nowMs += OBJECT_GARBAGE_RETENTION_MS - 60_000;
  await runJobs(worker, EACH_MINUTE);
  expect([await blobs(id), (await uploads()).length]).toEqual([3, 3]);
  clock.nowMs += 120_000;
  await runJobs(worker, EACH_MINUTE);
  expect(await blobs(id)).toBe(1);
  expect(await uploads()).toMatchObject([{ state: 'stored', key: 'a' }]);
  expect((await get('a')).text).toBe('new');
});

test('an upload whose Worker died gives its room back when its lease ends, and its bytes go', async () => {
  const { id, put, row, uploads } = await makeStorage({ quotaBytes: 10 });
  vi.spyOn(console, 'error').mockImplementation(() => {});
  let batches = 0;
  // Dead between the bucket and the commit: neither that nor the giving back is heard of any more.
  changeSessions((db) => ({
    prepare: (sql) => {
      if (batches >= 2 && sql.startsWith('update')) throw new Error('dead');
      return db.prepare(sql);
    },
    batch: (statements) => (++batches === 2 ? Promise.reject(new Error('dead')) : db.batch(statements)),
  }));
  expect(await put('k', '12345678')).toMatchObject({ status: 500 });
  vi.restoreAllMocks();
  muteQueues();
  expect(await row()).toMatchObject({ reserved_bytes: 8, used_bytes: 0 });
  expect(await blobs(id)).toBe(1);
  expect(await put('k', '12345678')).toMatchObject({ status: 413 });
  const { worker, clock } = stoppedWorld();
  clock.nowMs += OBJECT_LEASE_MS - 60_000;
  await runJobs(worker, EACH_MINUTE);
  expect(await row()).toMatchObject({ reserved_bytes: 8 });
  clock.nowMs += 120_000;
  await runJobs(worker, EACH_MINUTE);
  expect(await row()).toMatchObject({ reserved_bytes: 0, used_bytes: 0 });
  expect(await put('k', '12345678')).toMatchObject({ status: 201 });
  clock.nowMs += OBJECT_GARBAGE_RETENTION_MS + 1;
  await runJobs(worker, EACH_MINUTE);
  expect(await uploads()).toMatchObject([{ state: 'stored' }]);
  expect(await blobs(id)).toBe(1);
});

test('a bucket that is down loses nothing: the garbage waits', async () => {
  const { id, put, ask, uploads } = await makeStorage();
  await put('a', 'x');
  await ask('DELETE', 'a');
  const { worker, clock } = stoppedWorld();
  clock.nowMs += OBJECT_GARBAGE_RETENTION_MS + 1000;
  const down = { ...env.STORAGE, delete: () => Promise.reject(new Error('down')) } as unknown as R2Bucket;
  await expect(runJobs(withSettings(worker, { blobs: down }), EACH_MINUTE)).rejects.toThrow('a job failed');
  expect([await blobs(id), (await uploads()).length]).toEqual([1, 1]);
  await Promise.all([runJobs(worker, EACH_MINUTE), runJobs(worker, EACH_MINUTE)]);
  expect([await blobs(id), (await uploads()).length]).toEqual([0, 0]);
});

test('garbage goes chunk by chunk, all of it in one run while that is not too much', async () => {
  const { id, uploads } = await makeStorage();
  await rows(
    `insert into storage_objects (id, storage_account_id, key, state, since, size, etag, content_type)
     with recursive counted (n) as (select 1 union all select n + 1 from counted where n < ?)
     select ? || n, ?, n, 'garbage', 1, 1, '', '' from counted`,
    OBJECT_DELETE_CHUNK * 2 + 1,
    id,
    id,
  );
  const { worker } = stoppedWorld();
  const remove = vi.spyOn(env.STORAGE, 'delete');
  await runJobs(worker, EACH_MINUTE);
  expect(await uploads()).toEqual([]);
  expect(remove.mock.calls.map(([keys]) => keys.length)).toEqual([OBJECT_DELETE_CHUNK, OBJECT_DELETE_CHUNK, 1]);
});
