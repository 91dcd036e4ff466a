import { uuidv7obj } from 'uuidv7';
import { expect, test } from 'vitest';
import { expireChunk, RETENTION_RULES } from '../../src/db/jobs/expire.ts';
import { fanOut } from '../../src/delivery/fanout.ts';
import { sendOverdueTasks } from '../../src/delivery/relay.ts';
import { expire } from '../../src/jobs/expire.ts';
import { runJob } from '../../src/jobs/run.ts';
import { idPrefixAt } from '../../src/model/id-prefix.ts';
import { PURGE_CHUNKS, PURGE_ROWS, REQUEST_ROWS_MAX } from '../../src/model/limits/index.ts';
import { rowsReadBy } from '../support/measures/rows-read.ts';
import { makePlace } from '../support/outside/place.ts';
import { makeInvited } from '../support/people/invited.ts';
import { makePending, stoppedWorld } from '../support/stopped-world.ts';
import { rows } from '../support/world.ts';

const DAY = 86_400_000;

const left = async (endpointId: string) => ({
  attempts: (await rows('select 1 from webhook_attempts where endpoint_id = ?', endpointId)).length,
  deliveries: (await rows('select 1 from webhook_deliveries where endpoint_id = ?', endpointId)).length,
  recoveries: (await rows('select 1 from webhook_recoveries where endpoint_id = ?', endpointId)).length,
});

test('deliveries, attempts and recoveries are kept for 30 days and then taken away', async () => {
  const { worker, clock, arrive } = stoppedWorld();
  const { eventId, wake, endpoint, api } = await makePending(makePlace());
  await fanOut(worker, [eventId]);
  await arrive([wake]);
  const since = new Date(Date.now() - DAY).toISOString();
  expect((await api.post(`/v3/webhooks/${endpoint.id}/recover`, { since })).status).toBe(201);
  const all = { attempts: 1, deliveries: 1, recoveries: 1 };
  clock.nowMs += 29.9 * DAY;
  await runJob(worker, expire);
  expect(await left(endpoint.id)).toEqual(all);
  clock.nowMs += 0.2 * DAY;
  await runJob(worker, expire);
  expect(await left(endpoint.id)).toEqual({ attempts: 0, deliveries: 0, recoveries: 0 });
});

test('an event is sent again for 30 days, by a redelivery or a recovery, and then refused', async () => {
  const { worker, arrive } = stoppedWorld();
  const { eventId, wake, endpoint, api, happen } = await makePending(makePlace());
  await fanOut(worker, [eventId]);
  await arrive([wake]);
  const [log] = (await api.get('/v3/webhook-event-logs')).body;
  const redeliver = () => api.post(`/v3/webhook-event-logs/${log.id}/redeliver`);
  expect((await redeliver()).status).toBe(201);
  // A recovery made the delivery later than its event.
  const old = `${idPrefixAt(Date.now() - 30 * DAY - 1)}${eventId.slice(13)}`;
  await rows(
    `insert into events (id, reseller_id, type, actor, subject, after, request_id, occurred_at, body)
     select ?, reseller_id, type, actor, subject, after, request_id, occurred_at, body from events where id = ?`,
    old,
    eventId,
  );
  await rows('update webhook_deliveries set event_id = ? where event_id = ?', old, eventId);
  expect(await redeliver()).toMatchObject({ status: 409, body: { code: 'EVENT_TOO_OLD' } });

  const recover = (body?: object) => api.post(`/v3/webhooks/${endpoint.id}/recover`, body);
  const tooEarly = new Date(Date.now() - 30 * DAY - 1000).toISOString();
  expect(await recover({ since: tooEarly })).toMatchObject({
    status: 400,
    body: { code: 'VALIDATION_FAILED', errors: [{ field: 'since', message: 'Must lie within the last 30 days.' }] },
  });
  expect(await recover({ since: new Date(0).toISOString() })).toMatchObject({ status: 400 });

  // Without a time it begins with what may still be sent.
  const lost = await happen(Date.now() - 31 * DAY);
  await rows('update events set relay_at = null where id = ?', lost);
  await rows('update webhook_endpoints set missed_since = 1 where id = ?', endpoint.id);
  const { status, body } = await recover();
  expect([status, Date.parse(body.since)]).toEqual([
    201,
    expect.toSatisfy((ms: number) => ms > Date.now() - 30.1 * DAY),
  ]);
  await rows('update webhook_recoveries set since = 1, cursor = 0 where id = ?', body.id);
  await arrive([{ recoveryId: body.id }]);
  expect(await rows('select 1 from webhook_deliveries where event_id = ?', lost)).toEqual([]);
});

test('each run takes a bounded share', async () => {
  const { worker } = stoppedWorld();
  await runJob(worker, expire);
  const count = PURGE_ROWS * PURGE_CHUNKS;
  const keys = Array.from({ length: count }, (_, index) => String(index));
  await rows(
    `insert into idempotency_keys (credential, key, fingerprint, status, sealed_body, expires_at)
     select 'bounded', value, 'f', 201, 's', 1 from json_each(?)`,
    JSON.stringify(keys),
  );
  const old = async () =>
    (await rows("select count(*) as left from idempotency_keys where credential = 'bounded'"))[0].left;
  await runJob(worker, expire);
  const left = await old();
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(count / 10);
  await runJob(worker, expire);
  expect(await old()).toBe(0);
});

