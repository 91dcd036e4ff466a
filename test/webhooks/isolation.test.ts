import { expect, test, vi } from 'vitest';
import { fanOut } from '../../src/delivery/fanout.ts';
import type { WorkerContext } from '../../src/delivery/worker-context.ts';
import { WEBHOOK_CONNECTIONS, WEBHOOK_RUN_MS } from '../../src/model/limits/index.ts';
import { makePlace } from '../support/outside/place.ts';
import { makePending, stoppedWorld } from '../support/stopped-world.ts';
import { makeReseller, newOrganization, rows } from '../support/world.ts';

/** The background with a network that counts its open connections and answers when it is told to. */
function countingWorld() {
  const world = stoppedWorld();
  const open = { now: 0, most: 0, total: 0 };
  const worker = {
    ...world.worker,
    fetch: async (...given: Parameters<typeof fetch>) => {
      open.now += 1;
      open.total += 1;
      open.most = Math.max(open.most, open.now);
      return fetch(...given).finally(() => {
        open.now -= 1;
      });
    },
  } as WorkerContext;
  return { ...world, worker, open };
}

/** The same with an endpoint that has one event. */
const countingAt = async (place: { url: string }) => ({ ...countingWorld(), ...(await makePending(place)) });

test('a consumer never has more than six connections open, whatever its batch names', async () => {
  const { worker, arrive, open } = countingWorld();
  const place = makePlace();
  await place.answer({ status: 200, delayMs: 20 });
  const endpoints = await Promise.all(Array.from({ length: 6 }, () => makePending(place)));
  for (const { eventId, happen } of endpoints) {
    await fanOut(worker, [eventId, await happen(), await happen()]);
  }
  await arrive(
    endpoints.map(({ wake }) => wake),
    worker,
  );
  expect(open).toEqual({ now: 0, most: WEBHOOK_CONNECTIONS, total: 18 });
});

test('one endpoint alone has all six, and thirty deliveries at a time', async () => {
  const { worker, arrive, open } = countingWorld();
  const place = makePlace();
  await place.answer({ status: 200, delayMs: 5 });
  const { eventId, happen, wake } = await makePending(place);
  const more = await Promise.all(Array.from({ length: 39 }, () => happen()));
  await fanOut(worker, [eventId, ...more]);
  await arrive([wake], worker);
  expect(open).toEqual({ now: 0, most: WEBHOOK_CONNECTIONS, total: 40 });
  expect(await place.seen()).toHaveLength(40);
});

test('an endpoint is served by one consumer at a time', async () => {
  const { worker, arrive, open } = countingWorld();
  const place = makePlace();
  await place.answer({ status: 200, delayMs: 10 });
  const { eventId, happen, wake } = await makePending(place);
  await fanOut(worker, [eventId, ...(await Promise.all(Array.from({ length: 69 }, () => happen())))]);
  await Promise.all([arrive([wake], worker), arrive([wake], worker), arrive([wake], worker)]);
  expect(open).toEqual({ now: 0, most: WEBHOOK_CONNECTIONS, total: 70 });
});

test('whoever serves an endpoint finds what comes meanwhile, and nobody else is woken for it', async () => {
  const { worker, arrive, sent, open } = countingWorld();
  const place = makePlace();
  const { eventId, happen, wake } = await makePending(place);
  await fanOut(worker, [eventId]);
  const second = await happen();
  let arrivedMeanwhile = false;
  const busy = {
    ...worker,
    fetch: async (...given: Parameters<typeof fetch>) => {
      const first = !arrivedMeanwhile;
      arrivedMeanwhile = true;
      if (first) await fanOut(worker, [second]);
      return worker.fetch(...given);
    },
  } as WorkerContext;
  await arrive([wake], busy);
  expect(open.total).toBe(2);
  expect(sent.tasks.filter(({ body }) => body['endpointId'] === wake.endpointId)).toHaveLength(1);
});

test('a consumer whose time is up gives back what it has not begun, and has the endpoint woken again', async () => {
  const { worker, arrive, sent, clock, open } = countingWorld();
  const place = makePlace();
  const { eventId, happen, wake, delivery, row } = await makePending(place);
  const events = [eventId, ...(await Promise.all(Array.from({ length: 9 }, () => happen())))];
  await fanOut(worker, events);
  const slow = {
    ...worker,
    fetch: async (...given: Parameters<typeof fetch>) => {
      const reply = await worker.fetch(...given);
      clock.nowMs += WEBHOOK_RUN_MS;
      return reply;
    },
  } as WorkerContext;
  await arrive([wake], slow);
  expect(open.total).toBe(WEBHOOK_CONNECTIONS);
  const deliveries = await Promise.all(events.map((event) => delivery(event)));
  const waiting = deliveries.filter(({ state }) => state === 'pending');
  expect(waiting).toHaveLength(4);
  for (const one of waiting)
    expect(one).toMatchObject({ attempts: 0, lease: null, next_attempt_at: expect.any(Number) });
  expect(await row()).toMatchObject({ lease: null, leased_until: 0 });
  expect(sent.tasks.at(-1)).toEqual({ body: wake, delaySeconds: 0 });
  await arrive([wake], worker);
  expect(open.total).toBe(10);
});

