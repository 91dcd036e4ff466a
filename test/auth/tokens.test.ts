import { decodeJwt, decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { send } from '../support/api.ts';
import { type Client, callerFor, makeClient, makeReseller, operator, rows } from '../support/world.ts';

const grant = (form: Record<string, string>, headers: Record<string, string> = {}) =>
  send('POST', '/oauth/token', { body: new URLSearchParams({ grant_type: 'client_credentials', ...form }), headers });
const inBody = ({ id, secret }: Client) => ({ client_id: id, client_secret: secret });
const basic = ({ id, secret }: Client) => ({ Authorization: `Basic ${btoa(`${id}:${secret}`)}` });

describe('a client gets a token', () => {
  test('of RFC 9068, signed by a published key', async () => {
    const { id } = await makeReseller();
    const client = await makeClient(id, ['reseller:read', 'event:read']);
    const reply = await grant(inBody(client));
    expect(reply.status).toBe(200);
    expect(reply.headers.get('Cache-Control')).toBe('no-store');
    expect(reply.body).toMatchObject({ token_type: 'Bearer', expires_in: 900, scope: 'reseller:read event:read' });
    const { kid, typ } = decodeProtectedHeader(reply.body.access_token);
    expect(typ).toBe('at+jwt');
    const { body } = await send('GET', '/.well-known/jwks.json');
    const key = await importJWK(body.keys.find((published: { kid: string }) => published.kid === kid));
    const { payload } = await jwtVerify(reply.body.access_token, key, {
      issuer: 'https://edge.localhost',
      audience: 'https://edge.localhost',
    });
    expect(payload).toMatchObject({ sub: client.id, client_id: client.id, scope: reply.body.scope, reseller_id: id });
    expect(payload.jti).toBeTruthy();
    expect(payload.exp! - payload.iat!).toBe(900);
  });

  test("an operator's token names no reseller", async () => {
    expect(decodeJwt((await operator()).token)).not.toHaveProperty('reseller_id');
  });

  test('by HTTP Basic too, with form-encoded parts', async () => {
    expect((await grant({}, basic(await makeClient(null, ['event:read'])))).status).toBe(200);
  });

  test('with the narrower scope it asks for, and never a wider one', async () => {
    const client = await makeClient(null, ['reseller:read', 'event:read']);
    expect((await grant({ ...inBody(client), scope: 'event:read' })).body.scope).toBe('event:read');
    for (const scope of ['reseller:write', 'event:read reseller:write', 'no:such', 'event:read  event:read']) {
      const reply = await grant({ ...inBody(client), scope });
      expect([scope, reply.status, reply.body.error]).toEqual([scope, 400, 'invalid_scope']);
    }
  });

  test("a reseller's client never holds the operator's scope, whatever its row says", async () => {
    const { id } = await makeReseller();
    expect((await grant(inBody(await makeClient(id, ['reseller:read', 'reseller:write'])))).body.scope).toBe(
      'reseller:read',
    );
  });
});

describe('no token', () => {
  test('without the right secret: 401 invalid_client with a challenge', async () => {
    const client = await makeClient(null, ['event:read']);
    const wrong = { ...client, secret: 'wrong' };
    const unknown = { id: crypto.randomUUID(), secret: client.secret };
    const replies = [
      await grant(inBody(wrong)),
      await grant(inBody(unknown)),
      await grant({}, basic(wrong)),
      await grant({}, { Authorization: 'Basic ???' }),
      await grant({}, { Authorization: `Basic ${btoa('%zz:%zz')}` }),
      await grant({}),
      await grant({ client_id: client.id }),
    ];
    for (const reply of replies) {
      expect([reply.status, reply.body.error]).toEqual([401, 'invalid_client']);
      expect(reply.headers.get('WWW-Authenticate')).toMatch(/^Basic/);
    }
    expect(replies[0]!.body).toEqual(replies[1]!.body);
  });

  test('for a malformed request: 400', async () => {
    const client = await makeClient(null, ['event:read']);
    const error = async (body: BodyInit, headers: Record<string, string> = {}) => {
      const reply = await send('POST', '/oauth/token', { body, headers });
      return [reply.status, reply.body.error];
    };
    const form = new URLSearchParams(inBody(client));
    expect(await error(form)).toEqual([400, 'invalid_request']);
    for (const grant_type of ['implicit', 'password', 'constructor', 'toString', '__proto__']) {
      const other = new URLSearchParams({ ...inBody(client), grant_type });
      expect(await error(other)).toEqual([400, 'unsupported_grant_type']);
    }
    const twice = new URLSearchParams({ ...inBody(client), grant_type: 'client_credentials' });
    twice.append('scope', 'event:read');
    twice.append('scope', 'event:read');
    expect(await error(twice)).toEqual([400, 'invalid_request']);
    const both = new URLSearchParams({ ...inBody(client), grant_type: 'client_credentials' });
    expect(await error(both, basic(client))).toEqual([400, 'invalid_request']);
    expect(await error('{}', { 'Content-Type': 'application/json' })).toEqual([400, 'invalid_request']);
    expect((await send('GET', '/oauth/token')).status).toBe(405);
  });

  test('for a form of very many fields, before anybody waits', { timeout: 2_000 }, async () => {
    const many = Array.from({ length: 13_000 }, (_, n) => n.toString(36)).join('&');
    for (let sent = 0; sent < 10; sent++)
      expect((await send('POST', '/oauth/token', { body: new URLSearchParams(many) })).status).toBe(400);
  });

  test('for a client that is revoked, or whose reseller is deleted', async () => {
    const reseller = await makeReseller();
    const client = await makeClient(reseller.id, ['event:read']);
    expect((await grant(inBody(client))).status).toBe(200);
    await (await operator()).delete(reseller.base);
    expect((await grant(inBody(client))).status).toBe(401);
    const gone = await makeClient(null, ['event:read']);
    await rows('update api_clients set revoked_at = 1 where id = ?', gone.id);
    expect((await grant(inBody(gone))).status).toBe(401);
  });
});

describe('what is withdrawn is gone on the next request', () => {
  const revoke = (token: string, client: Client) =>
    send('POST', '/oauth/revoke', { body: new URLSearchParams({ ...inBody(client), token }) });

  test('a revoked token, and only that one', async () => {
    const caller = await callerFor(null);
    const other = (await grant(inBody(caller.client))).body.access_token;
    expect((await caller.get('/v3/events')).status).toBe(200);
    expect((await revoke(caller.token, caller.client)).status).toBe(200);
    const reply = await caller.get('/v3/events');
    expect([reply.status, reply.body.code]).toEqual([401, 'INVALID_TOKEN']);
    expect(
      (await caller.post('/v3/resellers', { name: 'x', email: 'a@b.co', allowedUsers: 1, allowedOrganizations: 1 }))
        .status,
    ).toBe(401);
    expect((await send('GET', '/v3/events', { headers: { Authorization: `Bearer ${other}` } })).status).toBe(200);
  });

  test("nobody revokes another client's token, and what is no token is no error", async () => {
    const [caller, stranger] = [await callerFor(null), await callerFor(null)];
    expect((await revoke(caller.token, stranger.client)).status).toBe(200);
    expect((await caller.get('/v3/events')).status).toBe(200);
    expect((await revoke('nonsense', stranger.client)).status).toBe(200);
    expect((await revoke(caller.token, { ...stranger.client, secret: 'wrong' })).status).toBe(401);
  });
});

test('the metadata names what is really served', async () => {
  const { body } = await send('GET', '/.well-known/oauth-authorization-server');
  expect(body).toMatchObject({
    issuer: 'https://edge.localhost',
    grant_types_supported: ['authorization_code', 'client_credentials', 'refresh_token'],
  });
  for (const name of ['token_endpoint', 'revocation_endpoint']) {
    expect((await send('POST', new URL(body[name]).pathname)).status).toBe(400);
  }
  const keys = await send('GET', new URL(body.jwks_uri).pathname);
  expect(keys.headers.get('Cache-Control')).toMatch(/max-age=\d+/);
  expect(keys.body.keys).toHaveLength(2);
  for (const key of keys.body.keys) expect(key).not.toHaveProperty('d');
});
