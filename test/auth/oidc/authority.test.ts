import { expect, test } from 'vitest';
import { isAuthoritative } from '../../../src/auth/oidc/authority.ts';

const GOOGLE = 'https://accounts.google.com';

test.each([
  [GOOGLE, [], 'ada@gmail.com', null, true],
  [GOOGLE, [], 'ada@GMAIL.com', null, true],
  [GOOGLE, [], 'ada@corp.example', 'corp.example', true],
  [GOOGLE, [], 'ada@corp.example', 'Corp.example', true],
  [GOOGLE, [], 'ada@bücher.example', 'xn--bcher-kva.example', true],
  [GOOGLE, [], 'ada@corp.example', null, false],
  [GOOGLE, [], 'ada@corp.example', 'other.example', false],
  [GOOGLE, [], 'ada@mail.corp.example', 'corp.example', false],
  [GOOGLE, [], 'ada@gmail.com.evil.example', null, false],
  [GOOGLE, [], null, 'corp.example', false],
  ['https://login.example', [], 'ada@gmail.com', null, false],
  ['https://login.example', [], 'ada@corp.example', 'corp.example', false],
  ['https://login.example', ['corp.example'], 'ada@Corp.example', null, true],
  ['https://login.example', ['corp.example'], 'ada@evil.example', 'corp.example', false],
])('%s, which is said to hand out %j: %j of %j', (issuer, domains, email, hd, is) => {
  expect(isAuthoritative({ issuer, domains }, { email, hd })).toBe(is);
});
