import { expect, test } from 'vitest';
import { Caller, send } from '../../support/api.ts';
import { byKey, callerFor, makeReseller, rows, tokenOf } from '../../support/world.ts';

test('a client is made, shown without its secret, used, and revoked with its tokens and its key', async () => {
  const { id, base, api } = await makeReseller();
  const clients = `/v1.0/accounts/${id}/clients`;
  const made = await api.post(clients, { name: ' Billing ', scopes: ['reseller:user:read'] });
  expect(made.status).toBe(201);
  const { secret, apiKey, ...shown } = made.body.data;
  expect(shown).toMatchObject({ name: 'Billing', scopes: ['reseller:user:read'] });
  expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
  expect(JSON.stringify(await rows('select * from api_clients where id = ?', shown.id))).not.toContain(secret);
  const listed = await api.get(clients);
  expect(listed.body.data).toContainEqual(shown);
  expect(listed.text).not.toContain(secret);
  const token = new Caller(await tokenOf({ id: shown.id, secret }));
  expect((await token.get(`${base}/users`)).status).toBe(200);
  expect((await token.get(clients)).status).toBe(403);
  const key = new Caller(apiKey, 'ApiKey');
  const users = `/reseller/customers/${crypto.randomUUID()}/users`;
  expect((await key.get(users)).status).toBe(404);
  expect((await key.get('/reseller/customers')).status).toBe(403);
  expect((await api.delete(`${clients}/${shown.id}`)).status).toBe(200);
  expect((await token.get(`${base}/users`)).status).toBe(401);
  expect((await key.get(users)).status).toBe(401);
  expect((await byKey({ id: shown.id, secret }).get(users)).status).toBe(401);
  expect((await api.get(clients)).body.data).not.toContainEqual(shown);
  expect((await api.delete(`${clients}/${shown.id}`)).status).toBe(404);
  const again = { grant_type: 'client_credentials', client_id: shown.id, client_secret: secret };
  expect((await send('POST', '/oauth/token', { body: new URLSearchParams(again) })).status).toBe(401);
});

test('nobody makes a client that may more than oneself', async () => {
  const { id } = await makeReseller();
  const clients = `/v1.0/accounts/${id}/clients`;
  const clerk = await callerFor(id, ['client:write', 'webhook:read']);
  const more = await clerk.post(clients, { name: 'c', scopes: ['webhook:read', 'webhook:write'] });
  expect([more.status, more.body.message]).toEqual([
    403,
    'Nobody can give or take over the right webhook:write without having it.',
  ]);
  const same = await clerk.post(clients, { name: 'c' });
  expect(same.body.data.scopes).toEqual(['webhook:read', 'client:write']);
  const narrowed = new Caller(await tokenOf(clerk.client, 'client:write'));
  expect((await narrowed.post(clients, { name: 'c', scopes: ['webhook:read'] })).status).toBe(403);
  await rows("update api_clients set scopes = 'client:write' where id = ?", clerk.client.id);
  const withdrawn = await clerk.post(clients, { name: 'c', scopes: ['webhook:read'] });
  expect(withdrawn.status).toBe(403);
  expect(await rows('select name from api_clients where reseller_id = ? and name = ?', id, 'c')).toHaveLength(1);
});

