import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { muteQueues } from '../support/queues.ts';
import { makeStorage } from '../support/storage.ts';

beforeAll(muteQueues);

type Storage = Awaited<ReturnType<typeof makeStorage>>;

/** Keys as they stand in an address, each of which would lead elsewhere where a key was a path. */
const TRAVERSALS = ({ id }: Storage, key = 'secret') => {
  const target = `${id}/${key}`;
  return [
    `../${target}`,
    `..%2F${target}`,
    `..%2f..%2f${target}`,
    `%2e%2e/${target}`,
    `%2e%2e%2f${target}`,
    `%252e%252e%252f${target}`,
    `..%252f${target}`,
    `%25252e%25252e%25252f${target}`,
    `..%5C${target}`,
    `..\\${target}`,
    `..%255c${target}`,
    `%2F${target}`,
    `%2Fdefault%2F${target}`,
    `default/${target}`,
    `//${target}`,
    `./${target}`,
    `a/../../${target}`,
    `a%2F..%2F..%2F${target}`,
    `....//${target}`,
    `..;/${target}`,
    `.%00./${target}`,
    `..%00/${target}`,
    `a%00${target}`,
    `%c0%ae%c0%ae%c0%af${target}`,
    `%e0%80%ae%e0%80%ae/${target}`,
    `..%c0%af${target}`,
    `..%ef%bc%8f${target}`,
    `%ef%bc%8e%ef%bc%8e/${target}`,
    `%e2%80%a5/${target}`,
    `..%e2%88%95${target}`,
    `..%e2%81%84${target}`,
    `C:%5C${target}`,
    `file:%2F%2F%2F${target}`,
    `~/${target}`,
    `%24%7Bx%7D/${target}`,
    `'%20or%20key%20is%20not%20null--`,
    `%25`,
    `_`,
    `secre_`,
    `SECRET`,
    `secret%20`,
    `secret%2F`,
    `secret.`,
    `s%65cret%2e`,
    `${key}%3Fversion=1`,
    `${key}%23`,
  ];
};

/** Where everything that there is stands in the bucket. */
async function bucket(): Promise<string[]> {
  const { objects } = await env.STORAGE.list();
  return objects.map(({ key }) => key).sort();
}

test('whatever a key is, its bytes stand in its own storage account, under a name that we gave', async () => {
  const [mine, theirs] = [await makeStorage({ quotaBytes: 100_000 }), await makeStorage()];
  await theirs.put('secret', 'secret');
  const before = new Set(await bucket());
  let taken = 0;
  for (const key of TRAVERSALS(theirs)) {
    const { status } = await mine.put(key, 'mine');
    expect([key, status]).toEqual([key, expect.toBeOneOf([200, 201, 400, 404])]);
    taken += status === 201 ? 1 : 0;
  }
  expect(taken).toBeGreaterThan(10);
  const own = new RegExp(`^default/${mine.id}/[0-9a-f-]{36}$`);
  const added = (await bucket()).filter((key) => !before.has(key));
  expect(added.length).toBeGreaterThanOrEqual(taken);
  expect(added.filter((key) => !own.test(key))).toEqual([]);
  expect((await theirs.get('secret')).text).toBe('secret');
  expect(await theirs.row()).toMatchObject({ object_count: 1, used_bytes: 6 });
});

test("no key reads or removes another account's object, nor another one of the same account", async () => {
  const [mine, theirs] = [await makeStorage(), await makeStorage()];
  await theirs.put('secret', 'secret');
  await mine.put('secret', 'own secret');
  for (const key of TRAVERSALS(theirs)) {
    const read = await mine.get(key);
    expect([key, read.status]).toEqual([key, expect.toBeOneOf([400, 404])]);
    expect(read.text).not.toContain('secret"');
    expect([key, (await mine.ask('DELETE', key)).status]).toEqual([key, expect.toBeOneOf([400, 404])]);
  }
  expect((await theirs.get('secret')).text).toBe('secret');
  expect((await mine.get('secret')).text).toBe('own secret');
  expect(await mine.row()).toMatchObject({ object_count: 1 });
});

test('forms of one letter that look alike are two keys', async () => {
  const { put, get } = await makeStorage();
  await put('%C3%A9', 'composed');
  await put('e%CC%81', 'apart');
  expect([(await get('%C3%A9')).text, (await get('e%CC%81')).text]).toEqual(['composed', 'apart']);
});

test.each(['a?b', 'a?', 'a?b=c', 'a?prefix=x'])(
  'a ? in a key is not the start of a query that is ignored: %s',
  async (key) => {
    const storage = await makeStorage();
    expect((await storage.put('a', 'mine')).status).toBe(201);
    for (const method of ['GET', 'HEAD', 'DELETE', 'PUT'])
      expect((await storage.ask(method, key, method === 'PUT' ? { body: 'other' } : {})).status).toBe(400);
    expect((await storage.get('a')).text).toBe('mine');
    expect((await storage.put(key.replace('?', '%3F'), 'other')).status).toBe(201);
    expect((await storage.get('a')).text).toBe('mine');
  },
);
