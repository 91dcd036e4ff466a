import { expect, test } from 'vitest';
import { fanOut } from '../../src/delivery/fanout.ts';
import type { WorkerContext } from '../../src/delivery/worker-context.ts';
import { suspendWebhook } from '../../src/domain/webhooks/suspension.ts';
import { runJobs } from '../../src/jobs/index.ts';
import { makePlace } from '../support/outside/place.ts';
import { stateBefore } from '../support/people/states.ts';
import { makePending, stoppedWorld } from '../support/stopped-world.ts';
import { rows } from '../support/world.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

async function makeFailing(status = 500, headers: Record<string, string> = {}) {
  const world = stoppedWorld();
  const place = makePlace();
  const pending = await makePending(place);
  await place.answer({ status, headers });
  const { api, endpoint, happen } = pending;
  /** A new event that is attempted once, now. */
  const attemptOne = async (worker: WorkerContext = world.worker) => {
    const eventId = await happen();
    await fanOut(worker, [eventId]);
    await world.arrive([pending.wake], worker);
    return eventId;
  };
  const shown = async () => (await api.get(`/v3/webhooks/${endpoint.id}`)).body;
  const disabled = () => rows("select * from events where subject = ? and type = 'webhook.disabled'", endpoint.id);
  return { ...world, ...pending, place, attemptOne, shown, disabled };
}

test('five days of nothing but failures suspend an endpoint, with one event for its reseller', async () => {
  const { clock, attemptOne, shown, disabled, sent, id, endpoint } = await makeFailing();
  const from = clock.nowMs;
  for (const hours of [0, 60, 110, 119.9]) {
    clock.nowMs = from + hours * HOUR;
    await attemptOne();
    expect(await shown()).toMatchObject({ enabled: true, status: 'unhealthy' });
  }
  clock.nowMs = from + 5 * DAY;
  await attemptOne();
  expect(await shown()).toMatchObject({ enabled: false, status: 'suspended' });
  const [event, ...others] = await disabled();
  expect(others).toEqual([]);
  expect(event).toMatchObject({ reseller_id: id, actor: 'system:webhooks' });
  expect(stateBefore(event)).toMatchObject({ id: endpoint.id, enabled: true, status: 'unhealthy' });
  expect(JSON.parse(event.after)).toMatchObject({ id: endpoint.id, enabled: false, status: 'suspended' });
  expect(sent.events.at(-1)).toEqual({ body: { eventId: event.id } });
});

test('two incidents more than five days apart, each shorter than twelve hours, suspend nothing', async () => {
  const { clock, attemptOne, shown, disabled } = await makeFailing();
  await attemptOne();
  clock.nowMs += 6 * DAY;
  await attemptOne();
  clock.nowMs += 11 * HOUR;
  await attemptOne();
  expect(await shown()).toMatchObject({ enabled: true, status: 'unhealthy' });
  clock.nowMs += 2 * HOUR;
  await attemptOne();
  expect(await shown()).toMatchObject({ enabled: false, status: 'suspended' });
  expect(await disabled()).toHaveLength(1);
});

test('one success in between starts the days anew', async () => {
  const { clock, attemptOne, shown, place } = await makeFailing();
  await attemptOne();
  clock.nowMs += 3 * DAY;
  await place.answer({ status: 200 });
  await attemptOne();
  expect(await shown()).toMatchObject({ status: 'healthy' });
  await place.answer({ status: 500 });
  for (const hours of [24, 48, 24]) {
    clock.nowMs += hours * HOUR;
    await attemptOne();
  }
  expect(await shown()).toMatchObject({ enabled: true, status: 'unhealthy' });
});

test.each([
  ['410 Gone', 410, {}],
  ['the header webhook-delivery: disable', 500, { 'webhook-delivery': 'disable' }],
  ['that header on a success', 200, { 'webhook-delivery': 'Disable' }],
])('%s suspends an endpoint at once', async (_, status, headers) => {
  const { attemptOne, shown, disabled, place, sent, arrive, wake } = await makeFailing(status, headers);
  await attemptOne();
  expect(await shown()).toMatchObject({ enabled: false, status: 'suspended' });
  expect(await disabled()).toHaveLength(1);
  const before = (await place.seen()).length;
  await attemptOne();
  await arrive([wake]);
  expect(await place.seen()).toHaveLength(before);
  expect(sent.tasks.filter(({ delaySeconds }) => delaySeconds)).toEqual([]);
});

