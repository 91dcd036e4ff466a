import { beforeAll, expect, test } from 'vitest';
import { muteQueues } from '../../../support/queues.ts';
import { makeStorage } from '../../../support/storage.ts';

beforeAll(muteQueues);

const PAST = 'Sun, 01 Jan 2023 00:00:00 GMT';
const FUTURE = 'Fri, 01 Jan 2100 00:00:00 GMT';

async function stored() {
  const storage = await makeStorage();
  const { headers } = await storage.put('k', '0123456789');
  const etag = headers.get('ETag')!;
  const { headers: known } = await storage.ask('HEAD', 'k');
  const fill = (conditions: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(conditions).map(([name, value]) => [
        name,
        value.replace('ETAG', etag).replace('NOW', known.get('Last-Modified')!),
      ]),
    );
  return { ...storage, etag, fill };
}

test.each<[Record<string, string>, number]>([
  [{}, 200],
  [{ 'If-Match': 'ETAG' }, 200],
  [{ 'If-Match': '"x", ETAG' }, 200],
  [{ 'If-Match': '*' }, 200],
  [{ 'If-Match': '"x"' }, 412],
  [{ 'If-Match': 'W/ETAG' }, 412],
  [{ 'If-Match': 'x' }, 412],
  [{ 'If-Match': '"*"' }, 412],
  [{ 'If-None-Match': '"*"' }, 200],
  [{ 'If-Modified-Since': '2100' }, 200],
  [{ 'If-Unmodified-Since': '0' }, 200],
  [{ 'If-None-Match': 'ETAG' }, 304],
  [{ 'If-None-Match': 'W/ETAG' }, 304],
  [{ 'If-None-Match': '"x","y" , ETAG' }, 304],
  [{ 'If-None-Match': '*' }, 304],
  [{ 'If-None-Match': '"x"' }, 200],
  [{ 'If-Modified-Since': 'NOW' }, 304],
  [{ 'If-Modified-Since': FUTURE }, 304],
  [{ 'If-Modified-Since': PAST }, 200],
  [{ 'If-Modified-Since': 'yesterday' }, 200],
  [{ 'If-Unmodified-Since': 'NOW' }, 200],
  [{ 'If-Unmodified-Since': PAST }, 412],
  [{ 'If-Unmodified-Since': 'yesterday' }, 200],
  // The entity tag decides where there is one (RFC 9110 §13.2.2).
  [{ 'If-None-Match': '"x"', 'If-Modified-Since': FUTURE }, 200],
  [{ 'If-None-Match': 'ETAG', 'If-Modified-Since': PAST }, 304],
  [{ 'If-Match': 'ETAG', 'If-Unmodified-Since': PAST }, 200],
  [{ 'If-Match': '"x"', 'If-None-Match': 'ETAG' }, 412],
  [{ 'If-Match': '"x"', Range: 'bytes=99-' }, 412],
  [{ 'If-None-Match': 'ETAG', Range: 'bytes=0-1' }, 304],
])('GET and HEAD with %j answer %i', async (conditions, status) => {
  const { ask, fill, etag } = await stored();
  for (const method of ['GET', 'HEAD']) {
    const reply = await ask(method, 'k', { headers: fill(conditions) });
    expect(reply.status, reply.text).toBe(status);
    if (status !== 412) expect(reply.headers.get('ETag')).toBe(etag);
    if (status === 304) expect(reply.text).toBe('');
  }
});

test('a range comes alone, with where it belongs', async () => {
  const { get, ask, etag } = await stored();
  const part = await get('k', { Range: 'bytes=2-4' });
  expect(part).toMatchObject({ status: 206, text: '234' });
  expect(Object.fromEntries(part.headers)).toMatchObject({
    'content-range': 'bytes 2-4/10',
    'content-length': '3',
    etag,
    'content-disposition': 'attachment',
  });
  expect(await get('k', { Range: 'bytes=-3', 'If-Range': etag })).toMatchObject({ status: 206, text: '789' });
  expect(await get('k', { Range: 'bytes=-3', 'If-Range': '"x"' })).toMatchObject({ status: 200, text: '0123456789' });
  const beyond = await get('k', { Range: 'bytes=10-' });
  expect(beyond).toMatchObject({ status: 416, body: { error: 416 } });
  expect(beyond.headers.get('Content-Range')).toBe('bytes */10');
  const head = await ask('HEAD', 'k', { headers: { Range: 'bytes=2-4' } });
  expect(head.status).toBe(200);
  expect(head.headers.get('Content-Length')).toBe('10');
  expect(head.headers.get('Content-Range')).toBeNull();
});

