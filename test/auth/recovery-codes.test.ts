import { expect, test } from 'vitest';
import { newRecoveryCodes, recoveryCodeHash } from '../../src/auth/secrets/recovery-codes.ts';

const CODE = '0a1b-9xyz-kmnp-00v1';

test('ten codes of 120 bits, in groups that are easy to type', () => {
  const codes = newRecoveryCodes();
  expect(codes).toHaveLength(10);
  for (const code of codes) {
    expect(code).toMatch(/^[0-9a-z]{4}(-[0-9a-z]{4}){5}$/);
    expect(code).not.toMatch(/[ilou]/);
  }
});

test('no two codes are the same, and every character comes', () => {
  const codes = Array.from({ length: 50 }, newRecoveryCodes).flat();
  expect(new Set(codes).size).toBe(500);
  expect(new Set(codes.join('').replaceAll('-', '')).size).toBe(32);
});

test.each([
  '0A1B-9XYZ-KMNP-00V1',
  '0a1b9xyzkmnp00v1',
  ' 0a1b 9xyz\tkmnp\u00a000v1\n',
  '0a1b–9xyz—kmnp‐00v1',
  'oaib-9xyz-kmnp-O0vl',
  'OALB-9XYZ-KMNP-0oVI',
  '０ａ１ｂ－９ｘｙｚ－ｋｍｎｐ－００ｖ１',
])('%j is the code as somebody may type it', async (typed) => {
  expect(await recoveryCodeHash(typed)).toBe(await recoveryCodeHash(CODE));
});

test.each(['', '0a1b-9xyz-kmnp-00v', '0a1b-9xyz-kmnp-00v2', '9xyz-0a1b-kmnp-00v1', '0a1b.9xyz.kmnp.00v1'])(
  '%j is another',
  async (typed) => {
    expect(await recoveryCodeHash(typed)).not.toBe(await recoveryCodeHash(CODE));
  },
);

test('a hash is SHA-256 in base64url', async () => {
  expect(await recoveryCodeHash(CODE)).toMatch(/^[\w-]{43}$/);
});
