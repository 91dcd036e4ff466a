import { Webhook } from 'standardwebhooks';
import { expect, test, vi } from 'vitest';
import { fanOut } from '../../src/delivery/fanout.ts';
import { EVENT_TYPES } from '../../src/model/events/event.ts';
import { makePlace } from '../support/outside/place.ts';
import { makePending, stoppedWorld } from '../support/stopped-world.ts';
import { callerFor, makeReseller, newUser, rows } from '../support/world.ts';

const patience = { timeout: 20_000, interval: 50 };
const TOKEN = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;

/** An endpoint that failed twice and then took its event. */
async function makeLogged() {
  const world = stoppedWorld();
  const place = makePlace();
  const pending = await makePending(place, { token: TOKEN });
  await fanOut(world.worker, [pending.eventId]);
  for (const answer of [
    { status: 500, body: 'no' },
    { status: 503, body: '' },
    { status: 202, body: 'thanks' },
  ]) {
    await place.answer(answer);
    await world.arrive([pending.wake]);
    world.clock.nowMs += 3_600_000;
  }
  const logs = async (query = '') => (await pending.api.get(`/v3/webhook-event-logs${query}`)).body;
  return { ...world, ...pending, place, logs };
}

test('the log shows each attempt: what was answered, how long it took, and when the next was planned', async () => {
  const { logs, endpoint, eventId, delivery } = await makeLogged();
  const shown = await logs();
  const { id: deliveryId } = await delivery();
  const common = {
    webhookId: endpoint.id,
    event: 'reseller.user.updated',
    eventId,
    deliveryId,
    durationMs: expect.any(Number),
  };
  expect(shown).toEqual([
    {
      ...common,
      id: expect.any(String),
      createdAt: expect.any(String),
      attempt: 1,
      status: 'failed',
      statusCode: 500,
      reason: 'answered 500',
      response: 'no',
      nextAttemptAt: new Date(Date.parse(shown[0].createdAt) + 5_000).toISOString(),
    },
    {
      ...common,
      id: expect.any(String),
      createdAt: expect.any(String),
      attempt: 2,
      status: 'failed',
      statusCode: 503,
      reason: 'answered 503',
      response: '',
      nextAttemptAt: new Date(Date.parse(shown[1].createdAt) + 300_000).toISOString(),
    },
    {
      ...common,
      id: expect.any(String),
      createdAt: expect.any(String),
      attempt: 3,
      status: 'delivered',
      statusCode: 202,
      reason: 'delivered',
      response: 'thanks',
      nextAttemptAt: null,
    },
  ]);
});

test('the log is filtered by webhook, event, status and time, and paged by cursor', async () => {
  const { logs, endpoint, api } = await makeLogged();
  const all = await logs();
  expect(await logs('?status=failed')).toEqual(all.slice(0, 2));
  expect(await logs('?status[ne]=failed')).toEqual(all.slice(2));
  expect(await logs(`?webhookId=${endpoint.id}&sort=-createdAt`)).toEqual([...all].reverse());
  expect(await logs(`?webhookId=${crypto.randomUUID()}`)).toEqual([]);
  expect(await logs('?event=reseller.user.updated')).toHaveLength(3);
  expect(await logs('?event[sw]=webhook.')).toEqual([]);
  expect(await logs(`?createdAt[gt]=${all[0].createdAt}`)).toEqual(all.slice(1));
  const first = await api.get('/v3/webhook-event-logs?limit=2');
  const [, next] = /<([^>]+)>; rel="next"/.exec(first.headers.get('Link') ?? '') ?? [];
  const { pathname, search } = new URL(next ?? '');
  expect((await api.get(pathname + search)).body).toEqual(all.slice(2));
  expect((await api.get('/v3/webhook-event-logs?reason=x')).status).toBe(400);
});

test("nobody sees another owner's log, nor delivers from it", async () => {
  const { logs, id } = await makeLogged();
  const [{ api: stranger }, platform, colleague] = [await makeReseller(), await callerFor(null), await callerFor(id)];
  const [entry] = await logs();
  for (const caller of [stranger, platform]) {
    const foreign = await caller.get(`/v3/webhook-event-logs?id=${entry.id}`);
    expect(foreign.body).toEqual([]);
    expect((await caller.post(`/v3/webhook-event-logs/${entry.id}/redeliver`)).status).toBe(404);
  }
  expect((await colleague.get('/v3/webhook-event-logs')).body).toHaveLength(3);
});

