import { env } from 'cloudflare:workers';
import { createPublicKey, createSign, generateKeyPairSync } from 'node:crypto';
import { base64url, CompactEncrypt, exportJWK, exportSPKI, generateKeyPair, importJWK, type JWK } from 'jose';
import { expect, test } from 'vitest';
import { TOKEN_MAX_CHARS } from '../../src/model/limits/index.ts';
import { Caller, send } from '../support/api.ts';
import { type Forgery, forge, seconds, signingKey } from '../support/forge.ts';
import { makePlace } from '../support/outside/place.ts';
import { authorized, exchange, makeDelegation } from '../support/people/oauth.ts';
import { makePerson } from '../support/people/signed-up.ts';
import { makeClient, operator } from '../support/world.ts';

const REFUSED = { status: 401, body: { code: 'INVALID_TOKEN' } };
const ask = (token: string) => new Caller(token).get('/v3/events');
const client = async () => (await makeClient(null, ['event:read', 'reseller:read'])).id;
const good = async (change?: Forgery) => forge(await client(), change);
const encode = (json: unknown) => base64url.encode(typeof json === 'string' ? json : JSON.stringify(json));
const { d: _, ...publicKey } = signingKey;

/** Signs these very texts by our own key, so that what is refused is what they say. */
async function signTexts(header: string, payload: string) {
  const input = `${encode(header)}.${encode(payload)}`;
  const key = (await importJWK(signingKey, 'ES256')) as CryptoKey;
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const signature = await crypto.subtle.sign(algorithm, key, new TextEncoder().encode(input));
  return `${input}.${base64url.encode(new Uint8Array(signature))}`;
}
const HEADER = JSON.stringify({ alg: 'ES256', kid: signingKey.kid, typ: 'at+jwt' });
const partsOf = (token: string) => token.split('.').slice(0, 3) as [string, string, string];
const textOf = (part: string) => new TextDecoder().decode(base64url.decode(part));

test.each(['none', 'None', 'NONE', 'nOnE', '', null, undefined, 0, [], ['ES256'], { alg: 'ES256' }])(
  'alg %j with our signature, with another one or none is refused',
  async (alg) => {
    const [, payload, signature] = partsOf(await good());
    const header = encode({ alg, kid: signingKey.kid, typ: 'at+jwt' });
    for (const end of ['', signature, 'AA', encode('none')])
      expect(await ask(`${header}.${payload}.${end}`)).toMatchObject(REFUSED);
    expect(await ask(await signTexts(textOf(header), textOf(payload)))).toMatchObject(REFUSED);
  },
);

test('whatever form of our public key is the secret of an HMAC, it signs nothing', async () => {
  const id = await client();
  const key = createPublicKey({ key: publicKey as never, format: 'jwk' });
  const pem = await exportSPKI((await importJWK(publicKey, 'ES256')) as CryptoKey);
  const { body: published } = await send('GET', '/.well-known/jwks.json');
  const secrets = [
    pem,
    pem.trim(),
    `${pem}\n`,
    key.export({ type: 'spki', format: 'der' }),
    JSON.stringify(publicKey),
    JSON.stringify(published.keys[0]),
    JSON.stringify(published),
    base64url.decode(publicKey.x ?? ''),
    base64url.decode(`${publicKey.x}${publicKey.y}`),
    signingKey.kid,
  ];
  for (const alg of ['HS256', 'HS384', 'HS512']) {
    for (const secret of secrets) {
      const k = base64url.encode(
        typeof secret === 'string' ? new TextEncoder().encode(secret) : new Uint8Array(secret),
      );
      expect(await ask(await forge(id, { key: { kty: 'oct', k, kid: signingKey.kid, alg } }))).toMatchObject(REFUSED);
    }
  }
});

test('a token of another algorithm is refused under the name of our key, however it is signed', async () => {
  const id = await client();
  for (const alg of ['ES384', 'ES512', 'RS256', 'PS256', 'EdDSA']) {
    const { privateKey } = await generateKeyPair(alg, { extractable: true });
    const key: JWK = { ...(await exportJWK(privateKey)), kid: signingKey.kid, alg };
    expect(await ask(await forge(id, { key }))).toMatchObject(REFUSED);
    expect(await ask(await forge(id, { key, header: { alg: alg } }))).toMatchObject(REFUSED);
    const [header, payload, signature] = partsOf(await forge(id, { key }));
    const renamed = encode({ ...JSON.parse(textOf(header)), alg: 'ES256' });
    expect(await ask(`${renamed}.${payload}.${signature}`)).toMatchObject(REFUSED);
  }
});

