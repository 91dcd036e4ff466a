import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { expect, test, vi } from 'vitest';
import { makePlace, type Seen } from '../support/outside/place.ts';
import { callerFor, makeReseller, newOrganization, newUser, operator, rows } from '../support/world.ts';

const KEY = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=';
const patience = { timeout: 20_000, interval: 50 };

const hook = (url: string, more: object = {}) => ({
  name: 'hook',
  url,
  token: KEY,
  enabled: true,
  events: ['*'],
  ...more,
});
const arrived = (place: ReturnType<typeof makePlace>, count: number) =>
  vi.waitFor(async () => {
    const seen = await place.seen();
    expect(seen).toHaveLength(count);
    return seen;
  }, patience);
const eventOf = ({ body }: Seen) => JSON.parse(body).event;

test("the receiver gets exactly the seed's payload, signed by Standard Webhooks", async () => {
  const place = makePlace();
  const { base, api } = await makeReseller();
  await api.post('/v3/webhooks', hook(place.url, { events: ['reseller.user.created'] }));
  const organization = await api.post(`${base}/organizations`, newOrganization());
  const made = await api.post(`${base}/users`, { ...newUser(), organizationId: organization.body.id });
  const [request] = (await arrived(place, 1)) as [Seen];
  expect(request.method).toBe('POST');
  expect(request.headers['content-type']).toBe('application/json; charset=utf-8');
  const body = JSON.parse(request.body);
  expect(body).toEqual({ event: 'reseller.user.created', data: made.body, triggeredAt: made.body.createdAt });
  expect(new Webhook(KEY).verify(request.body, request.headers)).toEqual(body);
  expect(() => new Webhook(KEY).verify(`${request.body} `, request.headers)).toThrow();
  const [event] = await rows(
    "select id from events where subject = ? and type = 'reseller.user.created'",
    made.body.id,
  );
  expect(request.headers['webhook-id']).toBe(event.id);
});

test('any other token is the key of an HMAC-SHA256 over the raw body', async () => {
  const place = makePlace();
  const { base, api } = await makeReseller();
  await api.post('/v3/webhooks', hook(place.url, { token: 'plain secret', events: ['reseller.user.created'] }));
  await api.post(`${base}/users`, newUser());
  const [request] = (await arrived(place, 1)) as [Seen];
  const signature = createHmac('sha256', 'plain secret').update(request.body).digest('base64');
  expect(request.headers['webhook-signature']).toBe(signature);
  expect(Math.abs(Number(request.headers['webhook-timestamp']) * 1000 - Date.now())).toBeLessThan(60_000);
});

test('an endpoint hears of its own reseller only, of what it listens to, and only while enabled', async () => {
  const [all, some, off, other, platform] = [makePlace(), makePlace(), makePlace(), makePlace(), makePlace()];
  const [mine, theirs, op] = [await makeReseller(), await makeReseller(), await operator()];
  await mine.api.post('/v3/webhooks', hook(all.url));
  await mine.api.post('/v3/webhooks', hook(some.url, { events: ['reseller.user.deleted'] }));
  await mine.api.post('/v3/webhooks', hook(off.url, { enabled: false }));
  await theirs.api.post('/v3/webhooks', hook(other.url, { events: ['reseller.user.created'] }));
  const { body: watch } = await op.post('/v3/webhooks', hook(platform.url, { events: ['reseller.user.created'] }));
  const { body: user } = await mine.api.post(`${mine.base}/users`, newUser());
  await mine.api.delete(`${mine.base}/users/${user.id}`);
  expect((await arrived(some, 1)).map(eventOf)).toEqual(['reseller.user.deleted']);
  // Its own creation, the two endpoints made after it, and both of the user's events.
  expect((await arrived(all, 5)).map(eventOf).sort()).toEqual([
    'reseller.user.created',
    'reseller.user.deleted',
    'webhook.created',
    'webhook.created',
    'webhook.created',
  ]);
  expect((await arrived(platform, 1)).map(eventOf)).toEqual(['reseller.user.created']);
  expect([await off.seen(), await other.seen()]).toEqual([[], []]);
  expect((await mine.api.get(`/v3/webhooks/${watch.id}`)).status).toBe(404);
  await op.delete(`/v3/webhooks/${watch.id}`);
});

test('a delivery is recorded: one row, one attempt, and the endpoint healthy', async () => {
  const place = makePlace();
  const { base, api } = await makeReseller();
  const { body: endpoint } = await api.post('/v3/webhooks', hook(place.url, { events: ['reseller.user.created'] }));
  await api.post(`${base}/users`, newUser());
  await arrived(place, 1);
  await vi.waitFor(async () => {
    const deliveries = await rows('select * from webhook_deliveries where endpoint_id = ?', endpoint.id);
    expect(deliveries).toHaveLength(1);
    expect(deliveries[0]).toMatchObject({ state: 'delivered', attempts: 1, lease: null });
    const attempts = await rows('select * from webhook_attempts where delivery_id = ?', deliveries[0].id);
    expect(attempts).toHaveLength(1);
    expect(attempts[0]).toMatchObject({ status_code: 200, reason: 'delivered' });
  }, patience);
  expect((await api.get(`/v3/webhooks/${endpoint.id}`)).body.status).toBe('healthy');
});

test('a token is shown on creation only, and is sealed in the database', async () => {
  const { api } = await makeReseller();
  const made = await api.post('/v3/webhooks', hook('https://example.com/hook'));
  expect([made.status, made.body.token]).toEqual([201, KEY]);
  const path = `/v3/webhooks/${made.body.id}`;
  const { token: _, ...shown } = made.body;
  expect((await api.get(path)).body).toEqual(shown);
  expect((await api.get('/v3/webhooks')).body).toEqual([shown]);
  const changed = await api.patch(path, { name: 'renamed', enabled: false, events: ['*', '*'] });
  expect(changed.body).toEqual({
    ...shown,
    name: 'renamed',
    enabled: false,
    events: ['*'],
    updatedAt: changed.body.updatedAt,
  });
  expect((await api.delete(path)).status).toBe(204);
  expect((await api.get(path)).body.code).toBe('WEBHOOK_NOT_FOUND');
  expect(JSON.stringify(await rows('select * from events where subject = ?', made.body.id))).not.toContain('whsec');
});

test.each([
  ['url', 'ftp://example.com'],
  ['url', 'http://example.com'],
  ['url', 'https://user:pass@example.com'],
  ['url', 'https://169.254.169.254/latest'],
  ['url', 'https://db.internal/'],
  ['url', 'https://example.com:22/'],
  ['url', 'https://edge.localhost/oauth/token'],
  ['url', 'nowhere'],
  ['token', 'whsec_short'],
  ['token', ''],
  ['events', []],
  ['events', ['no.such']],
  ['enabled', 1],
])('a webhook with %s %j is refused', async (field, value) => {
  const { api } = await makeReseller();
  const reply = await api.post('/v3/webhooks', hook('https://example.com', { [field]: value }));
  expect([reply.status, reply.body.code]).toEqual([400, 'VALIDATION_FAILED']);
  expect(reply.body.errors[0].field.split('.')[0]).toBe(field);
});

test("the operator's endpoints and a reseller's are strangers to each other", async () => {
  const [{ id, api }, op] = [await makeReseller(), await operator()];
  const { body: theirs } = await api.post('/v3/webhooks', hook('https://example.com'));
  expect((await op.get(`/v3/webhooks/${theirs.id}`)).status).toBe(404);
  expect((await (await callerFor(id)).get(`/v3/webhooks/${theirs.id}`)).status).toBe(200);
});
