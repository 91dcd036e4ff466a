import { describe, expect, test } from 'vitest';
import { matchingStep, newTotpSecret, otpauthUri } from '../../src/auth/secrets/totp.ts';

/** RFC 6238 appendix B: `12345678901234567890` in base32, and its codes of SHA-1 by time, of which six digits count. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const VECTORS: [seconds: number, code: string][] = [
  [59, '94287082'],
  [1111111109, '07081804'],
  [1111111111, '14050471'],
  [1234567890, '89005924'],
  [2000000000, '69279037'],
  [20000000000, '65353130'],
];
const T = 1111111109;
const STEP = Math.floor(T / 30);
const CODE = '081804';
const at = (step: number, code = CODE, after = 0) => matchingStep(SECRET, code, step * 30_000, after);

test.each(VECTORS)('at %i s, %s of RFC 6238 is the code of its step', (seconds, code) => {
  expect(matchingStep(SECRET, code.slice(2), seconds * 1000, -1)).toBe(Math.floor(seconds / 30));
});

describe('a code', () => {
  test('is taken one step early and one late, and no further', () => {
    const steps = [-2, -1, 0, 1, 2].map((drift) => at(STEP + drift));
    expect(steps).toEqual([null, STEP, STEP, STEP, null]);
    expect(matchingStep(SECRET, CODE, (STEP + 2) * 30_000 - 1, 0)).toBe(STEP);
    expect(matchingStep(SECRET, CODE, (STEP - 1) * 30_000 - 1, 0)).toBeNull();
  });

  test('is taken once, and none of an earlier step after it', () => {
    expect([STEP - 1, STEP, STEP + 1].map((after) => at(STEP, CODE, after))).toEqual([STEP, null, null]);
  });

  test.each([' 081 804 ', '０８１８０４', '081\u00a0804', '0 8 1 8 0 4\n'])(
    'may have spaces in it and be typed in full width: %j',
    (code) => {
      expect(at(STEP, code)).toBe(STEP);
    },
  );

  test.each(['', '81804', '0081804', '08180٤', '081-804', '081805', 'NaN', '7081804', '0x13FAC'])(
    '%j is none',
    (code) => {
      expect(at(STEP, code)).toBeNull();
    },
  );

  test('of another secret is none', () => {
    expect(matchingStep(newTotpSecret(), CODE, T * 1000, 0)).toBeNull();
  });

  test('that two steps share is of the later one, so that it is not taken twice', () => {
    expect([153_566, 153_567, 153_568, 153_569].map((step) => at(step, '468457'))).toEqual([
      153_567, 153_567, 153_569, 153_569,
    ]);
    expect(at(153_568, '468457', 153_569)).toBeNull();
  });
});

test('a secret has 160 random bits', () => {
  const secrets = Array.from({ length: 50 }, newTotpSecret);
  expect(new Set(secrets).size).toBe(50);
  for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{32}$/);
});

test('its address says what an app needs, whatever the names are', () => {
  const address = otpauthUri(SECRET, { issuer: 'Acme: Söhne & Co', account: 'ada+x@example.com' });
  expect(address).toMatch(/^otpauth:\/\/totp\/Acme%20S%C3%B6hne%20%26%20Co:ada%2Bx%40example\.com\?/);
  expect(Object.fromEntries(new URL(address).searchParams)).toEqual({
    issuer: 'Acme Söhne & Co',
    secret: SECRET,
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  });
});
