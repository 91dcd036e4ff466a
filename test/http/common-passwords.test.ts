import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { readEnv } from '../../src/env.ts';
import { withCommonPasswords } from '../../src/http/routes/common-passwords.ts';
import { isCommonPassword } from '../../src/model/factors/common-passwords.ts';

const judge = () => isCommonPassword('Password1');

test('no password is taken before the list of the most used can be read, and then those on it are not', async () => {
  expect(judge).toThrow();
  await expect(withCommonPasswords({ ...readEnv(env), assets: undefined }, judge)).rejects.toThrow(
    'common-passwords.json',
  );
  expect(judge).toThrow();
  expect(await withCommonPasswords(readEnv(env), judge)).toBe(true);
  expect(judge()).toBe(true);
});

test('any other fault is its own', async () => {
  const fault = new Error('another');
  const faulty = () => {
    throw fault;
  };
  await expect(withCommonPasswords(readEnv(env), faulty)).rejects.toBe(fault);
});