test.each<[string, Record<string, string>, number, number]>([
  ['PUT', { 'If-Match': 'ETAG' }, 200, 412],
  ['PUT', { 'If-Match': '"x"' }, 412, 412],
  ['PUT', { 'If-Match': '*' }, 200, 412],
  ['PUT', { 'If-None-Match': '*' }, 412, 201],
  ['PUT', { 'If-None-Match': 'ETAG' }, 412, 201],
  ['PUT', { 'If-None-Match': '"x"' }, 200, 201],
  // In quotes it is a tag like any other.
  ['PUT', { 'If-Match': '"*"' }, 412, 412],
  ['PUT', { 'If-None-Match': '"*"' }, 200, 201],
  ['DELETE', { 'If-Match': '"*"' }, 412, 404],
  ['DELETE', { 'If-Match': 'ETAG' }, 200, 404],
  ['DELETE', { 'If-Match': '"x"' }, 412, 404],
  ['DELETE', { 'If-None-Match': '*' }, 412, 404],
])('%s with %j: %i where the object is, %i where none is', async (method, conditions, there, elsewhere) => {
  const { ask, get, fill, row } = await stored();
  const sent = { ...(method === 'PUT' && { body: 'new' }), headers: fill(conditions) };
  expect(await ask(method, 'other', sent)).toMatchObject({ status: elsewhere });
  expect(await ask(method, 'k', sent)).toMatchObject({ status: there });
  const after = there === 412 ? '0123456789' : method === 'PUT' ? 'new' : undefined;
  expect((await get('k')).text).toEqual(after ?? expect.stringContaining('Not Found'));
  expect(await row()).toMatchObject({ reserved_bytes: 0 });
});

test('of many that create the same object only if there is none, one does', async () => {
  const { put, row } = await makeStorage();
  const replies = await Promise.all(Array.from({ length: 10 }, (_, n) => put('k', `${n}`, { 'If-None-Match': '*' })));
  expect(replies.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(412)]);
  expect(await row()).toMatchObject({ used_bytes: 1, reserved_bytes: 0, object_count: 1 });
});

test('of many that replace the version they have seen, one does', async () => {
  const { put, etag, row } = await stored();
  const replies = await Promise.all(Array.from({ length: 10 }, (_, n) => put('k', `n${n}`, { 'If-Match': etag })));
  expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(412)]);
  expect(await row()).toMatchObject({ used_bytes: 2, reserved_bytes: 0, object_count: 1 });
});

test.each(['text/html', 'image/svg+xml', 'application/xhtml+xml', 'text/javascript'])(
  'an upload of %s cannot run where we are at home',
  async (type) => {
    const { put, get } = await makeStorage();
    await put('k', '<script>alert(1)</script>', { 'Content-Type': type });
    for (const range of [undefined, 'bytes=0-9']) {
      const { headers } = await get('k', range === undefined ? {} : { Range: range });
      expect(headers.get('Content-Type')).toBe(type);
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(headers.get('Content-Disposition')).toBe('attachment');
      expect(headers.get('Content-Security-Policy')).toBe("default-src 'none'; sandbox");
    }
  },
);

test('a media type that is none of ours to judge is kept, or refused where no header can hold it', async () => {
  const { put, ask, get } = await makeStorage();
  await ask('PUT', 'k', { body: new Uint8Array([1]) });
  expect((await get('k')).headers.get('Content-Type')).toBe('application/octet-stream');
  await put('k', 'x', { 'Content-Type': 'text/x-odd; q="a;b"' });
  expect((await get('k')).headers.get('Content-Type')).toBe('text/x-odd; q="a;b"');
  for (const type of ['x'.repeat(257), 'text/ü']) {
    expect(await put('k', 'x', { 'Content-Type': type })).toMatchObject({ status: 400 });
  }
});