test('redelivering sends the same event with the same id once more, even if it had arrived', async () => {
  const { logs, api, place, eventId, delivery } = await makeLogged();
  const [entry] = await logs();
  const reply = await api.post(`/v3/webhook-event-logs/${entry.id}/redeliver`);
  expect(reply.status).toBe(201);
  expect(reply.body).toMatchObject({ id: entry.deliveryId, eventId, status: 'pending', attempts: 0 });
  await vi.waitFor(async () => expect(await place.seen()).toHaveLength(4), patience);
  const seen = await place.seen();
  expect(new Set(seen.map(({ headers, body }) => `${headers['webhook-id']} ${body}`)).size).toBe(1);
  await vi.waitFor(async () => expect(await delivery()).toMatchObject({ state: 'delivered', attempts: 1 }), patience);
  expect(await logs()).toHaveLength(4);
});

test('redelivering twice with one key sends once, and a disabled webhook says so', async () => {
  const { logs, api, place, endpoint } = await makeLogged();
  const [entry] = await logs();
  const address = `/v3/webhook-event-logs/${entry.id}/redeliver`;
  const [first, second] = [
    await api.post(address, undefined, { 'Idempotency-Key': 'again' }),
    await api.post(address, undefined, { 'Idempotency-Key': 'again' }),
  ];
  expect([second.status, second.text, second.headers.get('Idempotency-Replayed')]).toEqual([201, first.text, 'true']);
  await vi.waitFor(async () => expect(await place.seen()).toHaveLength(4), patience);
  await api.patch(`/v3/webhooks/${endpoint.id}`, { enabled: false });
  expect(await api.post(address)).toMatchObject({ status: 409, body: { code: 'WEBHOOK_DISABLED' } });
});

test('a test sends one signed example, also while the webhook is disabled, and never again', async () => {
  const { arrive, clock } = stoppedWorld();
  const place = makePlace();
  const { api, endpoint, wake, attempts } = await makePending(place, { token: TOKEN, enabled: false });
  await place.answer({ status: 500 });
  const reply = await api.post(`/v3/webhooks/${endpoint.id}/test`);
  expect(reply.status).toBe(201);
  expect(reply.body).toMatchObject({
    webhookId: endpoint.id,
    event: 'reseller.user.updated',
    eventId: null,
    status: 'pending',
  });
  await vi.waitFor(async () => expect(await attempts()).toHaveLength(1), patience);
  const [request] = await place.seen();
  expect(request?.headers).toMatchObject({ 'webhook-id': reply.body.id, 'webhook-test': 'true' });
  expect(new Webhook(TOKEN).verify(request?.body ?? '', request?.headers ?? {})).toMatchObject({
    event: 'reseller.user.updated',
  });
  clock.nowMs += 86_400_000;
  await arrive([wake]);
  expect(await place.seen()).toHaveLength(1);
  expect(await rows('select state from webhook_deliveries where id = ?', reply.body.id)).toEqual([{ state: 'dead' }]);
  const heard = 'select 1 from events where audit_only = 0 and request_id = ?';
  expect(await rows(heard, reply.headers.get('X-Request-Id'))).toEqual([]);
});

test('a test may name its event', async () => {
  const { api } = await makeReseller();
  const place = makePlace();
  const { body: endpoint } = await api.post('/v3/webhooks', {
    name: 'h',
    url: place.url,
    token: TOKEN,
    enabled: true,
    events: ['*'],
  });
  await api.post(`/v3/webhooks/${endpoint.id}/test`, { event: 'reseller.organization.deleted' });
  await vi.waitFor(
    async () =>
      expect((await place.seen()).map(({ body }) => JSON.parse(body).event)).toContain('reseller.organization.deleted'),
    patience,
  );
  expect((await api.post(`/v3/webhooks/${endpoint.id}/test`, { event: 'no.such' })).status).toBe(400);
});

test('the catalogue has each event with a schema that its example and its real payload fit', async () => {
  const { api, base } = await makeReseller();
  const { status, body } = await api.get('/v3/webhooks/events');
  expect([status, body.map(({ event }: { event: string }) => event)]).toEqual([200, EVENT_TYPES]);
  for (const { event, schema, example } of body) {
    expect(schema).toMatchObject({
      $schema: expect.stringContaining('2020-12'),
      type: 'object',
      required: ['event', 'data', 'triggeredAt'],
    });
    expect(schema.properties.event).toEqual({ const: event });
    expect(example.event).toBe(event);
    expect(Object.keys(example.data).sort()).toEqual([...schema.properties.data.required].sort());
  }
  const place = makePlace();
  await api.post('/v3/webhooks', {
    name: 'h',
    url: place.url,
    token: TOKEN,
    enabled: true,
    events: ['reseller.user.created'],
  });
  await api.post(`${base}/users`, newUser());
  await vi.waitFor(async () => expect(await place.seen()).toHaveLength(1), patience);
  const sent = (await place.seen())[0]?.body ?? '';
  const described = body.find(({ event }: { event: string }) => event === 'reseller.user.created');
  expect(Object.keys(JSON.parse(sent).data).sort()).toEqual(Object.keys(described.example.data).sort());
});
