import { expect, test } from 'vitest';
import { send } from '../../support/api.ts';
import { makeReseller, newOrganization, newUser, rows } from '../../support/world.ts';

test('a refusal names some of the problems, not 32,000 of them', async () => {
  const { api } = await makeReseller();
  const webhook = { name: 'w', url: 'https://example.com', token: 't', enabled: true, events: Array(30_000).fill(1) };
  const reply = await api.post('/v3/webhooks', webhook);
  expect([reply.status, reply.body.errors.length]).toEqual([400, 50]);
  const list = await api.get(`/v3/resellers?name[in]=${','.repeat(10_000)}`);
  expect([list.status, list.body.errors.length]).toEqual([400, 1]);
});

test('a reseller has room for 500 webhooks', async () => {
  const { id, api } = await makeReseller();
  const webhook = { name: 'w', url: 'https://example.com', token: 't', enabled: false, events: ['*'] };
  const { body } = await api.post('/v3/webhooks', webhook);
  await rows(
    `insert into webhook_endpoints
       (id, reseller_id, name, name_key, url, sealed_token, enabled, events, status, after_seq, created_at, updated_at)
     select n.value || webhook_endpoints.id, reseller_id, name, name_key, url, sealed_token, enabled, events, status,
       after_seq, created_at, updated_at
     from webhook_endpoints, json_each(?) as n where reseller_id = ? and webhook_endpoints.id = ?`,
    JSON.stringify(Array.from({ length: 498 }, (_, index) => index)),
    id,
    body.id,
  );
  expect((await api.post('/v3/webhooks', webhook)).status).toBe(201);
  const reply = await api.post('/v3/webhooks', webhook);
  expect([reply.status, reply.body.code]).toEqual([400, 'WEBHOOK_LIMIT_REACHED']);
});

test('a time that no answer can show is refused, and starts nothing', async () => {
  const { api } = await makeReseller();
  const webhook = { name: 'w', url: 'https://example.com', token: 't', enabled: true, events: ['*'] };
  const { body } = await api.post('/v3/webhooks', webhook);
  const reply = await api.post(`/v3/webhooks/${body.id}/recover`, { since: '0000-01-01T00:00:00+01:00' });
  expect([reply.status, reply.body.code]).toEqual([400, 'VALIDATION_FAILED']);
  expect(await rows('select 1 from webhook_recoveries where endpoint_id = ?', body.id)).toEqual([]);
});

test('a link leads to the public address, whatever host the request came by', async () => {
  const { base, api } = await makeReseller();
  for (let users = 0; users < 2; users++) await api.post(`${base}/users`, newUser());
  const { default: worker } = await import('../../../src/index.ts');
  const { env } = await import('cloudflare:workers');
  const { createExecutionContext } = await import('cloudflare:test');
  const request = new Request(`https://evil.example${base}/users?limit=1`, {
    headers: { Authorization: `Bearer ${api.token}` },
  });
  const reply = await worker.fetch(request as never, env as never, createExecutionContext());
  expect(reply.headers.get('Link')).toMatch(/^<https:\/\/edge\.localhost\/v3/);
});

test('cursors of the longest and strangest names are taken back', async () => {
  const { base, api } = await makeReseller();
  for (const end of ['a', 'b']) {
    await api.post(`${base}/users`, { ...newUser(), firstName: 'שּׁ'.repeat(85), lastName: `${'İ'.repeat(255)}${end}` });
  }
  const link = (await api.get(`${base}/users?sort=name&limit=1`)).headers.get('Link')!;
  const next = await api.get(/<https:\/\/edge\.localhost([^>]+)>/.exec(link)![1]!);
  expect([next.status, next.body.length]).toEqual([200, 1]);
});

test('names that differ in case, composition or a final sigma are one name', async () => {
  const { base, api } = await makeReseller();
  for (const [first, second] of [
    ['ΟΔΟΣ', 'οδοσ'],
    ['J̌umbo', 'ǰumbo'],
    ['Ångström', 'A\u030angström'],
  ]) {
    expect((await api.post(`${base}/organizations`, { ...newOrganization(), name: first })).status).toBe(201);
    expect((await api.post(`${base}/organizations`, { ...newOrganization(), name: second })).body.code).toBe(
      'NAME_ALREADY_EXISTS',
    );
  }
});

test('a scheme without a token is no token', async () => {
  for (const value of ['Bearer', 'Bearer ', 'Basic abc']) {
    const reply = await send('GET', '/v3/events', { headers: { Authorization: value } });
    expect([reply.status, reply.headers.get('WWW-Authenticate')]).toEqual([401, 'Bearer']);
  }
});
