import { expect, test, vi } from 'vitest';
import { fanOut } from '../../src/delivery/fanout.ts';
import { recover } from '../../src/delivery/recovery-scan.ts';
import { runJobs } from '../../src/jobs/index.ts';
import { RELAY_TRIES, WEBHOOK_RETRY_SECONDS } from '../../src/model/limits/index.ts';
import { makePlace } from '../support/outside/place.ts';
import { makePending, stoppedWorld } from '../support/stopped-world.ts';
import { makeReseller, newOrganization, rows } from '../support/world.ts';

const patience = { timeout: 20_000, interval: 50 };
const longAgo = new Date(Date.now() - 86_400_000).toISOString();

/** An endpoint that took one event, lost one for good, is about to retry one, and never heard of one. */
async function makeLossy() {
  const world = stoppedWorld();
  const place = makePlace();
  const pending = await makePending(place);
  const { api, endpoint, happen, wake } = pending;
  const [taken, dead, failed] = [pending.eventId, await happen(), await happen()];
  await fanOut(world.worker, [taken]);
  await world.arrive([wake]);
  await place.answer({ status: 500 });
  await fanOut(world.worker, [dead, failed]);
  await world.arrive([wake]);
  await rows("update webhook_deliveries set state = 'dead', next_attempt_at = null where event_id = ?", dead);
  await api.patch(`/v3/webhooks/${endpoint.id}`, { enabled: false });
  const missed = await happen();
  await fanOut(world.worker, [missed]);
  await rows('update webhook_endpoints set enabled = 1 where id = ?', endpoint.id);
  await rows('update webhook_deliveries set next_attempt_at = ? where event_id = ?', Date.now() + 3_600_000, failed);
  await place.answer({ status: 200 });
  const start = (body?: object) => api.post(`/v3/webhooks/${endpoint.id}/recover`, body);
  const progress = async (id: string) => (await api.get(`/v3/webhooks/${endpoint.id}/recoveries/${id}`)).body;
  const arrived = async () => (await place.seen()).map(({ headers }) => headers['webhook-id'] ?? '');
  return { ...world, ...pending, place, taken, dead, failed, missed, start, progress, arrived };
}

test('a recovery brings what failed and what was missed, once each, and says how far it is', async () => {
  const { start, progress, arrived, taken, dead, failed, missed, endpoint } = await makeLossy();
  const { status, body } = await start({ since: longAgo });
  expect([status, body]).toEqual([
    201,
    {
      id: body.id,
      createdAt: body.createdAt,
      webhookId: endpoint.id,
      since: longAgo,
      status: 'running',
      found: 0,
      queued: 0,
      delivered: 0,
      failed: 0,
    },
  ]);
  await vi.waitFor(
    async () => expect(await progress(body.id)).toEqual({ ...body, status: 'done', found: 3, delivered: 3 }),
    patience,
  );
  const ids = await arrived();
  expect(ids.filter((id) => id === taken)).toHaveLength(1);
  for (const id of [dead, failed]) expect(ids.filter((seen) => seen === id)).toHaveLength(2);
  expect(ids.filter((id) => id === missed)).toHaveLength(1);
});

test('what fails again is counted as failed, and found by the next recovery', async () => {
  const { start, progress, place, endpoint } = await makeLossy();
  await place.answer({ status: 500, headers: { 'webhook-delivery': 'abort-message' } });
  const { body } = await start({ since: longAgo });
  await vi.waitFor(
    async () => expect(await progress(body.id)).toMatchObject({ status: 'done', found: 3, failed: 3 }),
    patience,
  );
  await place.answer({ status: 200, headers: {} });
  const { body: second } = await start({ since: longAgo });
  await vi.waitFor(
    async () => expect(await progress(second.id)).toMatchObject({ status: 'done', found: 3, delivered: 3 }),
    patience,
  );
  expect(
    await rows("select 1 from webhook_deliveries where endpoint_id = ? and state <> 'delivered'", endpoint.id),
  ).toEqual([]);
});

test('without a time it finds all that was missed when the endpoint was switched off', async () => {
  const { start, progress, row, api, endpoint, happen, arrived, worker } = await makeLossy();
  const inFlight = await happen();
  await api.patch(`/v3/webhooks/${endpoint.id}`, { enabled: false });
  await fanOut(worker, [inFlight]);
  await api.patch(`/v3/webhooks/${endpoint.id}`, { enabled: true });
  const { body } = await start();
  await vi.waitFor(async () => expect(await progress(body.id)).toMatchObject({ status: 'done', failed: 0 }), patience);
  expect(await arrived()).toContain(inFlight);
  expect((await row()).missed_since).toBeNull();
  expect(await start()).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } });
});

test('without a time it finds what was given up, however much succeeded meanwhile', async () => {
  const { worker, clock, arrive } = stoppedWorld();
  const place = makePlace();
  const { api, endpoint, eventId, happen, wake } = await makePending(place);
  await fanOut(worker, [eventId]);
  for (const seconds of [0, ...WEBHOOK_RETRY_SECONDS]) {
    clock.nowMs += seconds * 1000;
    await place.answer({ status: 500 });
    await arrive([wake]);
    await place.answer({ status: 200 });
    await fanOut(worker, [await happen()]);
    await arrive([wake]);
  }
  expect(await rows('select state from webhook_deliveries where event_id = ?', eventId)).toEqual([{ state: 'dead' }]);
  const { status, body } = await api.post(`/v3/webhooks/${endpoint.id}/recover`);
  expect(status).toBe(201);
  const address = `/v3/webhooks/${endpoint.id}/recoveries/${body.id}`;
  await vi.waitFor(
    async () => expect((await api.get(address)).body).toMatchObject({ status: 'done', found: 1, delivered: 1 }),
    patience,
  );
});

