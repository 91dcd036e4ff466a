import { env } from 'cloudflare:workers';
import { uuidv7 } from 'uuidv7';
import { expect, test, vi } from 'vitest';
import { consume } from '../../src/delivery/consume.ts';
import { fanOut } from '../../src/delivery/fanout.ts';
import { relayOverdue } from '../../src/delivery/relay.ts';
import type { WorkerContext } from '../../src/delivery/worker-context.ts';
import { runJobs } from '../../src/jobs/index.ts';
import { RELAY_TRIES, WEBHOOK_RETRY_SECONDS } from '../../src/model/limits/index.ts';
import { makePlace } from '../support/outside/place.ts';
import { makePending, stoppedWorld } from '../support/stopped-world.ts';
import { rows } from '../support/world.ts';

test('a failing receiver is tried ten times by the plan in D1, then the delivery is dead', async () => {
  const { worker, sent, clock, arrive } = stoppedWorld();
  const place = makePlace();
  const { wake, eventId, delivery, attempts, api, endpoint } = await makePending(place);
  await place.answer({ status: 500 });
  await fanOut(worker, [eventId]);
  expect(sent.tasks).toEqual([{ body: wake, delaySeconds: 0 }]);
  for (const [index, seconds] of WEBHOOK_RETRY_SECONDS.entries()) {
    await arrive([wake]);
    const next = clock.nowMs + seconds * 1000;
    expect(await delivery()).toMatchObject({ state: 'pending', attempts: index + 1, next_attempt_at: next });
    expect(sent.tasks.at(-1)).toEqual({ body: wake, delaySeconds: seconds });
    await arrive([wake]);
    expect(await delivery()).toMatchObject({ attempts: index + 1 });
    clock.nowMs = next;
  }
  await arrive([wake]);
  expect(await delivery()).toMatchObject({ state: 'dead', attempts: 10, next_attempt_at: null });
  expect((await attempts()).map(({ attempt, status_code }) => [attempt, status_code])).toEqual(
    Array.from({ length: 10 }, (_, index) => [index + 1, 500]),
  );
  const seen = await place.seen();
  expect(new Set(seen.map(({ body }) => body)).size).toBe(1);
  expect(new Set(seen.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([eventId]));
  expect((await api.get(`/v3/webhooks/${endpoint.id}`)).body.status).toBe('unhealthy');
  await arrive([wake]);
  expect(await place.seen()).toHaveLength(10);
});

test('a receiver that comes back gets the event and is healthy again', async () => {
  const { worker, clock, arrive } = stoppedWorld();
  const place = makePlace();
  const { wake, eventId, delivery, api, endpoint, row } = await makePending(place);
  await place.answer({ status: 302, headers: { location: 'http://127.0.0.1:1/' } });
  await fanOut(worker, [eventId]);
  await arrive([wake]);
  expect(await delivery()).toMatchObject({ state: 'pending' });
  expect(await row()).toMatchObject({ status: 'unhealthy', failing_since: clock.nowMs });
  await place.answer({ status: 204 });
  clock.nowMs += 5_000;
  await arrive([wake]);
  expect(await delivery()).toMatchObject({ state: 'delivered', attempts: 2 });
  expect((await api.get(`/v3/webhooks/${endpoint.id}`)).body.status).toBe('healthy');
  expect(await row()).toMatchObject({ failing_since: null, lease: null, leased_until: 0 });
});

test('nobody there is a failed attempt with its reason', async () => {
  const { worker, arrive } = stoppedWorld();
  const { wake, eventId, attempts } = await makePending({ url: 'http://127.0.0.1:1/' });
  await fanOut(worker, [eventId]);
  await arrive([wake]);
  expect((await attempts())[0]).toMatchObject({ status_code: null, reason: 'could not connect' });
});

test('messages that come twice, at once or late, deliver once', async () => {
  const { worker, arrive } = stoppedWorld();
  const place = makePlace();
  const { wake, eventId } = await makePending(place);
  await Promise.all([fanOut(worker, [eventId, eventId]), fanOut(worker, [eventId])]);
  expect(await rows('select 1 from webhook_deliveries where event_id = ?', eventId)).toHaveLength(1);
  await Promise.all([arrive([wake, wake]), arrive([wake]), arrive([wake])]);
  await arrive([wake]);
  await fanOut(worker, [eventId]);
  await arrive([wake]);
  expect(await place.seen()).toHaveLength(1);
});

test('a consumer that dies between the request and its record delivers again, never less', async () => {
  const { worker, clock, arrive, sent } = stoppedWorld();
  const place = makePlace();
  const { wake, eventId, delivery } = await makePending(place);
  await fanOut(worker, [eventId]);
  const dying = {
    ...worker,
    db: { prepare: env.DB.prepare.bind(env.DB), batch: dieAtSecondBatch() },
  } as WorkerContext;
  await expect(arrive([wake], dying)).rejects.toThrow('lost');
  expect(await delivery()).toMatchObject({ state: 'pending', attempts: 1 });
  await arrive([wake]);
  expect(await place.seen()).toHaveLength(1);
  clock.nowMs += 24 * 3_600_000;
  await runJobs(worker, '* * * * *');
  expect(sent.tasks.at(-1)).toEqual({ body: wake, delaySeconds: 0 });
  await arrive([wake]);
  expect(await place.seen()).toHaveLength(2);
  expect(await delivery()).toMatchObject({ state: 'delivered' });
});

function dieAtSecondBatch() {
  let batches = 0;
  return (statements: D1PreparedStatement[]) => {
    batches += 1;
    if (batches === 2) throw new Error('connection lost');
    return env.DB.batch(statements);
  };
}

test('the sweep relays what no message has brought to the fan-out, later each time, and gives up in the end', async () => {
  const { worker, sent, clock } = stoppedWorld();
  const { eventId } = await makePending();
  const sends = () => sent.events.filter(({ body }) => body['eventId'] === eventId).length;
  await relayOverdue(worker);
  expect(sends()).toBe(1);
  await relayOverdue(worker);
  expect(sends()).toBe(1);
  for (let hour = 0; hour < 80; hour++) {
    clock.nowMs += 3_600_000;
    await relayOverdue(worker);
  }
  expect(sends()).toBe(RELAY_TRIES);
  expect(await rows('select reason from dead_letters where id = ?', eventId)).toEqual([
    { reason: 'relayed too often' },
  ]);
});

test('the minute sweep wakes an endpoint whose message was lost, but not one that waits its turn', async () => {
  const { worker, sent, clock } = stoppedWorld();
  const place = makePlace();
  const { wake, eventId } = await makePending(place);
  await fanOut(worker, [eventId]);
  const wakes = () => sent.tasks.filter(({ body }) => body['endpointId'] === wake.endpointId).length - 1;
  await runJobs(worker, '* * * * *');
  expect(wakes()).toBe(0);
  clock.nowMs += 61_000;
  await runJobs(worker, '* * * * *');
  expect(wakes()).toBe(1);
  expect(await place.seen()).toEqual([]);
});

test('nothing goes to a disabled endpoint until it is enabled again', async () => {
  const { worker, clock, arrive, sent } = stoppedWorld();
  const place = makePlace();
  const { wake, eventId, api, endpoint, delivery } = await makePending(place);
  await fanOut(worker, [eventId]);
  await api.patch(`/v3/webhooks/${endpoint.id}`, { enabled: false });
  await arrive([wake]);
  clock.nowMs += 3_600_000;
  await runJobs(worker, '* * * * *');
  const wakes = sent.tasks.filter(({ body }) => body['endpointId'] === endpoint.id);
  expect(wakes).toHaveLength(1);
  expect(await delivery()).toMatchObject({ state: 'pending', attempts: 0 });
  expect(await place.seen()).toEqual([]);
  await api.patch(`/v3/webhooks/${endpoint.id}`, { enabled: true });
  await vi.waitFor(async () => expect(await place.seen()).toHaveLength(1), { timeout: 20_000, interval: 50 });
});

test('what the queues give up on is kept as a dead letter, once', async () => {
  const { worker } = stoppedWorld();
  const message = { id: uuidv7(), body: { eventId: uuidv7() } };
  const batch = { queue: 'reseller-edge-dead', messages: [message] } as unknown as MessageBatch;
  await consume(worker, batch);
  await consume(worker, batch);
  expect(await rows('select message from dead_letters where id = ?', message.id)).toEqual([
    { message: JSON.stringify(message.body) },
  ]);
  await expect(consume(worker, { ...batch, queue: 'unknown' } as MessageBatch)).rejects.toThrow();
});

test('an event that cannot be shown holds up no other, and ends as a dead letter', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { worker, clock } = stoppedWorld();
  const [broken, sound] = [await makePending(), await makePending()];
  await rows(`update events set after = '{"id": 7}' where id = ?`, broken.eventId);
  await fanOut(worker, [broken.eventId, sound.eventId]);
  expect([await broken.delivery(), (await sound.delivery()).state]).toEqual([undefined, 'pending']);
  for (let hour = 0; hour < 80; hour++) {
    clock.nowMs += 3_600_000;
    await relayOverdue(worker);
    await fanOut(worker, [broken.eventId]);
  }
  expect(await rows('select 1 from dead_letters where id = ?', broken.eventId)).toHaveLength(1);
  expect(log).toHaveBeenCalled();
  log.mockRestore();
});

test('two sweeps at once do the work once', async () => {
  const { worker, sent } = stoppedWorld();
  const { eventId } = await makePending();
  await Promise.all([runJobs(worker, '* * * * *'), runJobs(worker, '* * * * *')]);
  await vi.waitFor(() => expect(sent.events.filter(({ body }) => body['eventId'] === eventId)).toHaveLength(1));
});
