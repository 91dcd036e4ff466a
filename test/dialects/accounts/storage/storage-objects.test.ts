import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { muteQueues } from '../../../support/queues.ts';
import { inPieces, makeStorage } from '../../../support/storage.ts';

beforeAll(muteQueues);

test('an object comes back as it was stored', async () => {
  const { put, get, ask, shown, list } = await makeStorage();
  const made = await put('a/b.txt', 'hello', { 'Content-Type': 'text/plain' });
  expect(made.status, made.text).toBe(201);
  const etag = made.headers.get('ETag');
  expect(etag).toMatch(/^"[0-9a-f]{32}"$/);
  expect(made.body).toEqual({
    data: { key: 'a/b.txt', sizeBytes: 5, etag, contentType: 'text/plain', lastModified: expect.any(String) },
    status: 'success',
    timestamp: expect.any(String),
  });
  const got = await get('a%2Fb.txt');
  expect(got).toMatchObject({ status: 200, text: 'hello' });
  expect(Object.fromEntries(got.headers)).toMatchObject({
    etag,
    'content-type': 'text/plain',
    'content-length': '5',
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
    'content-disposition': 'attachment',
    'content-security-policy': "default-src 'none'; sandbox",
  });
  expect(Date.parse(got.headers.get('Last-Modified')!)).toBeLessThanOrEqual(Date.now());
  const head = await ask('HEAD', 'a/b.txt');
  expect(head).toMatchObject({ status: 200, text: '' });
  expect(head.headers.get('Content-Length')).toBe('5');
  expect(await shown()).toMatchObject({ usedBytes: 5, objectCount: 1 });
  expect((await list()).body).toMatchObject({ page_size: 1, data: [made.body.data] });
  const again = await put('a/b.txt', 'hello again');
  expect(again.status).toBe(200);
  expect((await get('a/b.txt')).text).toBe('hello again');
  expect(await shown()).toMatchObject({ usedBytes: 11, objectCount: 1 });
  expect(await ask('DELETE', 'a/b.txt')).toMatchObject({ status: 200 });
  expect(await get('a/b.txt')).toMatchObject({ status: 404 });
  expect(await shown()).toMatchObject({ usedBytes: 0, objectCount: 0 });
});

test.each([
  ['shorter', '6'],
  ['longer', '4'],
])('a body that is %s than it said is refused and leaves nothing', async (_, length) => {
  const { id, ask, shown, row, uploads } = await makeStorage();
  for (const body of ['hello', inPieces(['he', 'llo'])]) {
    const reply = await ask('PUT', 'a', { body, headers: { 'Content-Length': length } });
    expect(reply.status, reply.text).toBe(400);
  }
  expect(await shown()).toMatchObject({ usedBytes: 0, objectCount: 0 });
  expect(await row()).toMatchObject({ reserved_bytes: 0 });
  expect((await uploads()).map(({ state }) => state)).toEqual(['garbage', 'garbage']);
  expect((await env.STORAGE.list({ prefix: `default/${id}/` })).objects).toEqual([]);
});

test('a body without a length is refused before anything is reserved', async () => {
  const { ask, uploads } = await makeStorage();
  const reply = await ask('PUT', 'a', { body: inPieces(['hello']) });
  expect(reply.status, reply.text).toBe(411);
  expect(await uploads()).toEqual([]);
});
