import { afterEach, expect, test, vi } from 'vitest';
import { sha256 } from '../../../src/auth/secrets/digest.ts';
import { API_KEY_LOOKUPS_MAX } from '../../../src/model/limits/index.ts';
import { send } from '../../support/api.ts';
import { makeRealm, newCustomer, newMember } from '../../support/people/customers.ts';
import { watchStatements } from '../../support/people/sessions.ts';
import {
  byKey,
  type Client,
  callerFor,
  makeClient,
  makeReseller,
  operator,
  rows,
  unique,
} from '../../support/world.ts';

// What every route does with keys, the contract's table checks; here is what it takes more than one request to see.

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const LIST = '/reseller/customers';

test('a key does everything that the client may do, in its own realm', async () => {
  const { api } = await makeRealm();
  const key = byKey(api.client);
  const { body: made } = await key.post(LIST, newCustomer());
  const customer = `${LIST}/${made.customer_id}`;
  expect((await key.put(customer, { use_technical_interface: true })).status).toBe(204);
  expect((await key.get(customer)).body).toMatchObject({ use_technical_interface: true });
  const { body: user } = await key.post(`${customer}/users`, newMember());
  expect((await key.put(`${customer}/users/${user.user_id}`, { first_name: 'Jo' })).status).toBe(204);
  expect((await key.get(`${customer}/users`)).body).toMatchObject([{ first_name: 'Jo' }]);
  expect((await key.delete(`${customer}/users/${user.user_id}`)).status).toBe(204);
  expect((await key.delete(customer)).status).toBe(204);
  expect((await key.get(LIST)).body).toEqual([]);
});

test('what is done by key is done in the name of its client, as by token', async () => {
  const { api } = await makeRealm();
  const key = byKey(api.client);
  const replies = [await api.post(LIST, newCustomer()), await key.post(LIST, newCustomer())];
  for (const { body } of replies) {
    expect(await rows('select actor from events where subject = ?', body.customer_id)).toEqual([
      { actor: `client:${api.client.id}` },
    ]);
  }
});

test('a key and the tokens of its client share their idempotency keys', async () => {
  const { api } = await makeRealm();
  const sent = newCustomer();
  const once = { 'Idempotency-Key': 'k' };
  const first = await api.post(LIST, sent, once);
  const again = await byKey(api.client).post(LIST, sent, once);
  expect([again.status, again.text, again.headers.get('Idempotency-Replayed')]).toEqual([201, first.text, 'true']);
});

test('a changed secret counts at once, the old one no more', async () => {
  const { api } = await makeRealm();
  const { client } = api;
  expect((await byKey(client).get(LIST)).status).toBe(200);
  const secret = crypto.randomUUID();
  await rows('update api_clients set secret_hash = ? where id = ?', await sha256(secret), client.id);
  expect((await byKey(client).get(LIST)).status).toBe(401);
  expect((await byKey({ ...client, secret }).get(LIST)).status).toBe(200);
  expect((await byKey(client).get(LIST)).status).toBe(401);
});

test('a scope that is added counts within a minute; one that is withdrawn at once', async () => {
  const { id } = await makeRealm();
  const client = await makeClient(id, ['reseller:organization:read']);
  const key = byKey(client);
  const scopes = (given: string) => rows('update api_clients set scopes = ? where id = ?', given, client.id);
  expect((await key.get(LIST)).status).toBe(200);
  await scopes('reseller:organization:read reseller:organization:create');
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_001 });
  expect((await key.post(LIST, newCustomer())).status).toBe(201);
  await scopes('reseller:organization:read');
  expect((await key.post(LIST, newCustomer())).status).toBe(403);
  expect((await key.get(LIST)).status).toBe(200);
});

test("a reseller's key never holds the operator's scope, whatever its row says", async () => {
  const { id } = await makeRealm();
  const client = await makeClient(id, ['reseller:write', 'reseller:organization:read']);
  expect((await byKey(client).get(LIST)).status).toBe(200);
  expect((await byKey(client).post(LIST, newCustomer())).status).toBe(403);
});

test("the operator's key is refused for having no realm, a wrong one for being wrong", async () => {
  const { client } = await operator();
  expect(await byKey(client).get(LIST)).toMatchObject({
    status: 403,
    body: { detail: 'This needs a credential of a reseller.' },
  });
  expect((await byKey({ ...client, secret: 'wrong' }).get(LIST)).status).toBe(401);
});

test("a client's second request by key costs no look-up, and no more statements than one by token", async () => {
  const { id } = await makeRealm();
  const caller = await callerFor(id);
  const prepared = watchStatements();
  const costOf = async (request: () => Promise<unknown>) => {
    prepared.length = 0;
    await request();
    return prepared.length;
  };
  const byToken = await costOf(() => caller.get(LIST));
  const key = byKey(caller.client);
  expect(await costOf(() => key.get(LIST))).toBe(byToken + 1);
  expect(await costOf(() => key.get(LIST))).toBe(byToken);
});

test('a key opens no other door', async () => {
  const { v3, api } = await makeRealm();
  const key = byKey(api.client);
  for (const path of [`${v3}/users`, '/v3/events', '/v3/webhooks']) {
    const reply = await key.get(path);
    expect([path, reply.status, reply.headers.get('WWW-Authenticate')]).toEqual([path, 401, 'Bearer']);
  }
});

test('a key is no bearer token, whatever this isolate has seen', async () => {
  const { id, base } = await makeReseller();
  const client = await makeClient(id, ['reseller:user:read', 'reseller:organization:read']);
  const ask = (path: string, scheme: string) =>
    send('GET', path, { headers: { Authorization: `${scheme} ${client.id}.${client.secret}` } });
  expect(await ask(`${base}/users`, 'Bearer ApiKey')).toMatchObject({ status: 401 });
  expect(await ask(LIST, 'ApiKey')).toMatchObject({ status: 200 });
  expect(await ask(`${base}/users`, 'Bearer ApiKey')).toMatchObject({ status: 401 });
});

/** How many keys of one address are looked up in one window. */
const WINDOW_MS = 10_000;

test('beyond a hundred wrong keys in ten seconds an address costs no query, while a key that is known still works there', async () => {
  const { api } = await makeRealm();
  expect(await byKey(api.client).get(LIST)).toMatchObject({ status: 200 });
  const windowStart = Math.ceil(Date.now() / WINDOW_MS) * WINDOW_MS;
  vi.useFakeTimers({ toFake: ['Date'], now: windowStart });
  const prepared = watchStatements();
  const address = unique('address');
  const askAs = ({ id, secret }: Client, method = 'GET', path = LIST, from = address) =>
    send(method, path, { headers: { Authorization: `ApiKey ${id}.${secret}`, 'CF-Connecting-IP': from } });
  const stranger = (): Client => ({ id: crypto.randomUUID(), secret: 'x' });

  for (let count = 0; count < API_KEY_LOOKUPS_MAX; count++) expect((await askAs(stranger())).status).toBe(401);
  expect(prepared.splice(0)).toHaveLength(API_KEY_LOOKUPS_MAX);
  expect((await askAs(stranger())).status).toBe(429);
  await askAs(stranger(), 'OPTIONS');
  await askAs(stranger(), 'GET', '/reseller/nothing');
  expect(prepared).toEqual([]);

  expect((await askAs(api.client)).status).toBe(200);
  expect((await askAs(stranger(), 'GET', LIST, unique('another'))).status).toBe(401);
  vi.setSystemTime(windowStart + WINDOW_MS);
  expect((await askAs(stranger())).status).toBe(401);
});