test('one that is enabled again starts afresh, gets what was held back, and is offered what it missed', async () => {
  const { attemptOne, shown, api, endpoint, place, worker, clock, happen, arrive, wake } = await makeFailing(410);
  const heldBack = await attemptOne();
  const missed = await happen();
  await fanOut(worker, [missed]);
  expect(await rows('select 1 from webhook_deliveries where event_id = ?', missed)).toEqual([]);
  await place.answer({ status: 200 });
  const enabled = await api.patch(`/v3/webhooks/${endpoint.id}`, { enabled: true });
  expect(enabled.body).toMatchObject({ enabled: true, status: 'healthy' });
  expect(enabled.headers.get('Link')).toBe(
    `<https://edge.localhost/v3/webhooks/${endpoint.id}/recover>; rel="recover"`,
  );
  expect(await shown()).toMatchObject({ enabled: true, status: 'healthy' });
  clock.nowMs += 5_000;
  await arrive([wake]);
  const ids = (await place.seen()).map(({ headers }) => headers['webhook-id']);
  expect(ids).toContain(heldBack);
  expect(ids).not.toContain(missed);
});

test('a suspension that meets another change is left to the next failure', async () => {
  const { endpoint, worker, disabled, clock } = await makeFailing();
  const given = { attemptedUrl: endpoint.url as string, now: clock.nowMs, newId: worker.newId };
  const stale = {
    prepare: worker.db.prepare.bind(worker.db),
    batch: touchFirst(endpoint.id, worker),
  };
  expect(await suspendWebhook(stale, endpoint.id, given)).toBeNull();
  expect(await disabled()).toEqual([]);
  const both = await Promise.all([1, 2].map(() => suspendWebhook(worker.db, endpoint.id, given)));
  expect(both.filter((eventId) => eventId !== null)).toHaveLength(1);
  expect(await disabled()).toHaveLength(1);
});

function touchFirst(id: string, { db }: WorkerContext): WorkerContext['db']['batch'] {
  return async (statements) => {
    await rows('update webhook_endpoints set updated_at = updated_at + 1 where id = ?', id);
    return db.batch(statements);
  };
}

test('after a 410 nothing more goes out, whatever was claimed with it', async () => {
  const { worker, happen, arrive, wake, place, eventId } = await makeFailing(410);
  const events = [eventId, ...(await Promise.all(Array.from({ length: 49 }, () => happen())))];
  await fanOut(worker, events);
  await arrive([wake]);
  expect((await place.seen()).length).toBeLessThanOrEqual(6);
  const deliveries = await rows(
    'select attempts, lease from webhook_deliveries where endpoint_id = ?',
    wake.endpointId,
  );
  expect(deliveries).toHaveLength(50);
  expect(deliveries.filter(({ attempts }) => attempts > 0).length).toBeLessThanOrEqual(6);
  expect(deliveries.filter(({ lease }) => lease !== null)).toEqual([]);
});

test('a 410 from an address that was changed meanwhile suspends nothing', async () => {
  const { worker, api, endpoint, attemptOne, shown } = await makeFailing(410);
  const elsewhere = makePlace();
  const moving = {
    ...worker,
    fetch: async (...given: Parameters<typeof fetch>) => {
      const reply = await worker.fetch(...given);
      await api.patch(`/v3/webhooks/${endpoint.id}`, { url: elsewhere.url });
      return reply;
    },
  } as WorkerContext;
  await attemptOne(moving);
  expect(await shown()).toMatchObject({ enabled: true, url: elsewhere.url });
});

test('what a deleted reseller had still to be sent is held back for good', async () => {
  const { id, worker, arrive, wake, place, attemptOne, clock, sent } = await makeFailing();
  const eventId = await attemptOne();
  await rows('update resellers set deleted_at = ? where id = ?', clock.nowMs, id);
  clock.nowMs += HOUR;
  const requests = (await place.seen()).length;
  await runJobs(worker, '* * * * *');
  await arrive([wake]);
  expect(await place.seen()).toHaveLength(requests);
  expect(
    sent.tasks.filter(({ body, delaySeconds }) => body['endpointId'] === wake.endpointId && delaySeconds === 0),
  ).toHaveLength(1);
  expect(await rows('select state from webhook_deliveries where event_id = ?', eventId)).toEqual([
    { state: 'pending' },
  ]);
});
