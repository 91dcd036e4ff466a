import { base64url, exportJWK, generateKeyPair } from 'jose';
import { expect, test } from 'vitest';
import { Caller } from '../support/api.ts';
import { earlierKey, type Forgery, forge, seconds, signingKey } from '../support/forge.ts';
import { makeClient, makeReseller } from '../support/world.ts';

const statusOf = async (token: string) => (await new Caller(token).get('/v3/events')).status;
const client = async () => (await makeClient(null, ['event:read', 'reseller:read'])).id;

test('a token of the present key and of the key before are both good', async () => {
  expect(await statusOf(await forge(await client()))).toBe(200);
  expect(await statusOf(await forge(await client(), { key: earlierKey }))).toBe(200);
});

test('thirty seconds of clock difference are forgiven, more are not', async () => {
  const id = await client();
  expect(await statusOf(await forge(id, { claims: { exp: seconds() - 20 } }))).toBe(200);
  expect(await statusOf(await forge(id, { claims: { exp: seconds() - 40 } }))).toBe(401);
  expect(await statusOf(await forge(id, { claims: { nbf: seconds() + 20 } }))).toBe(200);
  expect(await statusOf(await forge(id, { claims: { nbf: seconds() + 40 } }))).toBe(401);
});

const refused: [why: string, change: Forgery][] = [
  ['another issuer', { claims: { iss: 'https://evil.example' } }],
  ['no issuer', { claims: { iss: undefined } }],
  ['another audience', { claims: { aud: 'https://elsewhere.example' } }],
  ['no audience', { claims: { aud: undefined } }],
  ['no expiry', { claims: { exp: undefined } }],
  ['no subject', { claims: { sub: undefined } }],
  ['a subject that is no text', { claims: { sub: 7 } }],
  ['no jti', { claims: { jti: undefined } }],
  ['the type of an id token', { header: { typ: 'JWT' } }],
  ['no type', { header: { typ: undefined } }],
  ['an unknown kid', { header: { kid: 'nobody' } }],
  ['a kid that is a path', { header: { kid: '../../now' } }],
  ['no kid', { header: { kid: undefined } }],
  ['a kid of another key', { header: { kid: 'before' } }],
  ['a jku header', { header: { jku: 'https://evil.example/jwks.json' } }],
  ['an x5u header', { header: { x5u: 'https://evil.example/cert' } }],
  ['a jwk header', { header: { jwk: { kty: 'EC' } } }],
];

test.each(refused)('a token with %s is refused', async (_why, change) => {
  const id = await client();
  expect(await statusOf(await forge(id))).toBe(200);
  expect(await statusOf(await forge(id, change))).toBe(401);
});

test('a token signed by somebody else is refused', async () => {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  expect(
    await statusOf(
      await forge(await client(), { key: { ...(await exportJWK(privateKey)), kid: 'now', alg: 'ES256' } }),
    ),
  ).toBe(401);
});

test('alg none and HS256 keyed with our public key are refused', async () => {
  const [, payload] = (await forge(await client())).split('.');
  const none = base64url.encode(JSON.stringify({ alg: 'none', typ: 'at+jwt', kid: 'now' }));
  expect(await statusOf(`${none}.${payload}.`)).toBe(401);
  const { d: _, ...publicKey } = signingKey;
  const secret = { kty: 'oct', k: base64url.encode(JSON.stringify(publicKey)), kid: 'now', alg: 'HS256' };
  expect(await statusOf(await forge(await client(), { key: secret }))).toBe(401);
});

test('a token that was good a moment ago is refused once it is altered', async () => {
  const token = await forge(await client());
  expect(await statusOf(token)).toBe(200);
  const [header, payload, signature] = token.split('.') as [string, string, string];
  const claims = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), scope: 'reseller:write' };
  expect(await statusOf(`${header}.${base64url.encode(JSON.stringify(claims))}.${signature}`)).toBe(401);
});

test.each(['', ' ', 'x', 'a.b', 'a.b.c', 'a.b.c.d.e', `${'x'.repeat(9000)}.y.z`, '%00'])(
  'what is no token (%#) is refused',
  async (token) => {
    expect(await statusOf(token)).toBe(401);
  },
);

test("a token's reseller must be the one its client belongs to", async () => {
  const { id } = await makeReseller();
  expect(await statusOf(await forge(await client(), { claims: { reseller_id: id } }))).toBe(401);
  const bound = (await makeClient(id, ['event:read'])).id;
  expect(await statusOf(await forge(bound))).toBe(401);
  expect(await statusOf(await forge(bound, { claims: { reseller_id: id } }))).toBe(200);
});
