import { expect, test } from 'vitest';
import { callerFor, makeReseller, newReseller, newUser, operator, rows } from '../support/world.ts';

const key = (value: string) => ({ 'Idempotency-Key': value });

test('a repeated request gets the first answer again, byte for byte, and does nothing', async () => {
  const { id, base, api } = await makeReseller();
  const sent = newUser();
  const first = await api.post(`${base}/users`, sent, key('k1'));
  expect([first.status, first.headers.get('Idempotency-Replayed')]).toEqual([201, null]);
  for (const same of ['k1', '"k1"']) {
    const again = await api.post(`${base}/users`, sent, key(same));
    expect([again.status, again.text, again.headers.get('Idempotency-Replayed')]).toEqual([201, first.text, 'true']);
    expect(again.headers.get('Content-Type')).toBe(first.headers.get('Content-Type'));
  }
  expect(await rows('select 1 from users where reseller_id = ?', id)).toHaveLength(1);
  expect(await rows("select 1 from events where reseller_id = ? and type = 'reseller.user.created'", id)).toHaveLength(
    1,
  );
});

test('the first answer stands even when the same request would be refused by now', async () => {
  const platform = await operator();
  const { id, base, api } = await makeReseller({ allowedUsers: 1 });
  const sent = newUser();
  const first = await api.post(`${base}/users`, sent, key('k'));
  await api.patch(`${base}/users/${first.body.id}`, { firstName: 'Changed' });
  expect((await api.post(`${base}/users`, sent, key('k'))).text).toBe(first.text);
  await platform.delete(base);
  expect((await api.post(`${base}/users`, sent, key('k'))).status).toBe(401);
  expect(await rows('select 1 from users where reseller_id = ?', id)).toHaveLength(1);
});

test('the same key with another payload, or on another path, is refused and changes nothing', async () => {
  const { id, base, api } = await makeReseller();
  const sent = newUser();
  await api.post(`${base}/users`, sent, key('k'));
  for (const other of [{ ...newUser() }, { ...sent, company: 'Other' }]) {
    const reply = await api.post(`${base}/users`, other, key('k'));
    expect([reply.status, reply.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  }
  const webhook = { name: 'w', url: 'https://example.com', token: 't', enabled: true, events: ['*'] };
  expect((await api.post('/v3/webhooks', webhook, key('k'))).status).toBe(422);
  expect(await rows('select 1 from users where reseller_id = ?', id)).toHaveLength(1);
  expect(await rows('select 1 from webhook_endpoints where reseller_id = ?', id)).toEqual([]);
});

test('a key belongs to its credential', async () => {
  const { id, base, api } = await makeReseller();
  const other = await callerFor(id);
  expect((await api.post(`${base}/users`, newUser(), key('k'))).status).toBe(201);
  expect((await other.post(`${base}/users`, newUser(), key('k'))).status).toBe(201);
});

test('a refused request keeps no key, so it may be mended and sent again', async () => {
  const { base, api } = await makeReseller({ allowedUsers: 0 });
  const sent = newUser();
  expect((await api.post(`${base}/users`, sent, key('k'))).body.code).toBe('USER_LIMIT_REACHED');
  await (await operator()).patch(base, { allowedUsers: 1 });
  expect((await api.post(`${base}/users`, sent, key('k'))).status).toBe(201);
});

test('after 24 hours a key is free again', async () => {
  const platform = await operator();
  const sent = newReseller();
  await platform.post('/v3/resellers', sent, key('k'));
  const [kept] = await rows(
    'select expires_at from idempotency_keys where credential = ?',
    `client:${platform.client.id}`,
  );
  expect(Math.abs(kept.expires_at - Date.now() - 86_400_000)).toBeLessThan(60_000);
  await rows(
    'update idempotency_keys set expires_at = ? where credential = ?',
    Date.now(),
    `client:${platform.client.id}`,
  );
  expect((await platform.post('/v3/resellers', sent, key('k'))).body.code).toBe('NAME_ALREADY_EXISTS');
  expect((await platform.post('/v3/resellers', newReseller(), key('k'))).status).toBe(201);
});

test('a kept answer is sealed: no secret stands in the table', async () => {
  const { api } = await makeReseller();
  const webhook = { name: 'w', url: 'https://example.com', token: 'hush-hush', enabled: true, events: ['*'] };
  const first = await api.post('/v3/webhooks', webhook, key('k'));
  expect((await api.post('/v3/webhooks', webhook, key('k'))).text).toBe(first.text);
  for (const table of ['idempotency_keys', 'webhook_endpoints', 'events']) {
    expect(JSON.stringify(await rows(`select * from ${table}`))).not.toContain('hush-hush');
  }
});

test.each(['', '""', 'x'.repeat(256)])('the key %j is refused', async (bad) => {
  const reply = await (await operator()).post('/v3/resellers', newReseller(), key(bad));
  expect([reply.status, reply.body.errors?.[0]?.field]).toEqual([400, 'Idempotency-Key']);
});