test('what was claimed while its endpoint was switched off and on keeps all its attempts', async () => {
  const { worker, arrive, clock, api, endpoint, happen, eventId, wake, delivery } = await countingAt(makePlace());
  const events = [eventId, ...(await Promise.all(Array.from({ length: 9 }, () => happen())))];
  await fanOut(worker, events);
  const toggled = {
    ...worker,
    fetch: async (...given: Parameters<typeof fetch>) => {
      await rows('update webhook_endpoints set enabled = 0 where id = ?', endpoint.id);
      return worker.fetch(...given).then(() => new Response(null, { status: 410 }));
    },
  } as WorkerContext;
  await arrive([wake], toggled);
  const left = await Promise.all(events.map((event) => delivery(event)));
  expect(left.filter(({ attempts }) => attempts === 0)).toHaveLength(4);
  expect(left.every(({ lease }) => lease === null)).toBe(true);
  await api.patch(`/v3/webhooks/${endpoint.id}`, { enabled: true });
  clock.nowMs = Date.now();
  await arrive([wake]);
  expect((await Promise.all(events.map((event) => delivery(event)))).map(({ state }) => state)).toEqual(
    Array(10).fill('delivered'),
  );
});

test('one timer stands for all failures of a step', async () => {
  const { worker, arrive, sent, happen, eventId, wake } = await countingAt({ url: 'http://127.0.0.1:1/' });
  await fanOut(worker, [eventId, ...(await Promise.all(Array.from({ length: 9 }, () => happen())))]);
  await arrive([wake], worker);
  expect(sent.tasks.slice(1)).toEqual([{ body: wake, delaySeconds: 5 }]);
});

test('a queue that takes no timer leaves the endpoint free and its deliveries planned', async () => {
  const { worker, arrive, row, delivery, wake, eventId } = await countingAt({ url: 'http://127.0.0.1:1/' });
  await fanOut(worker, [eventId]);
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  const refusing = { ...worker.env, tasks: { sendBatch: () => Promise.reject(new Error('down')) } };
  await arrive([wake], { ...worker, env: refusing } as unknown as WorkerContext);
  expect(log).toHaveBeenCalledTimes(1);
  log.mockRestore();
  expect(await row()).toMatchObject({ lease: null, leased_until: 0 });
  expect(await delivery()).toMatchObject({ state: 'pending', attempts: 1, lease: null });
});

test('a success is a success even when it comes after its lease ran out', async () => {
  const { worker, arrive, delivery, wake, eventId } = await countingAt(makePlace());
  await fanOut(worker, [eventId]);
  const outlasted = {
    ...worker,
    fetch: async (...given: Parameters<typeof fetch>) => {
      await rows("update webhook_deliveries set lease = 'another' where event_id = ?", eventId);
      return worker.fetch(...given);
    },
  } as WorkerContext;
  await arrive([wake], outlasted);
  expect(await delivery()).toMatchObject({ state: 'delivered', lease: null });
});

test('through the real queue, an endpoint that does not answer holds up nobody', async () => {
  const { id, api, base } = await makeReseller();
  const [slow, quick] = [makePlace(), makePlace()];
  await slow.answer({ status: 200, delayMs: 12_000 });
  const hook = (url: string) => ({
    name: 'h',
    url,
    token: 't',
    enabled: true,
    events: ['reseller.organization.created'],
  });
  for (let index = 0; index < 12; index++) await api.post('/v3/webhooks', hook(slow.url));
  await api.post('/v3/webhooks', hook(quick.url));
  await api.post(`${base}/organizations`, newOrganization());
  await expect.poll(async () => (await quick.seen()).length, { timeout: 20_000, interval: 20 }).toBe(1);
  expect(await slow.seen()).toHaveLength(12);
  // All twelve are still being waited for.
  expect(await rows('select 1 from webhook_attempts where reseller_id = ? and duration_ms > 1000', id)).toEqual([]);
});
