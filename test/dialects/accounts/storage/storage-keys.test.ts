import { beforeAll, expect, test } from 'vitest';
import { muteQueues } from '../../../support/queues.ts';
import { makeStorage, storageOf } from '../../../support/storage.ts';

/** One storage account with an object under each key. */
let full: Awaited<ReturnType<typeof makeStorage>>;

beforeAll(async () => {
  muteQueues();
  full = await makeStorage();
  for (const key of KEYS) await full.put(encodeURIComponent(key), '');
});

type Shown = { key: string };
const keysIn = (body: { data: Shown[] }) => body.data.map(({ key }) => key);
const whole = encodeURIComponent;
const inSegments = (key: string) => key.split('/').map(whole).join('/');

/** In the order of their code points, which is not the one of JavaScript. */
const KEYS = [
  '\u0001',
  ' ',
  '%',
  '%25',
  '%2F',
  '*',
  '+',
  '...',
  '.hidden',
  'A',
  '_',
  'a',
  'a b',
  'a%b',
  'a+b',
  'a.b',
  'a/',
  'a//b',
  'a/b',
  'a/b/c',
  'a?b#c&d=e',
  'a\\b',
  'aXb',
  'a_b',
  '\u00e9',
  'e\u0301',
  'ÿ',
  'か',
  '\ud7ff',
  '\ue000',
  '\uffff',
  '😀',
  '😀a',
  '\u{10ffff}',
  '\u{10ffff}\u{10ffff}',
].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

test('any key is its own, and comes back as it was sent, whole or in segments', async () => {
  const { put, get, ask, list } = await makeStorage();
  for (const key of KEYS) {
    const made = await put(whole(key), key);
    expect(made, key).toMatchObject({ status: 201, body: { data: { key } } });
  }
  for (const key of KEYS) {
    expect((await get(whole(key))).text).toBe(key);
    expect((await get(inSegments(key))).text).toBe(key);
  }
  expect(keysIn((await list()).body)).toEqual(KEYS);
  for (const key of KEYS) expect(await ask('DELETE', inSegments(key)), key).toMatchObject({ status: 200 });
  expect((await list()).body.data).toEqual([]);
});

test.each(KEYS)('the prefix %j finds the keys that begin with it, and no other', async (prefix) => {
  const expected = KEYS.filter((key) => key.startsWith(prefix));
  const { body } = await full.list(`?prefix=${whole(prefix)}`);
  expect(keysIn(body)).toEqual(expected);
});

test('a list is followed from page to page, also within a prefix', async () => {
  const { list, api } = full;
  for (const prefix of ['', 'a', '\u{10ffff}']) {
    const found: string[] = [];
    let address: string | undefined = `?limit=3&prefix=${whole(prefix)}`;
    for (let reply = await list(address); address !== undefined; ) {
      expect(reply.body).toMatchObject({ page_size: reply.body.data.length, page_index: 0 });
      found.push(...keysIn(reply.body));
      address = /^<(.*)>; rel="next"$/.exec(reply.headers.get('Link') ?? '')?.[1];
      if (address !== undefined) reply = await api.get(address.replace(/^https:\/\/[^/]+/, ''));
    }
    expect(found).toEqual(KEYS.filter((key) => key.startsWith(prefix)));
  }
});

test('a cursor goes on behind its key, though that is gone, and leads to no other prefix', async () => {
  const { put, list, ask } = await makeStorage();
  for (const key of ['a1', 'a2', 'a3', 'b1']) await put(key, '');
  const next = /after=([^&>]+)/.exec((await list('?limit=2')).headers.get('Link') ?? '')?.[1];
  await ask('DELETE', 'a2');
  expect(keysIn((await list(`?after=${next}`)).body)).toEqual(['a3', 'b1']);
  expect(keysIn((await list(`?after=${next}&prefix=b`)).body)).toEqual(['b1']);
  expect(keysIn((await list(`?after=${next}&prefix=a`)).body)).toEqual(['a3']);
  expect(keysIn((await list(`?after=${next}&prefix=A`)).body)).toEqual([]);
});

test.each(['?limit=0', '?limit=1001', '?limit=x', '?after=x', '?prefix=%00', `?prefix=${'x'.repeat(1025)}`, '?x=1'])(
  'a list with %s is refused',
  async (query) => {
    expect(await (await makeStorage()).list(query)).toMatchObject({ status: 400 });
  },
);

test.each([
  ['too long', 'x'.repeat(1025)],
  ['too long in UTF-8', whole('é'.repeat(513))],
  ['NUL', 'a%00'],
  ['half a surrogate pair', '%ED%A0%80'],
  ['no UTF-8', '%ff'],
  ['a broken escape', '%zz'],
  ['a segment that is a dot', 'a%2F.%2Fb'],
  ['a segment that goes up', '..%2Fb'],
  ['one at its end', 'a%2F..'],
])('a key is refused for %s', async (_, key) => {
  const { ask, put, uploads } = await makeStorage();
  expect(await put(key, 'x')).toMatchObject({ status: 400 });
  for (const method of ['GET', 'DELETE']) expect(await ask(method, key)).toMatchObject({ status: 400 });
  expect(await uploads()).toEqual([]);
});

test('a key of 1024 bytes is taken', async () => {
  const { put, get } = await makeStorage();
  const key = whole('é'.repeat(512));
  expect(await put(key, 'x')).toMatchObject({ status: 201 });
  expect(await get(key)).toMatchObject({ status: 200 });
});

test('dots in an address lead nowhere that is not the caller’s to go', async () => {
  const { put, ask, id, resellerId, api } = await makeStorage();
  const theirs = await makeStorage();
  await theirs.put('secret', 'x');
  const neighbour = await storageOf(resellerId, api);
  await put('a', 'x');
  // What the client or the platform resolves is an address like any other.
  expect(await neighbour.ask('GET', `../../${id}/objects/a`)).toMatchObject({ status: 200 });
  expect(await neighbour.ask('GET', `x/../../../${theirs.id}/objects/secret`)).toMatchObject({ status: 404 });
  expect(await ask('GET', `%2e%2e/%2e%2e/${theirs.id}/objects/secret`)).toMatchObject({ status: 404 });
  expect(await ask('GET', `..%2F..%2F${theirs.id}%2Fobjects%2Fsecret`)).toMatchObject({ status: 400 });
});

test('the same key in two storage accounts is two objects', async () => {
  const { put, get, ask, resellerId, api } = await makeStorage();
  const other = await storageOf(resellerId, api);
  await put('k', 'one');
  await other.put('k', 'two');
  expect([(await get('k')).text, (await other.get('k')).text]).toEqual(['one', 'two']);
  await ask('DELETE', 'k');
  expect(await get('k')).toMatchObject({ status: 404 });
  expect((await other.get('k')).text).toBe('two');
});
