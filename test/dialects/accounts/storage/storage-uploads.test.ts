import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { changeSessions } from '../../../support/people/sessions.ts';
import { muteQueues } from '../../../support/queues.ts';
import { askObject, inPieces, makeStorage } from '../../../support/storage.ts';
import { callerFor, rows } from '../../../support/world.ts';

beforeEach(muteQueues);
afterEach(() => {
  vi.restoreAllMocks();
});

const silent = () => vi.spyOn(console, 'error').mockImplementation(() => {});
/** The bytes of an upload, and what happens once room is reserved for them. */
const meanwhile = (storageAccountId: string, bytes: string, happen: () => Promise<unknown>) =>
  inPieces([bytes], async (index) => {
    if (index !== 1) return;
    const begun = "select 1 from storage_objects where storage_account_id = ? and state = 'uploading'";
    await vi.waitFor(async () => expect(await rows(begun, storageAccountId)).toHaveLength(1));
    await happen();
  });
const states = (uploads: readonly { state: string }[]) => uploads.map(({ state }) => state).sort();

test('twenty uploads to one key leave one object, whole, and room for what the others took', async () => {
  const { put, get, row, uploads } = await makeStorage({ quotaBytes: 1000 });
  const bodies = Array.from({ length: 20 }, (_, n) => String.fromCharCode(97 + n).repeat(n + 10));
  const replies = await Promise.all(bodies.map((body) => put('k', body)));
  expect(replies.map(({ status }) => status).sort()).toEqual([...Array(19).fill(200), 201]);
  const { text } = await get('k');
  expect(bodies).toContain(text);
  expect(await row()).toMatchObject({ used_bytes: text.length, reserved_bytes: 0, object_count: 1 });
  expect(states(await uploads())).toEqual([...Array(19).fill('garbage'), 'stored']);
});

test('what is being uploaded is seen by nobody until it is whole, and counts from its beginning', async () => {
  const { id, ask, put, get, row, list } = await makeStorage({ quotaBytes: 20 });
  await put('k', 'old');
  const body = meanwhile(id, '1234567890', async () => {
    expect((await get('k')).text).toBe('old');
    expect(await row()).toMatchObject({ used_bytes: 3, reserved_bytes: 10 });
    expect((await list()).body.data).toMatchObject([{ sizeBytes: 3 }]);
    expect(await put('other', '12345678')).toMatchObject({ status: 413 });
  });
  expect(await ask('PUT', 'k', { body, headers: { 'Content-Length': '10' } })).toMatchObject({ status: 200 });
  expect((await get('k')).text).toBe('1234567890');
  expect(await row()).toMatchObject({ used_bytes: 10, reserved_bytes: 0 });
});

test('a reader of an object that is replaced meanwhile gets one of the two, whole', async () => {
  const { put, get } = await makeStorage({ quotaBytes: 10_000_000 });
  const versions = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(50_000));
  await put('k', versions[0]!);
  const read = async () => {
    for (let n = 0; n < 15; n++) {
      const { status, text, headers } = await get('k');
      expect(status).toBe(200);
      expect(versions).toContain(text);
      expect(headers.get('ETag')).toBe(await etagOf(text));
    }
  };
  const write = async () => {
    for (let n = 1; n < 15; n++) expect(await put('k', versions[n % 4]!)).toMatchObject({ status: 200 });
  };
  await Promise.all([write(), read(), read(), read()]);
});

async function etagOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('MD5', new TextEncoder().encode(text));
  return `"${Buffer.from(digest).toString('hex')}"`;
}

test('a reader whose bytes are gone under its hands gets the new ones', async () => {
  const { put, get } = await makeStorage();
  await put('k', 'old');
  const take = env.STORAGE.get.bind(env.STORAGE);
  const taken = vi.spyOn(env.STORAGE, 'get').mockImplementationOnce(async () => {
    await put('k', 'newer');
    return null;
  });
  expect(await get('k', { Range: 'bytes=0-3' })).toMatchObject({ status: 206, text: 'newe' });
  expect(taken).toHaveBeenCalledTimes(2);
  expect(take).toBeTruthy();
});

test('bytes that are not there where they should be are a fault of ours', async () => {
  const { put, get } = await makeStorage();
  await put('k', 'x');
  silent();
  vi.spyOn(env.STORAGE, 'get').mockResolvedValue(null as never);
  expect(await get('k')).toMatchObject({ status: 500 });
});

test('HEAD and a copy that is still good touch no bytes', async () => {
  const { put, ask } = await makeStorage();
  const { headers } = await put('k', 'x');
  const taken = vi.spyOn(env.STORAGE, 'get');
  expect(await ask('HEAD', 'k')).toMatchObject({ status: 200 });
  expect(await ask('GET', 'k', { headers: { 'If-None-Match': headers.get('ETag')! } })).toMatchObject({ status: 304 });
  expect(taken).not.toHaveBeenCalled();
});

