import { expect, test } from 'vitest';
import type { Background } from '../../src/delivery/background.ts';
import { fanOut } from '../../src/delivery/fanout.ts';
import { WEBHOOK_CONNECTIONS, WEBHOOK_DRAIN_MS } from '../../src/model/limits.ts';
import { makePlace } from '../support/place.ts';
import { makePending, stoppedWorld } from '../support/stopped-world.ts';
import { makeReseller, newOrganization, rows } from '../support/world.ts';

/** The background with a network that counts its open connections and answers when it is told to. */
function countingWorld() {
  const world = stoppedWorld();
  const open = { now: 0, most: 0, total: 0 };
  const background = {
    ...world.background,
    fetch: async (...given: Parameters<typeof fetch>) => {
      open.now += 1;
      open.total += 1;
      open.most = Math.max(open.most, open.now);
      return fetch(...given).finally(() => {
        open.now -= 1;
      });
    },
  } as Background;
  return { ...world, background, open };
}

test('a consumer never has more than six connections open, whatever its batch names', async () => {
  const { background, arrive, open } = countingWorld();
  const place = makePlace();
  await place.answer({ status: 200, delayMs: 20 });
  const endpoints = await Promise.all(Array.from({ length: 6 }, () => makePending(place)));
  for (const { eventId, happen } of endpoints) {
    await fanOut(background, [eventId, await happen(), await happen()]);
  }
  await arrive(
    endpoints.map(({ wake }) => wake),
    background,
  );
  expect(open).toEqual({ now: 0, most: WEBHOOK_CONNECTIONS, total: 18 });
});

test('one endpoint alone has all six, and thirty deliveries at a time', async () => {
  const { background, arrive, open } = countingWorld();
  const place = makePlace();
  await place.answer({ status: 200, delayMs: 5 });
  const { eventId, happen, wake } = await makePending(place);
  const more = await Promise.all(Array.from({ length: 39 }, () => happen()));
  await fanOut(background, [eventId, ...more]);
  await arrive([wake], background);
  expect(open).toEqual({ now: 0, most: WEBHOOK_CONNECTIONS, total: 40 });
  expect(await place.seen()).toHaveLength(40);
});

test('an endpoint is served by one consumer at a time', async () => {
  const { background, arrive, open } = countingWorld();
  const place = makePlace();
  await place.answer({ status: 200, delayMs: 50 });
  const { eventId, happen, wake } = await makePending(place);
  await fanOut(background, [eventId, ...(await Promise.all(Array.from({ length: 19 }, () => happen())))]);
  await Promise.all([arrive([wake], background), arrive([wake], background), arrive([wake], background)]);
  expect(open).toEqual({ now: 0, most: WEBHOOK_CONNECTIONS, total: 20 });
});

test('whoever serves an endpoint finds what comes meanwhile, and nobody else is woken for it', async () => {
  const { background, arrive, sent, open } = countingWorld();
  const place = makePlace();
  const { eventId, happen, wake } = await makePending(place);
  await fanOut(background, [eventId]);
  const second = await happen();
  let arrivedMeanwhile = false;
  const busy = {
    ...background,
    fetch: async (...given: Parameters<typeof fetch>) => {
      const first = !arrivedMeanwhile;
      arrivedMeanwhile = true;
      if (first) await fanOut(background, [second]);
      return background.fetch(...given);
    },
  } as Background;
  await arrive([wake], busy);
  expect(open.total).toBe(2);
  expect(sent.webhooks.filter(({ body }) => body['endpointId'] === wake.endpointId)).toHaveLength(1);
});

test('a consumer whose time is up gives back what it has not begun, and has the endpoint woken again', async () => {
  const { background, arrive, sent, clock, open } = countingWorld();
  const place = makePlace();
  const { eventId, happen, wake, delivery, row } = await makePending(place);
  const events = [eventId, ...(await Promise.all(Array.from({ length: 9 }, () => happen())))];
  await fanOut(background, events);
  const slow = {
    ...background,
    fetch: async (...given: Parameters<typeof fetch>) => {
      const reply = await background.fetch(...given);
      clock.nowMs += WEBHOOK_DRAIN_MS;
      return reply;
    },
  } as Background;
  await arrive([wake], slow);
  expect(open.total).toBe(WEBHOOK_CONNECTIONS);
  const deliveries = await Promise.all(events.map((event) => delivery(event)));
  const waiting = deliveries.filter(({ state }) => state === 'pending');
  expect(waiting).toHaveLength(4);
  for (const one of waiting)
    expect(one).toMatchObject({ attempts: 0, lease: null, next_attempt_at: expect.any(Number) });
  expect(await row()).toMatchObject({ lease: null, leased_until: 0 });
  expect(sent.webhooks.at(-1)).toEqual({ body: wake, delaySeconds: 0 });
  await arrive([wake], background);
  expect(open.total).toBe(10);
});

test('through the real queue, an endpoint that does not answer holds up nobody', async () => {
  const { id, api, base } = await makeReseller();
  const [slow, quick] = [makePlace(), makePlace()];
  await slow.answer({ status: 200, delayMs: 5_000 });
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
