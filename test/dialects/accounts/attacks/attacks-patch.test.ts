import { expect, test } from 'vitest';
import { makeReseller, rows, unique } from '../../../support/world.ts';

/** A member, and how one operation with a value fares that is sent just as it stands. */
async function makeMember() {
  const { id, api } = await makeReseller();
  const users = `/v1.0/accounts/${id}/users`;
  const sent = { email: `${unique('m')}@example.com`, displayName: 'Jane Doe', roles: ['user.admin'] };
  const userId: string = (await api.post(users, sent)).body.data.id;
  const apply = (op: string, path: string, value: string) =>
    api.patch(`${users}/${userId}`, `[{"op": "${op}", "path": "${path}", "value": ${value}}]`);
  const stored = () => rows('select * from users join memberships on user_id = id where id = ?', userId);
  return { apply, stored };
}

const array = 'function Array() { [native code] }';
const date = 'function Date() { [native code] }';
const operations = [
  ['add', '/roles/-'],
  ['replace', '/roles'],
  ['replace', '/displayName'],
  ['test', '/roles'],
  ['test', '/email'],
] as const;

test.each([
  ['an object that passes for a list of negative length', `{"constructor": "${array}", "length": -1}`],
  ['an object that passes for a long list', `{"constructor": "${array}", "length": 30000000}`],
  ['an object that passes for a date', `{"constructor": "${date}", "valueOf": 1, "toString": 1}`],
  ['an object that no text can be made of', '{"toString": 1, "valueOf": 1}'],
  ['lists in lists', '['.repeat(20_000) + ']'.repeat(20_000)],
  ['a long list', JSON.stringify(Array(8_000).fill('x'))],
])('%s is no value of a patch', async (_, value) => {
  const { apply, stored } = await makeMember();
  const before = await stored();
  for (const [op, path] of operations) {
    const started = performance.now();
    const reply = await apply(op, path, value);
    expect([op, path, reply.status]).toEqual([op, path, 400]);
    expect(performance.now() - started, `${op} ${path}`).toBeLessThan(1_000);
  }
  expect(await stored()).toEqual(before);
});