test('only what happened since then, and only what the endpoint listens to', async () => {
  const { start, progress, api, base, arrived } = await makeLossy();
  await api.post(`${base}/organizations`, newOrganization());
  const before = (await arrived()).length;
  const { body } = await start({ since: new Date().toISOString() });
  await vi.waitFor(async () => expect(await progress(body.id)).toMatchObject({ status: 'done', found: 0 }), patience);
  expect(await arrived()).toHaveLength(before);
});

test('one at a time, only for an enabled endpoint, and not into the future', async () => {
  const { start, api, endpoint } = await makeLossy();
  await rows(
    `insert into webhook_recoveries (id, endpoint_id, since, cursor, upto, created_at, updated_at) values (?, ?, 0, 0, 9, 0, ?)`,
    crypto.randomUUID(),
    endpoint.id,
    Date.now() + 1e9,
  );
  expect(await start({ since: longAgo })).toMatchObject({ status: 409, body: { code: 'RECOVERY_RUNNING' } });
  expect(await start({ since: new Date(Date.now() + 60_000).toISOString() })).toMatchObject({ status: 400 });
  expect(await start({ since: 'yesterday' })).toMatchObject({ status: 400 });
  await api.patch(`/v3/webhooks/${endpoint.id}`, { enabled: false });
  expect(await start({ since: longAgo })).toMatchObject({ status: 409, body: { code: 'WEBHOOK_DISABLED' } });
});

test('another reseller finds neither the webhook nor its recovery', async () => {
  const { start, endpoint } = await makeLossy();
  const { body } = await start({ since: longAgo });
  const { api } = await makeReseller();
  expect((await api.post(`/v3/webhooks/${endpoint.id}/recover`, { since: longAgo })).body.code).toBe(
    'WEBHOOK_NOT_FOUND',
  );
  expect((await api.get(`/v3/webhooks/${endpoint.id}/recoveries/${body.id}`)).status).toBe(404);
});

test('a recovery that was left half-way is finished by the sweep, and thousands of events take their time', async () => {
  const { worker, clock, sent, endpoint, start, arrive, id } = await makeLossy();
  await rows(
    `insert into events (id, reseller_id, type, actor, subject, after, request_id, occurred_at, body)
     select value, ?, 'reseller.user.updated', 'a', 's', '{}', 'r', ?, '{}' from json_each(?)`,
    id,
    Date.now(),
    JSON.stringify(Array.from({ length: 2500 }, () => worker.newId())),
  );
  await rows('update webhook_endpoints set url = ? where id = ?', 'http://127.0.0.1:1/', endpoint.id);
  const { body } = await start({ since: longAgo });
  clock.nowMs += 120_000;
  await rows('update webhook_recoveries set cursor = 0 where id = ?', body.id);
  await runJobs(worker, '* * * * *');
  expect(sent.tasks.map(({ body: message }) => message)).toContainEqual({ recoveryId: body.id });
  await Promise.all([arrive([{ recoveryId: body.id }]), recover(worker, body.id)]);
  const [{ count }] = await rows('select count(*) as count from webhook_deliveries where recovery_id = ?', body.id);
  expect(count).toBe(2503);
});

test('an event that no fan-out ever took is taken up again', async () => {
  const { worker, clock, arrive, happen, start, sent, missed, arrived, wake } = await makeLossy();
  const buried = await happen();
  await rows('update events set relays = ? where id = ?', RELAY_TRIES, buried);
  await runJobs(worker, '* * * * *');
  expect(await rows('select reason from dead_letters where id = ?', buried)).toHaveLength(1);
  const { body } = await start({ since: longAgo });
  await arrive([{ recoveryId: body.id }]);
  clock.nowMs += 60_000;
  await runJobs(worker, '* * * * *');
  expect(sent.events).toContainEqual({ body: { eventId: buried } });
  await fanOut(worker, [buried]);
  await arrive([wake]);
  await vi.waitFor(async () => expect(await arrived()).toEqual(expect.arrayContaining([buried, missed])), patience);
});

test('a recovery from later on leaves the rest to be recovered', async () => {
  const { start, row } = await makeLossy();
  const { missed_since: since } = await row();
  expect((await start({ since: new Date(since + 1).toISOString() })).status).toBe(201);
  expect((await row()).missed_since).toBe(since);
});

test('what happened before there was a webhook is never sent', async () => {
  const { api, base } = await makeReseller();
  await api.post(`${base}/organizations`, newOrganization());
  const place = makePlace();
  const hook = { name: 'h', url: place.url, token: 't', enabled: true, events: ['reseller.organization.created'] };
  const { body: endpoint } = await api.post('/v3/webhooks', hook);
  const { body } = await api.post(`/v3/webhooks/${endpoint.id}/recover`, { since: longAgo });
  const address = `/v3/webhooks/${endpoint.id}/recoveries/${body.id}`;
  await vi.waitFor(
    async () => expect((await api.get(address)).body).toMatchObject({ status: 'done', found: 0 }),
    patience,
  );
  expect(await place.seen()).toEqual([]);
});