test('signatures that any data fits are none: zeros, the order, nothing, ASN.1', async () => {
  const [header, payload] = partsOf(await good());
  const order = Buffer.from('FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551', 'hex');
  const one = Buffer.concat([Buffer.alloc(31), Buffer.from([1])]);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const asn1 = createSign('SHA256').update(`${header}.${payload}`).sign(privateKey);
  const signatures = [
    Buffer.alloc(0),
    Buffer.alloc(1),
    Buffer.alloc(64),
    Buffer.alloc(72),
    Buffer.concat([order, order]),
    Buffer.concat([one, Buffer.alloc(32)]),
    Buffer.concat([Buffer.alloc(32), one]),
    Buffer.concat([one, one]),
    Buffer.alloc(64, 0xff),
    asn1,
  ];
  for (const signature of signatures) {
    const token = `${header}.${payload}.${base64url.encode(new Uint8Array(signature))}`;
    expect(await ask(token)).toMatchObject(REFUSED);
  }
});

const kids: [what: string, kid: unknown][] = [
  ['a path', '../../../../dev/null'],
  ['an absolute path', '/dev/null'],
  ['a path in another notation', '..%2f..%2fnow'],
  ['a path that leads back', `./${signingKey.kid}`],
  ['SQL', `${signingKey.kid}' or '1'='1`],
  ['SQL that makes a key', 'x\' union select \'{"kty":"oct","k":"AA"}\' --'],
  ['a command', `${signingKey.kid}|id`],
  ['an address', 'https://evil.example/jwks.json'],
  ['NUL behind ours', `${signingKey.kid}\0`],
  ['a space behind ours', `${signingKey.kid} `],
  ['ours in capitals', signingKey.kid.toUpperCase()],
  ['what every object has', '__proto__'],
  ['what every object can', 'constructor'],
  ['nothing', ''],
  ['very long', 'x'.repeat(4000)],
  ['a list of ours', [signingKey.kid]],
  ['an object', { kid: signingKey.kid }],
  ['a number', 0],
  ['null', null],
];
test.each(kids)('a kid that is %s names no key of ours', async (_what, kid) => {
  const token = await good();
  const header = JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid });
  expect(await ask(await signTexts(header, textOf(partsOf(token)[1])))).toMatchObject(REFUSED);
});

