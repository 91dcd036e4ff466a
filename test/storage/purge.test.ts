import { env } from 'cloudflare:workers';
import { beforeEach, expect, test, vi } from 'vitest';
import { purgeStorageAccount } from '../../src/delivery/purge-storage.ts';
import { runJobs } from '../../src/jobs/index.ts';
import { OBJECT_DELETE_CHUNK, OBJECT_LEASE_MS, REMOVAL_IDLE_MS, REMOVAL_RUN_MS } from '../../src/model/limits/index.ts';
import { muteQueues } from '../support/queues.ts';
import { stoppedWorld, withSettings } from '../support/stopped-world.ts';
import { inPieces, makeStorage, newStorage } from '../support/storage.ts';
import { rows } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

/** A storage account with so many objects, the first few of them with bytes. */
async function makeFull(count: number) {
  const storage = await makeStorage({ quotaBytes: 1_000_000 });
  for (const key of ['a', 'b', 'c']) await storage.put(key, key);
  await rows(
    `insert into storage_objects (id, storage_account_id, key, state, since, size, etag, content_type)
     with recursive counted (n) as (select 4 union all select n + 1 from counted where n < ?1)
     select ?2 || n, ?2, n, 'stored', 1, 1, '', '' from counted where n <= ?1`,
    count,
    storage.id,
  );
  const message = { storageAccountId: storage.id };
  const blobs = async () => (await env.STORAGE.list({ prefix: `default/${storage.id}/` })).objects.length;
  return { ...storage, message, blobs };
}

test('a purge closes at once, shows how far it is, and ends with nothing left', async () => {
  const count = OBJECT_DELETE_CHUNK * 2 + 1;
  const { api, path, objects, accounts, shown, put, get, ask, row, uploads, message, blobs } = await makeFull(count);
  const begun = await api.delete(`${path}?purge=true`);
  expect(begun.status, begun.text).toBe(202);
  const purge = { total: count, done: 0, remaining: count, startedAt: expect.stringMatching(/Z$/) };
  expect(begun.body.data).toMatchObject({ usedBytes: count, objectCount: count, purge });
  expect(await shown()).toEqual(begun.body.data);
  expect((await api.get(accounts)).body.data).toEqual([begun.body.data]);
  expect(env.TASKS.sendBatch).toHaveBeenCalledWith([{ body: message, delaySeconds: 0 }]);

  for (const reply of [await get('a'), await ask('HEAD', 'a'), await put('d', 'x'), await ask('DELETE', 'a')])
    expect(reply).toMatchObject({ status: 404 });
  expect(await api.get(objects)).toMatchObject({ status: 404 });
  expect(await api.patch(path, [{ op: 'replace', path: '/quotaBytes', value: 1 }])).toMatchObject({ status: 404 });
  expect(await api.delete(path)).toMatchObject({ status: 202 });
  expect(await api.delete(`${path}?purge=true`)).toMatchObject({ status: 202 });

  const { worker, arrive, sent, clock } = stoppedWorld();
  // A clock that jumps: each run has time for one chunk only.
  const hurried = { ...worker, now: () => (clock.nowMs += REMOVAL_RUN_MS) };
  for (const done of [OBJECT_DELETE_CHUNK, OBJECT_DELETE_CHUNK * 2]) {
    await arrive([message], hurried);
    expect((await shown()).purge).toEqual({ ...purge, done, remaining: count - done });
    expect(sent.tasks.splice(0)).toEqual([{ body: message, delaySeconds: 0 }]);
  }
  await arrive([message], hurried);
  expect(sent.tasks).toEqual([]);
  expect(await api.get(path)).toMatchObject({ status: 404 });
  expect(await api.delete(`${path}?purge=true`)).toMatchObject({ status: 404 });
  expect((await api.get(accounts)).body.data).toEqual([]);
  expect([await row(), await uploads(), await blobs()]).toEqual([undefined, [], 0]);
});

