import { base64url, exportJWK, generateKeyPair, UnsecuredJWT } from 'jose';
import { expect, test } from 'vitest';
import { sha256 } from '../../../src/auth/secrets/digest.ts';
import { identityProblem } from '../../../src/model/sign-in/identity.ts';
import { NO_RULES } from '../../../src/model/sign-in/settings.ts';
import { ACCESS_TOKEN, type Hostile, makeHostile } from './hostile.ts';

const rejected = { kind: 'refused', reason: 'rejected' };
const halfOf = async (text: string) => base64url.encode(base64url.decode(await sha256(text)).subarray(0, 16));

test('an ID token is good as it should be', async () => {
  const hostile = await makeHostile();
  expect(await hostile.comeBackWith(await hostile.sign())).toMatchObject({ kind: 'identity', subject: 'ada' });
  expect(await hostile.comeBackWith(await hostile.sign())).toMatchObject({ kind: 'identity' });
  expect([await hostile.home.seen(), await hostile.keys.seen()].map(({ length }) => length)).toEqual([1, 1]);
});

const good: [string, (hostile: Hostile) => object | Promise<object>][] = [
  ['several audiences, among them us, whom it is made for', () => ({ aud: ['edge', 'other'], azp: 'edge' })],
  ['the hash of the access token', async () => ({ at_hash: await halfOf(ACCESS_TOKEN) })],
  ['a time to come that is within the leeway', ({ nowSeconds }) => ({ iat: nowSeconds + 20 })],
  ['an end that is within the leeway', ({ nowSeconds }) => ({ exp: nowSeconds - 20 })],
];

test.each(good)('an ID token with %s is good', async (_, change) => {
  const hostile = await makeHostile();
  expect(await hostile.comeBackWith(await hostile.sign(await change(hostile)))).toMatchObject({ kind: 'identity' });
});

const bad: [string, (hostile: Hostile) => object | Promise<object>][] = [
  ['another issuer', () => ({ iss: 'https://accounts.google.com' })],
  ['no issuer', () => ({ iss: undefined })],
  ['another audience', () => ({ aud: 'other' })],
  ['no audience', () => ({ aud: undefined })],
  ['several audiences, and no word for whom it is', () => ({ aud: ['edge', 'other'] })],
  ['another client that it is for', () => ({ azp: 'other' })],
  ['another nonce', () => ({ nonce: 'other' })],
  ['no nonce', () => ({ nonce: undefined })],
  ['the hash of another access token', async () => ({ at_hash: await halfOf('other') })],
  ['an end in the past', ({ nowSeconds }) => ({ exp: nowSeconds - 40 })],
  ['no end', () => ({ exp: undefined })],
  ['a time to come', ({ nowSeconds }) => ({ iat: nowSeconds + 40 })],
  ['a time long past', ({ nowSeconds }) => ({ iat: nowSeconds - 3600 })],
  ['no time', () => ({ iat: undefined })],
  ['no subject', () => ({ sub: undefined })],
  ['an empty subject', () => ({ sub: '' })],
  ['a subject that is a number', () => ({ sub: 7 })],
  ['a subject too long', () => ({ sub: 'x'.repeat(256) })],
];

test.each(bad)('an ID token with %s is refused', async (_, change) => {
  const hostile = await makeHostile();
  expect(await hostile.comeBackWith(await hostile.sign(await change(hostile)))).toMatchObject(rejected);
});

const forged: [string, (hostile: Hostile) => string | undefined | Promise<string>][] = [
  ['that is missing', () => undefined],
  ['that is none', () => 'token'],
  ['that nobody has signed', ({ claims }) => new UnsecuredJWT(claims).encode()],
  ['signed with the client secret', ({ sign, provider }) => sign({}, { alg: 'HS256' }, utf8(provider.clientSecret))],
  [
    'signed with another key of that name',
    async ({ sign }) => sign({}, {}, (await generateKeyPair('ES256')).privateKey),
  ],
  ['signed with a key of no name that is known', async ({ sign }) => sign({}, { kid: 'two' })],
  ['signed with a key that it brings along', signedWithItsOwn],
  ['that was changed after it was signed', changedAfterwards],
];

test.each(forged)('an ID token %s is refused', async (_, make) => {
  const hostile = await makeHostile();
  expect(await hostile.comeBackWith(await make(hostile))).toMatchObject(rejected);
});

test.each([
  [{}, null, null],
  [{}, 'example.com', null],
  [{ hd: 'Example.COM' }, 'example.com', null],
  [{ email: undefined }, null, 'email-missing'],
  [{ email: 'ada' }, null, 'email-missing'],
  [{ email_verified: false }, null, 'email-unverified'],
  [{ email_verified: undefined }, null, 'email-unverified'],
  [{ email_verified: 'true' }, null, 'email-unverified'],
  [{ email_verified: 1 }, null, 'email-unverified'],
  [{ hd: undefined }, 'example.com', 'wrong-domain'],
  [{ hd: 'example.com.evil.example' }, 'example.com', 'wrong-domain'],
  [{ hd: ['example.com'] }, 'example.com', 'wrong-domain'],
  [{ hd: '' }, 'example.com', 'wrong-domain'],
])('an identity with %j, where the domain is to be %j: %j', async (claims, googleHostedDomain, problem) => {
  const hostile = await makeHostile();
  const identity = await hostile.comeBackWith(await hostile.sign(claims));
  if (identity.kind !== 'identity') throw new Error(identity.detail);
  expect(identityProblem(identity, { ...NO_RULES, googleHostedDomain })).toBe(problem);
});

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function signedWithItsOwn({ sign }: Hostile): Promise<string> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  return sign({}, { jwk: await exportJWK(publicKey) } as object, privateKey);
}

async function changedAfterwards({ sign, claims }: Hostile): Promise<string> {
  const [header, , signature] = (await sign()).split('.');
  return [header, base64url.encode(JSON.stringify({ ...claims, sub: 'eve' })), signature].join('.');
}
