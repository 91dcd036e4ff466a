import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, expect, test, vi } from 'vitest';
import worker from '../../src/index.ts';
import { RESELLER_ADMIN_SCOPES } from '../../src/model/users/role.ts';
import { makePlace } from '../support/outside/place.ts';
import { enroll } from '../support/people/accounts.ts';
import { makeReseller, newUser, operator, unique } from '../support/world.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** An outside issuer with a real key server, and the Worker's settings that list it. */
async function makeIssuer(listing: object = { resellerClaim: 'reseller_id' }) {
  const place = makePlace();
  const issuer = `https://issuer.example/${crypto.randomUUID()}`;
  const keys: object[] = [];
  const addKey = async (kid: string) => {
    const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
    keys.push({ ...(await exportJWK(publicKey)), kid, alg: 'EdDSA' });
    await place.answer({ body: JSON.stringify({ keys }), headers: { 'content-type': 'application/json' } });
    return (claims: object, header: object = {}) => {
      const nowSeconds = Math.floor(Date.now() / 1000);
      const times = { iat: nowSeconds, exp: nowSeconds + 5 * 60 };
      const usual = { iss: issuer, aud: 'edge', sub: 'alice', scope: 'event:read reseller:read no:such', ...times };
      return new SignJWT({ ...usual, ...claims })
        .setProtectedHeader({ alg: 'EdDSA', kid, typ: 'at+jwt', ...header })
        .sign(privateKey);
    };
  };
  const listed = { issuer, jwksUri: place.url, audience: 'edge', ...listing };
  const settings = { ...env, TRUSTED_ISSUERS: JSON.stringify([listed]) };
  const get = async (path: string, token: string) => {
    const request = new Request(`https://edge.localhost${path}`, { headers: { Authorization: `Bearer ${token}` } });
    return worker.fetch(request as never, settings as never, createExecutionContext());
  };
  const sender =
    (method: string) =>
    async (path: string, token: string, body: object, more: object = {}) => {
      const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...more };
      const request = new Request(`https://edge.localhost${path}`, { method, headers, body: JSON.stringify(body) });
      return worker.fetch(request as never, settings as never, createExecutionContext());
    };
  return { place, addKey, get, post: sender('POST'), patch: sender('PATCH'), token: await addKey('one') };
}

test("a listed issuer's token is good, and its keys are fetched once", async () => {
  const { id, base } = await makeReseller();
  const issuer = await makeIssuer();
  const token = await issuer.token({ reseller_id: id });
  expect((await issuer.get('/v3/events', token)).status).toBe(200);
  expect((await issuer.get(base, await issuer.token({ reseller_id: id }))).status).toBe(200);
  expect((await issuer.get(`${base}/users`, token)).status).toBe(403);
  expect(await issuer.place.seen()).toHaveLength(1);
});

test('it reaches the reseller of its claim only, and nothing once that is deleted', async () => {
  const [mine, other] = [await makeReseller(), await makeReseller()];
  const issuer = await makeIssuer({ resellerClaim: 'org' });
  const token = await issuer.token({ org: mine.id });
  expect((await issuer.get(mine.base, token)).status).toBe(200);
  expect((await issuer.get(other.base, token)).status).toBe(404);
  await (await operator()).delete(mine.base);
  expect((await issuer.get(mine.base, token)).status).toBe(401);
});

test('a configured reseller claim that is missing, empty or no text is refused', async () => {
  const issuer = await makeIssuer({ resellerClaim: 'org' });
  for (const claims of [{}, { org: '' }, { org: 7 }, { org: ['a'] }, { org: 'nowhere' }]) {
    expect((await issuer.get('/v3/events', await issuer.token(claims))).status).toBe(401);
  }
});

test('an operator issuer has the operator’s reach, and a token of it that names a reseller is refused', async () => {
  const { id, base } = await makeReseller();
  const issuer = await makeIssuer({ operator: true });
  expect((await issuer.get('/v3/resellers?limit=1', await issuer.token({}))).status).toBe(200);
  expect((await issuer.get(base, await issuer.token({}))).status).toBe(200);
  for (const reseller_id of [id, '', 7]) {
    expect((await issuer.get(base, await issuer.token({ reseller_id }))).status).toBe(401);
  }
});

test('an issuer that acts in resellers never reaches what is the operator’s', async () => {
  const issuer = await makeIssuer();
  for (const claims of [{}, { reseller_id: null }, { operator: true }]) {
    expect((await issuer.get('/v3/resellers', await issuer.token(claims))).status).toBe(401);
  }
});

test('a token is used no longer than maxAgeSeconds after its iat, which it must have', async () => {
  const { id } = await makeReseller();
  const issuer = await makeIssuer({ resellerClaim: 'reseller_id', maxAgeSeconds: 300 });
  const nowSeconds = Math.floor(Date.now() / 1000);
  const statusOf = async (claims: object) =>
    (await issuer.get('/v3/events', await issuer.token({ reseller_id: id, exp: nowSeconds + 86_400, ...claims })))
      .status;
  expect(await statusOf({ iat: nowSeconds - 310 })).toBe(200);
  expect(await statusOf({ iat: nowSeconds - 340 })).toBe(401);
  expect(await statusOf({ iat: nowSeconds + 60 })).toBe(401);
  expect(await statusOf({ iat: undefined })).toBe(401);
  expect(await statusOf({ iat: String(nowSeconds) })).toBe(401);
});