test('a bucket that fails is a fault of ours, which gives the room back', async () => {
  const { put, row, uploads } = await makeStorage();
  silent();
  vi.spyOn(env.STORAGE, 'put').mockRejectedValueOnce(new Error('put: internal error (10001)'));
  expect(await put('k', 'x')).toMatchObject({ status: 500 });
  expect(await row()).toMatchObject({ used_bytes: 0, reserved_bytes: 0 });
  expect(states(await uploads())).toEqual(['garbage']);
});

test('a body that breaks off gives the room back', async () => {
  const { ask, row, uploads } = await makeStorage();
  silent();
  const body = inPieces(['12345', '67890'], (index) => {
    if (index === 1) throw new Error('hung up');
  });
  await ask('PUT', 'k', { body, headers: { 'Content-Length': '10' } }).catch(() => {});
  await vi.waitFor(async () => expect(await row()).toMatchObject({ used_bytes: 0, reserved_bytes: 0 }));
  expect(states(await uploads())).toEqual(['garbage']);
});

test.each<[string, string, number]>([
  ['the right is withdrawn', "update api_clients set scopes = 'storage:read' where id = ?1", 403],
  ['the client is revoked', 'update api_clients set revoked_at = 1 where id = ?1', 401],
  ['the storage account is deleted', 'update storage_accounts set deleted_at = 1 where id = ?2', 404],
  ['the reseller is deleted', 'update resellers set deleted_at = 1 where id = ?3', 401],
])('an upload during which %s is not stored', async (_, change, status) => {
  const { resellerId, id, objects, row, uploads, put } = await makeStorage();
  await put('k', 'old');
  const caller = await callerFor(resellerId, ['storage:write']);
  const body = meanwhile(id, 'new', () =>
    rows(change, ...[caller.client.id, id, resellerId].slice(0, Number(change.at(-1)))),
  );
  const reply = await askObject(caller, 'PUT', `${objects}/k`, { body, headers: { 'Content-Length': '3' } });
  expect(reply.status, reply.text).toBe(status);
  expect(await row()).toMatchObject({ used_bytes: 3, reserved_bytes: 0, object_count: 1 });
  expect(await uploads()).toMatchObject([{ state: 'stored' }, { state: 'garbage' }]);
});

test('an upload that takes too long is cut off, and gives the room back', async () => {
  const { ask, row, uploads } = await makeStorage();
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout(100));
  const body = inPieces(['12345', '67890'], async (index) => {
    if (index === 1) await vi.waitFor(async () => expect(states(await uploads())).toEqual(['garbage']));
  });
  const reply = await ask('PUT', 'k', { body, headers: { 'Content-Length': '10' } });
  expect(reply).toMatchObject({ status: 400, body: { message: 'Must come in less time.' } });
  expect(await row()).toMatchObject({ reserved_bytes: 0 });
  expect(states(await uploads())).toEqual(['garbage']);
});

test('an upload that was given up in between, because it took too long, is not stored', async () => {
  const { id, ask, row } = await makeStorage();
  const body = meanwhile(id, 'new', () =>
    rows("update storage_objects set state = 'garbage' where storage_account_id = ?", id),
  );
  const reply = await ask('PUT', 'k', { body, headers: { 'Content-Length': '3' } });
  expect(reply.status).toBe(409);
  expect(await row()).toMatchObject({ used_bytes: 0, reserved_bytes: 0, object_count: 0 });
});

test('a commit that happened though nobody heard of it stands', async () => {
  const { put, get, row } = await makeStorage();
  silent();
  let batches = 0;
  changeSessions((db) => ({
    prepare: (sql) => db.prepare(sql),
    batch: async <T>(statements: D1PreparedStatement[]) => {
      const results = await db.batch<T>(statements);
      batches += 1;
      if (batches === 2) throw new Error('D1_ERROR: Network connection lost');
      return results;
    },
  }));
  expect(await put('k', 'new')).toMatchObject({ status: 500 });
  vi.restoreAllMocks();
  expect((await get('k')).text).toBe('new');
  expect(await row()).toMatchObject({ used_bytes: 3, reserved_bytes: 0, object_count: 1 });
});

test.each([
  ['-1', 411],
  ['1e3', 411],
  ['5363340411', 413],
  ['99999999999999999999', 413],
])('a Content-Length of %s is answered %i before anything is reserved', async (length, status) => {
  const { ask, uploads } = await makeStorage({ quotaBytes: 2 ** 50 });
  const reply = await ask('PUT', 'k', { body: inPieces(['x']), headers: { 'Content-Length': length } });
  expect(reply.status, reply.text).toBe(status);
  expect(await uploads()).toEqual([]);
});

test('nobody without the right has a byte of his body read', async () => {
  const { resellerId, objects, uploads } = await makeStorage();
  const read = vi.fn();
  const reader = await callerFor(resellerId, ['storage:read']);
  const sent = () => ({ body: inPieces(['x'], read), headers: { 'Content-Length': '1' } });
  expect(await askObject(reader, 'PUT', `${objects}/k`, sent())).toMatchObject({ status: 403 });
  const stranger = (await makeStorage()).api;
  expect(await askObject(stranger, 'PUT', `${objects}/k`, sent())).toMatchObject({ status: 404 });
  expect(await uploads()).toEqual([]);
});
