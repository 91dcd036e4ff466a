import { readFile } from 'node:fs/promises';
import { dictionary } from '@zxcvbn-ts/language-common';
import { expect, test } from 'vitest';
import { commonPasswordFiles } from '../../scripts/lib/build/common-passwords.ts';
import list from '../../src/model/factors/common-passwords.json' with { type: 'json' };
import { isCommonPassword, setCommonPasswords } from '../../src/model/factors/common-passwords.ts';

setCommonPasswords(list);
const ranked = dictionary['passwords-common'];

test('the list of common passwords is its package’s: npm run common-passwords', async () => {
  for (const [file, text] of Object.entries(await commonPasswordFiles())) {
    expect(await readFile(file, 'utf8')).toBe(text);
  }
});

test('the package has more of them than we refuse, the most used first', () => {
  expect(ranked.length).toBeGreaterThan(10_000);
  expect(ranked.slice(0, 5)).toEqual(['123456', 'password', '12345678', 'qwerty', '123456789']);
});

test('each of the first 10,000 that is long enough for a password is refused, and none after them', () => {
  const longOnes = ranked
    .map((password, index) => ({ password, index }))
    .filter(({ password }) => password.length >= 8);
  const refused = longOnes.filter(({ password }) => isCommonPassword(password.toUpperCase()));
  expect(refused).toEqual(longOnes.filter(({ index }) => index < 10_000));
});