test('a token names no key itself: no address in it is asked, and no key in it is used', async () => {
  const place = makePlace();
  const id = await client();
  const { publicKey: theirs, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk: JWK = { ...(await exportJWK(theirs)), kid: signingKey.kid, alg: 'ES256' };
  const key: JWK = { ...(await exportJWK(privateKey)), kid: signingKey.kid, alg: 'ES256' };
  await place.answer({ body: JSON.stringify({ keys: [jwk] }), headers: { 'content-type': 'application/json' } });
  const headers = [
    { jku: place.url },
    { jku: `https://edge.localhost@${place.url.slice('http://'.length)}` },
    { x5u: place.url },
    { jwk },
    { x5c: ['MIIB'] },
    { jku: place.url, jwk, x5u: place.url },
    { JKU: place.url },
  ];
  for (const header of headers) expect(await ask(await forge(id, { key, header }))).toMatchObject(REFUSED);
  for (const header of headers.slice(0, -1)) expect(await ask(await forge(id, { header }))).toMatchObject(REFUSED);
  // The address of an issuer is asked for its keys only where it is one that we trust.
  expect(await ask(await forge(id, { key, claims: { iss: place.url } }))).toMatchObject(REFUSED);
  expect(await place.seen()).toEqual([]);
});

test.each([[['exp']], [['b64']], [['unknown']], [[]], ['exp'], [[1]], [['alg']], [['unknown', 'unknown']]])(
  'crit %j is refused, though we signed it (RFC 7515 §4.1.11)',
  async (crit) => {
    const payload = textOf(partsOf(await good())[1]);
    for (const more of [{}, { b64: false }, { unknown: true, exp: 1 }]) {
      const header = JSON.stringify({ ...JSON.parse(HEADER), crit, ...more });
      expect(await ask(await signTexts(header, payload))).toMatchObject(REFUSED);
    }
  },
);

test('b64 without crit changes nothing, and an unencoded payload is refused (RFC 7797)', async () => {
  const [, payload, signature] = partsOf(await good());
  expect(
    await ask(`${encode({ ...JSON.parse(HEADER), b64: false, crit: ['b64'] })}.${textOf(payload)}.${signature}`),
  ).toMatchObject(REFUSED);
});

test('of a name that comes twice the last one counts, for the check as for the use', async () => {
  const id = await client();
  const claims = JSON.parse(textOf(partsOf(await forge(id))[1]));
  const twice = (name: string, first: unknown, last: unknown) => {
    const { [name]: _, ...rest } = claims;
    const text = JSON.stringify(rest);
    return `{${JSON.stringify(name)}:${JSON.stringify(first)},${text.slice(1, -1)},${JSON.stringify(name)}:${JSON.stringify(last)}}`;
  };
  const status = async (payload: string, header = HEADER) => (await ask(await signTexts(header, payload))).status;
  expect(await status(twice('exp', claims.exp, seconds() - 100))).toBe(401);
  expect(await status(twice('aud', claims.aud, 'https://elsewhere.example'))).toBe(401);
  expect(await status(twice('iss', claims.iss, 'https://issuer.example'))).toBe(401);
  expect(await status(twice('sub', id, crypto.randomUUID()))).toBe(401);
  expect(await status(twice('scope', 'event:read', ''))).toBe(403);
  expect(await status(twice('scope', '', 'event:read'))).toBe(200);
  const payload = JSON.stringify(claims);
  expect(await status(payload, HEADER.replace('{', '{"alg":"ES256",').replace(/"ES256"(?=,"kid)/, '"none"'))).toBe(401);
  expect(await status(payload, HEADER.replace('"at+jwt"', '"at+jwt","typ":"JWT"'))).toBe(401);
});

test.each([8, 64, 256, 1024])('a token of %i KiB is refused before anybody reads it', async (kib) => {
  const size = kib * 1024;
  const [header, payload, signature] = partsOf(await good());
  const tokens = [
    'x'.repeat(size),
    '.'.repeat(size),
    `${header}.${'A'.repeat(size)}.${signature}`,
    `${encode({ ...JSON.parse(HEADER), pad: 'x'.repeat(size) })}.${payload}.${signature}`,
    `${header}.${payload}.${'A'.repeat(size)}`,
  ];
  const start = performance.now();
  for (const token of tokens) expect(await ask(token)).toMatchObject(REFUSED);
  expect(performance.now() - start).toBeLessThan(2_000);
});

test('the longest token that is taken is taken', async () => {
  const id = await client();
  const length = (await forge(id, { claims: { pad: '' } })).length;
  const pad = 'x'.repeat(Math.floor(((TOKEN_MAX_CHARS - length) * 3) / 4) - 2);
  expect((await ask(await forge(id, { claims: { pad } }))).status).toBe(200);
  expect((await ask(await forge(id, { claims: { pad: `${pad}${'x'.repeat(8)}` } }))).status).toBe(401);
});

test('payloads that are deep, or no object, are refused', async () => {
  const payloads = [
    'null',
    '[]',
    '"x"',
    '1',
    '',
    '{',
    `${'['.repeat(2000)}${']'.repeat(2000)}`,
    `${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`,
  ];
  for (const payload of payloads) {
    expect(await ask(await signTexts(HEADER, payload))).toMatchObject(REFUSED);
    expect(await ask(await signTexts(payload, '{}'))).toMatchObject(REFUSED);
  }
});

test.each(['at+jwt', 'AT+JWT', 'At+Jwt', 'application/at+jwt', 'application/AT+JWT'])(
  'typ %s is that of an access token (RFC 9068 §4, RFC 7515 §4.1.9)',
  async (typ) => expect((await ask(await good({ header: { typ } }))).status).toBe(200),
);
test.each([
  'JWT',
  'jwt',
  'id+jwt',
  'logout+jwt',
  'dpop+jwt',
  'at+jwt ',
  ' at+jwt',
  'text/at+jwt',
  'at',
  '',
  1,
  null,
  ['at+jwt'],
])('typ %j is not', async (typ) => {
  const payload = textOf(partsOf(await good())[1]);
  const header = JSON.stringify({ ...JSON.parse(HEADER), typ });
  expect(await ask(await signTexts(header, payload))).toMatchObject(REFUSED);
});

test('a token inside another, or encrypted, is refused', async () => {
  const inner = await good();
  const key = (await importJWK({ ...publicKey, alg: 'ECDH-ES' }, 'ECDH-ES')) as CryptoKey;
  for (const cty of ['JWT', 'at+jwt']) {
    const header = { alg: 'ECDH-ES', enc: 'A256GCM', kid: signingKey.kid, typ: 'at+jwt', cty };
    const jwe = await new CompactEncrypt(new TextEncoder().encode(inner)).setProtectedHeader(header).encrypt(key);
    expect(await ask(jwe)).toMatchObject(REFUSED);
    expect(
      await ask(await signTexts(JSON.stringify({ ...JSON.parse(HEADER), cty }), JSON.stringify(inner))),
    ).toMatchObject(REFUSED);
  }
});

test('a token is those characters and no others', async () => {
  const id = await client();
  let token = '';
  while (!/[-_][^.]*$/.test(token)) token = await forge(id);
  const [header, payload, signature] = partsOf(token);
  const standard = (part: string) => part.replaceAll('-', '+').replaceAll('_', '/');
  const { length } = signature;
  const variants = [
    `${token}.`,
    `.${token}`,
    `${token}..`,
    `${header}..${signature}`,
    `${header}.${payload}`,
    `${header}.${payload}.`,
    `${header}.${payload}.${signature}=`,
    `${header}=.${payload}.${signature}`,
    `${header}.${payload}.${signature}AAAA`,
    `${header}.${payload}.${signature.slice(0, -4)}`,
    `${token},${token}`,
    `${token} ${token}`,
    `"${token}"`,
    `${header} .${payload}.${signature}`,
    `${header}.${payload}.${signature.slice(0, length / 2)} ${signature.slice(length / 2)}`,
    token.replaceAll('.', '%2E'),
    `${header}.${payload}.${standard(signature)}`,
  ];
  for (const variant of variants) expect([variant, (await ask(variant)).status]).toEqual([variant, 401]);
  expect((await ask(token)).status).toBe(200);
});

test('where a token stands twice, or where none belongs, nobody is let in', async () => {
  const token = await good();
  const bad = await good({ claims: { exp: seconds() - 100 } });
  const get = (headers: [string, string][], query = '') => send('GET', `/v3/events${query}`, { headers });
  const both = (one: string, other: string): [string, string][] => [
    ['Authorization', `Bearer ${one}`],
    ['Authorization', `Bearer ${other}`],
  ];
  for (const headers of [both(token, bad), both(bad, token), both(token, token)])
    expect((await get(headers)).status).toBe(401);
  for (const name of ['access_token', 'token', 'authorization'])
    expect((await get([], `?${name}=${token}`)).status).toBe(401);
  for (const name of ['Cookie', 'X-Authorization', 'Proxy-Authorization', 'X-Access-Token'])
    expect((await get([[name, name === 'Cookie' ? `access_token=${token}` : `Bearer ${token}`]])).status).toBe(401);
  const form = { body: new URLSearchParams({ access_token: token }) };
  expect((await send('POST', '/v3/webhooks', form)).status).toBe(401);
});

test('a refresh token and an ID token open nothing', async () => {
  const person = await makePerson({ role: 'reseller-admin' });
  const { tokens } = await person.signIn();
  expect(await ask(tokens.refreshToken)).toMatchObject(REFUSED);
  const delegation = await makeDelegation();
  const { code } = await authorized(delegation, { scope: 'openid email event:read' });
  const { body } = await exchange(delegation, code);
  expect(typeof body.id_token).toBe('string');
  for (const token of [body.id_token, body.refresh_token]) {
    expect(await ask(token)).toMatchObject(REFUSED);
    expect((await send('GET', '/oauth/userinfo', { headers: { Authorization: `Bearer ${token}` } })).status).toBe(401);
  }
});

test('claims that are not what they are to be make nobody the operator', async () => {
  const caller = await operator();
  const id = caller.client.id;
  for (const claims of [
    { reseller_id: null },
    { reseller_id: '' },
    { reseller_id: [] },
    { reseller_id: 0 },
    { reseller_id: {} },
    { sub: ['x', id] },
    { sub: { id } },
    { aud: [] },
    { aud: [[env.PUBLIC_URL]] },
    { aud: { 0: env.PUBLIC_URL } },
    { iss: [env.PUBLIC_URL] },
    { iss: `${env.PUBLIC_URL}/` },
    { iss: env.PUBLIC_URL.toUpperCase() },
    { exp: '9999999999' },
    { exp: null },
    { exp: Number.MAX_SAFE_INTEGER, nbf: '0' },
    { iat: 'now' },
    { jti: ['x'] },
    { sid: [] },
    { sid: '' },
    { sid: id, reseller_id: id, auth_time: `${Date.now()}` },
  ])
    expect([claims, (await ask(await forge(id, { claims }))).status]).toEqual([claims, 401]);
  expect((await ask(await forge(id, { claims: { scope: ['event:read'] } }))).status).toBe(403);
  expect((await ask(await forge(id, { claims: { aud: ['https://other.example', env.PUBLIC_URL] } }))).status).toBe(200);
});