test('a purge whose consumer died is taken up by the sweep, and two at once do no harm', async () => {
  const count = OBJECT_DELETE_CHUNK + 1;
  const { api, path, row, shown, message, blobs } = await makeFull(count);
  await api.delete(`${path}?purge=true`);
  const { worker, arrive, sent, clock } = stoppedWorld();
  // Dead between the bucket and the database: the bytes are gone, the rows are not.
  const batch = () => Promise.reject(new Error('D1_ERROR: Network connection lost'));
  const broken = { ...worker, db: { prepare: (sql: string) => worker.db.prepare(sql), batch } };
  await expect(purgeStorageAccount(broken, message.storageAccountId)).rejects.toThrow();
  expect((await shown()).purge).toMatchObject({ done: 0 });
  const swept = async () => {
    sent.tasks.splice(0);
    await runJobs(worker, '* * * * *');
    return sent.tasks.filter(({ body }) => body['storageAccountId'] === message.storageAccountId);
  };
  expect(await swept()).toEqual([]);
  clock.nowMs += REMOVAL_IDLE_MS + 1000;
  expect(await swept()).toHaveLength(1);
  await Promise.all([arrive([message]), arrive([message]), arrive([message, message])]);
  expect([await row(), await blobs()]).toEqual([undefined, 0]);
  expect(await swept()).toEqual([]);
});

test('a bucket that is down stops a purge where it is', async () => {
  const { api, path, shown, message } = await makeFull(3);
  await api.delete(`${path}?purge=true`);
  const { worker } = stoppedWorld();
  const down = { ...env.STORAGE, delete: () => Promise.reject(new Error('down')) } as unknown as R2Bucket;
  await expect(purgeStorageAccount(withSettings(worker, { blobs: down }), message.storageAccountId)).rejects.toThrow(
    'down',
  );
  expect((await shown()).purge).toMatchObject({ done: 0, remaining: 3 });
  await purgeStorageAccount(worker, message.storageAccountId);
  expect(await api.get(path)).toMatchObject({ status: 404 });
});

test('a message about a storage account that is not deleted empties nothing', async () => {
  const { get, message, shown } = await makeFull(3);
  await purgeStorageAccount(stoppedWorld().worker, message.storageAccountId);
  expect(await shown()).toMatchObject({ objectCount: 3 });
  expect(await get('a')).toMatchObject({ status: 200, text: 'a' });
});

test('an empty storage account is gone at once, and its row and its garbage in the background', async () => {
  const { api, accounts, path, put, ask, row, message, blobs } = await makeFull(3);
  const name = (await api.get(path)).body.data.name;
  for (const key of ['a', 'b', 'c']) await ask('DELETE', key);
  await put('a', '');
  await ask('DELETE', 'a');
  expect(await api.delete(`${path}?purge=true`)).toMatchObject({ status: 200 });
  expect(await api.get(path)).toMatchObject({ status: 404 });
  expect(await api.post(accounts, { ...newStorage(), name })).toMatchObject({ status: 201 });
  await stoppedWorld().arrive([message]);
  expect([await row(), await blobs()]).toEqual([undefined, 0]);
});

test('an upload that is under way when its storage account goes leaves nothing behind', async () => {
  const { id, api, path, ask, row, uploads, message, blobs } = await makeFull(3);
  const { worker, arrive, clock } = stoppedWorld();
  const body = inPieces(['new'], async (index) => {
    if (index !== 1) return;
    const begun = "select 1 from storage_objects where storage_account_id = ? and state = 'uploading'";
    await vi.waitFor(async () => expect(await rows(begun, id)).toHaveLength(1));
    expect(await api.delete(`${path}?purge=true`)).toMatchObject({ status: 202 });
    await arrive([message]);
    // Its row keeps the account's, so that its bytes are not forgotten.
    expect(await uploads()).toMatchObject([{ state: 'uploading' }]);
  });
  expect(await ask('PUT', 'd', { body, headers: { 'Content-Length': '3' } })).toMatchObject({ status: 404 });
  expect(await blobs()).toBe(1);
  await arrive([message]);
  expect([await row(), await blobs()]).toEqual([undefined, 0]);
  clock.nowMs += OBJECT_LEASE_MS;
  await runJobs(worker, '* * * * *');
});
