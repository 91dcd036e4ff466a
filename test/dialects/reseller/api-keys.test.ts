import { env } from 'cloudflare:workers';
import { afterEach, expect, test, vi } from 'vitest';
import { sha256 } from '../../../src/auth/digest.ts';
import { makeRealm, newCustomer, newMember } from '../../support/customers.ts';
import { byKey, callerFor, makeClient, operator, rows } from '../../support/world.ts';

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
  const prepared: string[] = [];
  const original = env.DB.withSession.bind(env.DB);
  vi.spyOn(env.DB, 'withSession').mockImplementation((...given) => {
    const session = original(...given);
    const prepare = session.prepare.bind(session);
    session.prepare = (sql) => {
      prepared.push(sql);
      return prepare(sql);
    };
    return session;
  });
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