test('a deleted webhook is gone for callers at once, and its rows when they are old', async () => {
  const { worker, clock, arrive } = stoppedWorld();
  const place = makePlace();
  const { eventId, wake, endpoint, api, happen } = await makePending(place);
  await fanOut(worker, [eventId, await happen()]);
  await arrive([wake]);
  const path = `/v3/webhooks/${endpoint.id}`;
  const [log] = (await api.get('/v3/webhook-event-logs')).body;
  expect((await api.delete(path)).status).toBe(204);
  expect((await api.delete(path)).status).toBe(404);
  expect((await api.get('/v3/webhooks')).body).toEqual([]);
  expect((await api.post(`${path}/test`)).status).toBe(404);
  expect((await api.post(`/v3/webhook-event-logs/${log.id}/redeliver`)).status).toBe(404);
  expect((await api.get('/v3/webhook-event-logs')).body).toHaveLength(2);
  await fanOut(worker, [await happen()]);
  await arrive([wake]);
  expect(await place.seen()).toHaveLength(2);
  await runJob(worker, expire);
  expect(await left(endpoint.id)).toMatchObject({ deliveries: 2, attempts: 2 });
  clock.nowMs += 31 * DAY;
  await runJob(worker, expire);
  expect(await rows('select 1 from webhook_endpoints where id = ?', endpoint.id)).toEqual([]);
});

test('a tenant that makes webhooks and deletes them, with events on their way, makes no minute longer', async () => {
  const { worker, clock } = stoppedWorld();
  const { eventId, endpoint, api, id } = await makePending(makePlace());
  await fanOut(worker, [eventId]);
  expect((await api.delete(`/v3/webhooks/${endpoint.id}`)).status).toBe(204);
  const columns =
    'reseller_id, name, name_key, url, sealed_token, enabled, events, status, after_seq, created_at, updated_at, deleted_at';
  const count = REQUEST_ROWS_MAX;
  await rows(
    `with recursive n (i) as (select 1 union all select i + 1 from n where i < ?1)
     insert into webhook_endpoints (id, ${columns}) select ?2 || '-' || i, ${columns} from n, webhook_endpoints where id = ?2`,
    count,
    endpoint.id,
  );
  await rows(
    `insert into webhook_deliveries (id, event_id, endpoint_id, event_type, state, next_attempt_at, resumed_at, created_at)
     select id, ?1, id, 't', 'pending', 0, 1, ?3 from webhook_endpoints where id like ?2`,
    eventId,
    `${endpoint.id}-%`,
    clock.nowMs,
  );
  for (let minute = 0; minute < 5; minute++) {
    await runJob(worker, expire);
    clock.nowMs += 60_000;
  }
  const read = await rowsReadBy(async (db) => {
    await sendOverdueTasks({ ...worker, db });
    for (const kind of ['webhookEndpoints', 'webhookDeliveries'])
      await expireChunk(db, RETENTION_RULES[kind]!, clock.nowMs);
  });
  expect(read).toBeLessThan(count);
  clock.nowMs += 31 * DAY;
  for (let minute = 0; minute < 5; minute++) {
    await runJob(worker, expire);
    clock.nowMs += 60_000;
  }
  expect(await rows('select 1 from webhook_endpoints where reseller_id = ?', id)).toEqual([]);
});

test('kept answers and revoked tokens go when they have run out', async () => {
  const { worker } = stoppedWorld();
  await rows("insert into revoked_tokens (jti, expires_at) values ('old', 1), ('new', 9e15)");
  await rows(
    "insert into idempotency_keys (credential, key, fingerprint, status, sealed_body, expires_at) values ('c', 'old', 'f', 201, 's', 1), ('c', 'new', 'f', 201, 's', 9e15)",
  );
  await runJob(worker, expire);
  expect(await rows("select jti from revoked_tokens where jti in ('old', 'new')")).toEqual([{ jti: 'new' }]);
  expect(await rows("select key from idempotency_keys where credential = 'c'")).toEqual([{ key: 'new' }]);
});

test('the record of a mail and a link that has run out are kept for 30 days, a session until it ends', async () => {
  const { worker, clock, deliver, relay, mails, links, userId } = await makeInvited();
  await deliver(await relay());
  const sessions = () => rows('select id from sessions where user_id = ?', userId);
  await rows(
    'insert into sessions (id, user_id, created_at, expires_at, ended_at) values (?, ?, 1, ?, null)',
    userId,
    userId,
    clock.nowMs + 10 * DAY,
  );
  const counts = async () => [(await mails()).length, (await links()).length, (await sessions()).length];
  for (const [days, expected] of [
    [9.9, [1, 1, 1]],
    [20, [1, 1, 0]],
    [0.2, [0, 1, 0]],
    [6.8, [0, 1, 0]],
    [0.2, [0, 0, 0]],
  ] as const) {
    clock.nowMs += days * DAY;
    await runJob(worker, expire);
    expect(await counts()).toEqual(expected);
  }
});

test('a mail that is still to be sent is kept, however old', async () => {
  const { worker, clock, relay, mails } = await makeInvited();
  await relay();
  clock.nowMs += 40 * DAY;
  await runJob(worker, expire);
  expect(await mails()).toHaveLength(1);
});

test('ids sort by their time, which is how the oldest rows are found', () => {
  const at = Date.UTC(2026, 0, 1);
  const id = uuidv7obj().toString();
  expect(id > idPrefixAt(at)).toBe(true);
  expect(id < idPrefixAt(Date.now() + DAY)).toBe(true);
  expect(idPrefixAt(0)).toBe('00000000-0000');
});
