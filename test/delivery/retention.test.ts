import { uuidv7obj } from 'uuidv7';
import { expect, test } from 'vitest';
import { fanOut } from '../../src/delivery/fanout.ts';
import { purge } from '../../src/jobs/purge.ts';
import { idAt } from '../../src/model/id.ts';
import { PURGE_ROWS } from '../../src/model/limits.ts';
import { makePlace } from '../support/place.ts';
import { makePending, stoppedWorld } from '../support/stopped-world.ts';
import { rows } from '../support/world.ts';

const DAY = 86_400_000;

const left = async (endpointId: string, eventId: string) => ({
  attempts: (await rows('select 1 from webhook_attempts where endpoint_id = ?', endpointId)).length,
  deliveries: (await rows('select 1 from webhook_deliveries where endpoint_id = ?', endpointId)).length,
  recoveries: (await rows('select 1 from webhook_recoveries where endpoint_id = ?', endpointId)).length,
  events: (await rows('select 1 from events where id = ?', eventId)).length,
});

test('events, deliveries, attempts and recoveries are kept for 30 days and then taken away', async () => {
  const { background, clock, arrive } = stoppedWorld();
  const { eventId, wake, endpoint, api } = await makePending(makePlace());
  await fanOut(background, [eventId]);
  await arrive([wake]);
  const since = new Date(Date.now() - DAY).toISOString();
  expect((await api.post(`/v3/webhooks/${endpoint.id}/recover`, { since })).status).toBe(201);
  const all = { attempts: 1, deliveries: 1, recoveries: 1, events: 1 };
  clock.nowMs += 29.9 * DAY;
  await purge(background);
  expect(await left(endpoint.id, eventId)).toEqual(all);
  clock.nowMs += 0.2 * DAY;
  await purge(background);
  expect(await left(endpoint.id, eventId)).toEqual({ attempts: 0, deliveries: 0, recoveries: 0, events: 0 });
});

test('an event stays while its fan-out is still to come, and while a delivery needs it', async () => {
  const { background, clock } = stoppedWorld();
  const { eventId, happen } = await makePending(makePlace());
  const open = await happen();
  await fanOut(background, [eventId]);
  clock.nowMs += 31 * DAY;
  const young = background.newId();
  await rows('update webhook_deliveries set id = ? where event_id = ?', `ffffffff${young.slice(8)}`, eventId);
  await purge(background);
  expect(await rows('select id from events where id in (?, ?) order by id', open, eventId)).toHaveLength(2);
});

test('each run takes a bounded share', async () => {
  const { background, clock } = stoppedWorld();
  const { id } = await makePending(makePlace());
  clock.nowMs += 100 * DAY;
  await purge(background);
  const ids = Array.from(
    { length: PURGE_ROWS + 5 },
    (_, index) => `${idAt(index)}-7000-8000-${String(index).padStart(12, '0')}`,
  );
  await rows(
    `insert into events (id, reseller_id, type, actor, subject, request_id, occurred_at)
     select value, ?, 'reseller.updated', 'a', 's', 'r', 0 from json_each(?)`,
    id,
    JSON.stringify(ids),
  );
  const old = () => rows('select 1 from events where occurred_at = 0');
  await purge(background);
  expect(await old()).toHaveLength(5);
  await purge(background);
  expect(await old()).toEqual([]);
});

test('ids sort by their time, which is how the oldest rows are found', () => {
  const at = Date.UTC(2026, 0, 1);
  const id = uuidv7obj().toString();
  expect(id > idAt(at)).toBe(true);
  expect(id < idAt(Date.now() + DAY)).toBe(true);
  expect(idAt(0)).toBe('00000000-0000');
});
