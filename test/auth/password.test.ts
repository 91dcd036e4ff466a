import { env } from 'cloudflare:workers';
import Argon2 from '@phi-ag/argon2';
import wasm from '@phi-ag/argon2/argon2.wasm';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { checkPassword, hashPassword } from '../../src/auth/secrets/password.ts';
import { type Env, readEnv } from '../../src/env.ts';

const settings = readEnv(env);
const TODAY = '$argon2id$v=19$m=19456,t=2,p=1$';
const MATCH = { matches: true, outdated: false };
const NO_MATCH = { matches: false, outdated: false };

afterEach(() => vi.restoreAllMocks());

test('a password matches the hash that was made of it, and no other', async () => {
  const hash = await hashPassword(settings, 'Correct-horse-1');
  expect(await checkPassword(settings, 'Correct-horse-1', hash)).toEqual(MATCH);
  expect(await checkPassword(settings, 'correct-horse-1', hash)).toEqual(NO_MATCH);
  expect(await checkPassword(settings, '', hash)).toEqual(NO_MATCH);
});

test('two ways to write a letter are one', async () => {
  const hash = await hashPassword(settings, 'pässword-1');
  expect(await checkPassword(settings, 'pa\u0308ssword-1', hash)).toEqual(MATCH);
});

const OLD = settings.passwordPeppers[0];
const NEW = { id: 'p2', pepper: 'x'.repeat(32) };
const withPeppers = (...passwordPeppers: Env['passwordPeppers']): Env => ({ ...settings, passwordPeppers });

test('a hash names its pepper, which is the first of the list', async () => {
  expect(await hashPassword(settings, 'x')).toMatch(/^p1\$argon2id\$/);
  expect(await hashPassword(withPeppers(NEW, OLD), 'x')).toMatch(/^p2\$argon2id\$/);
});

test('a hash is worth nothing under another pepper, even one of the same name', async () => {
  const hash = await hashPassword(settings, 'Correct-horse-1');
  const other = withPeppers({ ...NEW, id: OLD.id });
  expect(await checkPassword(other, 'Correct-horse-1', hash)).toEqual(NO_MATCH);
});

test('an older pepper that is listed still verifies, and its hashes are outdated', async () => {
  const hash = await hashPassword(settings, 'Correct-horse-1');
  const rotated = withPeppers(NEW, OLD);
  expect(await checkPassword(rotated, 'Correct-horse-1', hash)).toEqual({ matches: true, outdated: true });
  expect(await checkPassword(rotated, 'Wrong-horse-1', hash)).toEqual({ matches: false, outdated: true });
  const renewed = await hashPassword(rotated, 'Correct-horse-1');
  expect(await checkPassword(rotated, 'Correct-horse-1', renewed)).toEqual(MATCH);
  expect(await checkPassword(withPeppers(OLD, NEW), 'Correct-horse-1', renewed)).toMatchObject({
    matches: true,
  });
});

test.each(['p2', 'P1', 'p', 'p11', ''])(
  'a hash of a pepper that is not listed never matches, after the time of any other: %j',
  async (id) => {
    const verify = vi.spyOn(Argon2.prototype, 'tryVerify');
    const hash = (await hashPassword(settings, 'Correct-horse-1')).replace(/^p1/, id);
    expect(await checkPassword(settings, 'Correct-horse-1', hash)).toEqual(NO_MATCH);
    expect(verify.mock.calls.map(([checked]) => checked.startsWith(TODAY))).toEqual([true]);
  },
);

test('where there is no hash, one of today is checked and never matches', async () => {
  const verify = vi.spyOn(Argon2.prototype, 'tryVerify');
  expect(await checkPassword(settings, 'Correct-horse-1', null)).toEqual(NO_MATCH);
  expect(verify).toHaveBeenCalledOnce();
  const [checked] = verify.mock.calls[0]!;
  expect(checked.startsWith(TODAY)).toBe(true);
  expect(OLD.id + checked).toHaveLength((await hashPassword(settings, 'x')).length);
  expect(verify.mock.results[0]!.value).toMatchObject({ error: expect.stringContaining('does not match') });
  verify.mockReturnValue({ success: true });
  expect(await checkPassword(settings, 'Correct-horse-1', null)).toEqual(NO_MATCH);
});

describe('a hash of other parameters', () => {
  test.each([
    { memoryCost: 4096 },
    { memoryCost: 65_536, timeCost: 1 },
    { timeCost: 3 },
    { memoryCost: 1024, parallelism: 4 },
    { hashLength: 24 },
  ])('%j matches and is outdated', async (options) => {
    const hash = await hashOf('Correct-horse-1', options);
    expect(await checkPassword(settings, 'Correct-horse-1', hash)).toEqual({ matches: true, outdated: true });
    expect(await checkPassword(settings, 'Wrong-horse-1', hash)).toEqual({ matches: false, outdated: true });
  });

  test.each([
    ['memory', 'm=65537,t=2,p=1'],
    ['absurd memory', 'm=4294967295,t=2,p=1'],
    ['passes', 'm=19456,t=9,p=1'],
    ['lanes', 'm=19456,t=2,p=5'],
  ])('that asks for more %s than we grant is no match, after the time of any other', async (_, parameters) => {
    const verify = vi.spyOn(Argon2.prototype, 'tryVerify');
    const hash = (await hashPassword(settings, 'Correct-horse-1')).replace('m=19456,t=2,p=1', parameters);
    expect(await checkPassword(settings, 'Correct-horse-1', hash)).toEqual(NO_MATCH);
    expect(verify.mock.calls.map(([checked]) => checked.startsWith(TODAY))).toEqual([true]);
  });

  test.each([
    '',
    'x',
    'p1$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy',
    'p1$argon2id$v=19$m=19456,t=2,p=1$$',
    'p1',
    'p1$',
  ])('%j is no match', async (hash) => {
    expect(await checkPassword(settings, 'Correct-horse-1', hash)).toEqual(NO_MATCH);
  });
});

/** What `hashPassword` would have made with other parameters. */
async function hashOf(password: string, options: Parameters<Argon2['hash']>[1]): Promise<string> {
  const hash = vi.spyOn(Argon2.prototype, 'hash');
  await hashPassword(settings, password);
  const [[peppered, today]] = hash.mock.calls as [Parameters<Argon2['hash']>];
  hash.mockRestore();
  return OLD.id + new Argon2(new WebAssembly.Instance(wasm)).hash(peppered, { ...today, ...options }).encoded;
}