test('scopes are those of a reseller, and clients no more than a hundred', async () => {
  const { id, api } = await makeReseller();
  const clients = `/v1.0/accounts/${id}/clients`;
  for (const scopes of [['reseller:write'], ['all'], [], 'webhook:read']) {
    const reply = await api.post(clients, { name: 'c', scopes });
    expect([reply.status, reply.body.message]).toEqual([400, expect.stringContaining("'scopes")]);
  }
  const values = Array.from({ length: 98 }, (_, index) => `('${id}-${index}', '${id}', 'x', 'x', '', 1, null)`);
  await rows(
    `insert into api_clients (id, reseller_id, name, secret_hash, scopes, created_at, revoked_at) values ${values.join(', ')}`,
  );
  const made = await Promise.all(Array.from({ length: 5 }, () => api.post(clients, { name: 'c' })));
  expect(made.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
});

test("another reseller's clients are not there", async () => {
  const [mine, other] = [await makeReseller(), await makeReseller()];
  const theirs = `/v1.0/accounts/${other.id}/clients`;
  expect((await mine.api.get(theirs)).status).toBe(404);
  expect((await mine.api.post(theirs, { name: 'c' })).status).toBe(404);
  expect((await mine.api.delete(`${theirs}/${other.api.client.id}`)).status).toBe(404);
  const own = `/v1.0/accounts/${mine.id}/clients/${other.api.client.id}`;
  expect((await mine.api.delete(own)).status).toBe(404);
  expect((await other.api.get(theirs)).status).toBe(200);
});

test('a client keeps the addresses that users may be sent back to as they were written', async () => {
  const { id, api } = await makeReseller();
  const clients = `/v1.0/accounts/${id}/clients`;
  const redirectUris = [
    'https://app.example.com',
    'HTTPS://App.example.com/a/../cb?x=1&y=%41',
    'http://localhost:8080/cb',
    'http://127.0.0.1/cb',
    'http://[::1]:3000/cb',
    'com.example.app:/cb',
    'com.example.app://cb',
  ];
  const made = await api.post(clients, { name: 'c', redirectUris: [...redirectUris, 'com.example.app:/cb'] });
  expect([made.status, made.body.data.redirectUris]).toEqual([201, redirectUris]);
  expect((await api.get(clients)).body.data).toContainEqual(expect.objectContaining({ redirectUris }));
  expect((await api.post(clients, { name: 'c' })).body.data.redirectUris).toEqual([]);
});

test.each([
  'http://app.example.com/cb',
  'http://localhost.example.com/cb',
  'http://127.0.0.1.example.com/cb',
  'https://app.example.com/cb#x',
  'https://app.example.com/cb#',
  'https://user@app.example.com/cb',
  'https://app.example.com\\@evil.example/cb',
  'https:app.example.com/cb',
  'https:///app.example.com/cb',
  'https://*.example.com/cb',
  "https://a.example.com;script-src'/cb",
  ' https://app.example.com/cb',
  'https://app.example.com/c b',
  'https://app.example.com/c\nb',
  'https://app.example.com/ö',
  'https://app.example.com/"><script>',
  'javascript:alert(1)',
  'data:text/html,x',
  'app:/cb',
  'com.example.app:',
  '/cb',
  '',
  `https://app.example.com/${'x'.repeat(2048)}`,
])('users are sent nowhere else: %s', async (uri) => {
  const { id, api } = await makeReseller();
  const reply = await api.post(`/v1.0/accounts/${id}/clients`, { name: 'c', redirectUris: [uri] });
  expect([reply.status, reply.body.message]).toEqual([400, expect.stringContaining('redirectUris')]);
  expect(reply.text).not.toContain('script');
});

test('addresses to be sent back to are ten at the most', async () => {
  const { id, api } = await makeReseller();
  const redirectUris = Array.from({ length: 11 }, (_, index) => `https://app.example.com/${index}`);
  expect((await api.post(`/v1.0/accounts/${id}/clients`, { name: 'c', redirectUris })).status).toBe(400);
});

test('a client is called something else and sends users elsewhere, all of a patch or none', async () => {
  const { id, api } = await makeReseller();
  const clients = `/v1.0/accounts/${id}/clients`;
  const uri = 'https://app.example.com/cb';
  const { body } = await api.post(clients, { name: 'c', scopes: ['webhook:read'], redirectUris: [uri] });
  const { secret, apiKey: _, ...made } = body.data;
  const one = `${clients}/${made.id}`;
  const shown = async () => (await api.get(clients)).body.data.find((client: { id: string }) => client.id === made.id);
  const name = { op: 'replace', path: '/name', value: ' d ' };
  const more = { op: 'add', path: '/redirectUris/-', value: 'com.example.app:/cb' };
  expect((await api.patch(one, [name, more, more])).status).toBe(200);
  expect(await shown()).toEqual({ ...made, name: 'd', redirectUris: [uri, 'com.example.app:/cb'] });
  for (const wrong of ['http://evil.example', 'https://a@b.example', null]) {
    const patch = [
      { ...name, value: 'e' },
      { ...more, value: wrong },
    ];
    expect((await api.patch(one, patch)).status).toBe(400);
  }
  expect((await api.patch(one, [{ op: 'add', path: '/scopes/-', value: 'webhook:write' }])).status).toBe(400);
  expect((await shown()).name).toBe('d');
  expect((await api.patch(one, [{ op: 'remove', path: '/redirectUris' }])).status).toBe(200);
  expect(await shown()).toEqual({ ...made, name: 'd', redirectUris: [] });
  expect(await tokenOf({ id: made.id, secret })).toBeTruthy();
  const other = await makeReseller();
  expect((await other.api.patch(`/v1.0/accounts/${other.id}/clients/${made.id}`, [name])).status).toBe(404);
  await api.delete(one);
  expect((await api.patch(one, [name])).status).toBe(404);
});