test('a token that was good is refused once it is too old, though its keys and its exp are good', async () => {
  const { id } = await makeReseller();
  const issuer = await makeIssuer({ resellerClaim: 'reseller_id', maxAgeSeconds: 60 });
  const token = await issuer.token({ reseller_id: id, exp: 4_000_000_000 });
  expect((await issuer.get('/v3/events', token)).status).toBe(200);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 95_000 });
  expect((await issuer.get('/v3/events', token)).status).toBe(401);
});

test('an unlisted issuer, another audience and a key nobody published are refused', async () => {
  const { id } = await makeReseller();
  const [issuer, stranger] = [await makeIssuer(), await makeIssuer()];
  expect((await issuer.get('/v3/events', await stranger.token({ reseller_id: id }))).status).toBe(401);
  expect((await issuer.get('/v3/events', await issuer.token({ reseller_id: id, aud: 'other' }))).status).toBe(401);
  expect((await issuer.get('/v3/events', await issuer.token({ reseller_id: id }, { kid: 'two' }))).status).toBe(401);
  expect((await issuer.get('/v3/events', await issuer.token({ reseller_id: id }, { typ: 'JWT' }))).status).toBe(401);
  expect((await issuer.get('/v3/events', await issuer.token({ reseller_id: id }))).status).toBe(200);
});

test('a key server that fails lets nobody in and breaks nothing', async () => {
  const { id } = await makeReseller();
  const issuer = await makeIssuer();
  await issuer.place.answer({ status: 500 });
  for (let times = 0; times < 3; times++) {
    expect((await issuer.get('/v3/events', await issuer.token({ reseller_id: id }))).status).toBe(401);
  }
  expect(await issuer.place.seen()).toHaveLength(1);
  await issuer.place.answer({ status: 200 });
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6_000 });
  expect((await issuer.get('/v3/events', await issuer.token({ reseller_id: id }))).status).toBe(200);
});

test('a key that its issuer withdraws is not remembered for longer than its keys are', async () => {
  const { id } = await makeReseller();
  const issuer = await makeIssuer();
  const token = await issuer.token({ reseller_id: id, exp: 4_000_000_000 });
  expect((await issuer.get('/v3/events', token)).status).toBe(200);
  await issuer.place.answer({ body: '{"keys":[]}' });
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 11 * 60_000 });
  expect((await issuer.get('/v3/events', token)).status).toBe(401);
});

test('a stranger whose tokens fit no key, or several, keeps nobody else out', async () => {
  const { id } = await makeReseller();
  const issuer = await makeIssuer();
  const second = await issuer.addKey('two');
  for (const header of [{ kid: undefined }, { kid: 'nobody' }]) {
    expect((await issuer.get('/v3/events', await second({ reseller_id: id }, header))).status).toBe(401);
    expect((await issuer.get('/v3/events', await second({ reseller_id: id }))).status).toBe(200);
  }
});

test('while the key server is down, the keys that are known still verify', async () => {
  const { id } = await makeReseller();
  const issuer = await makeIssuer();
  expect((await issuer.get('/v3/events', await issuer.token({ reseller_id: id }))).status).toBe(200);
  await issuer.place.answer({ status: 500 });
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
  expect((await issuer.get('/v3/events', await issuer.token({ reseller_id: id }, { kid: 'nobody' }))).status).toBe(401);
  expect((await issuer.get('/v3/events', await issuer.token({ reseller_id: id }))).status).toBe(200);
});

test('two resellers behind one client of an issuer share neither keys nor replies', async () => {
  const [a, b] = [await makeReseller(), await makeReseller()];
  const issuer = await makeIssuer({ resellerClaim: 'org' });
  const webhook = { name: 'w', url: 'https://example.com', token: 't', enabled: true, events: ['*'] };
  const ids = new Set<string>();
  for (const [org, sub] of [
    [a.id, 'alice'],
    [b.id, 'bob'],
    [b.id, 'carol'],
  ]) {
    const token = await issuer.token({ org, sub, client_id: 'portal', scope: 'webhook:write' });
    const reply = await issuer.post('/v3/webhooks', token, webhook, { 'Idempotency-Key': 'setup' });
    expect([reply.status, reply.headers.get('Idempotency-Replayed')]).toEqual([201, null]);
    ids.add((await reply.json<{ id: string }>()).id);
  }
  expect(ids.size).toBe(3);
});

test('a caller that its issuer names like a user is not that user', async () => {
  const [home, other] = [await makeReseller(), await makeReseller()];
  const { body: user } = await home.api.post(`${home.base}/users`, newUser());
  await enroll({ users: `/v1.0/accounts/${other.id}/users` }, user, 'user.admin');
  const issuer = await makeIssuer();
  const token = await issuer.token({ reseller_id: home.id, sub: user.id, scope: RESELLER_ADMIN_SCOPES.join(' ') });
  const path = `${home.base}/users/${user.id}`;
  expect((await issuer.patch(path, token, { email: `${unique('mine')}@example.com` })).status).toBe(403);
  expect((await home.api.get(path)).body.email).toBe(user.email);
});
