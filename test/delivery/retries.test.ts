import { env } from 'cloudflare:workers';
import { uuidv7 } from 'uuidv7';
import { expect, test, vi } from 'vitest';
import type { Background } from '../../src/delivery/background.ts';
import { consume } from '../../src/delivery/consume.ts';
import { fanOut } from '../../src/delivery/fanout.ts';
import { relayOverdue } from '../../src/delivery/relay.ts';
import { deliver } from '../../src/delivery/webhook.ts';
import { readEnv } from '../../src/env.ts';
import { runJobs } from '../../src/jobs/index.ts';
import { RELAY_TRIES, WEBHOOK_RETRY_SECONDS } from '../../src/model/limits.ts';
import { makePlace } from '../support/place.ts';
import { makeReseller, newOrganization, newUser, rows } from '../support/world.ts';

type Message = { body: Record<string, string>; delaySeconds?: number };

/** The background with a clock that the test sets and queues that only note what they were sent. */
function stoppedWorld(nowMs = Date.now()) {
  const sent = { events: [] as Message[], webhooks: [] as Message[] };
  const queue = (name: 'events' | 'webhooks') => ({
    sendBatch: async (batch: Message[]) => void sent[name].push(...batch),
  });
  const clock = { nowMs };
  const background = {
    env: { ...readEnv(env), events: queue('events'), webhooks: queue('webhooks') },
    session: env.DB,
    now: () => clock.nowMs,
    newId: uuidv7,
    random: () => 0.5,
    fetch: (...given: Parameters<typeof fetch>) => fetch(...given),
  } as unknown as Background;
  return { sent, clock, background };
}

/** An event in the outbox for one endpoint, whose own message was lost. */
async function makePending(place = makePlace(), fields: object = {}) {
  const { id, base, api } = await makeReseller();
  const hook = { name: 'h', url: place.url, token: 't', enabled: true, events: ['reseller.user.updated'], ...fields };
  const { body: endpoint } = await api.post('/v3/webhooks', hook);
  const eventId = uuidv7();
  const { body: user } = await api.post(`${base}/users`, newUser());
  const [created] = await rows("select * from events where subject = ? and type = 'reseller.user.created'", user.id);
  await rows(
    `insert into events (id, reseller_id, type, actor, subject, before, after, request_id, occurred_at, relay_at)
     select ?, reseller_id, 'reseller.user.updated', actor, subject, after, after, request_id, ?, ? from events where id = ?`,
    eventId,
    Date.now(),
    0,
    created.id,
  );
  const delivery = async () => (await rows('select * from webhook_deliveries where event_id = ?', eventId))[0];
  const attempts = () =>
    rows(
      'select a.* from webhook_attempts a join webhook_deliveries d on d.id = a.delivery_id where d.event_id = ? order by a.id',
      eventId,
    );
  return { id, api, base, place, endpoint, eventId, delivery, attempts };
}

test('a failing receiver is tried ten times by the plan in D1, then the delivery is dead', async () => {
  const { background, sent, clock } = stoppedWorld();
  const { place, eventId, delivery, attempts, api, endpoint } = await makePending();
  await place.answer({ status: 500 });
  await fanOut(background, [eventId]);
  const { id } = await delivery();
  expect(sent.webhooks).toEqual([{ body: { deliveryId: id } }]);
  for (const [index, seconds] of WEBHOOK_RETRY_SECONDS.entries()) {
    await deliver(background, [id]);
    expect(await delivery()).toMatchObject({
      state: 'pending',
      attempts: index + 1,
      next_attempt_at: clock.nowMs + seconds * 1000,
    });
    expect(sent.webhooks.at(-1)).toEqual({ body: { deliveryId: id }, delaySeconds: seconds });
    await deliver(background, [id]);
    expect(await delivery()).toMatchObject({ attempts: index + 1 });
    clock.nowMs += seconds * 1000;
  }
  await deliver(background, [id]);
  expect(await delivery()).toMatchObject({ state: 'dead', attempts: 10 });
  expect((await attempts()).map((attempt) => attempt.status_code)).toEqual(Array(10).fill(500));
  const seen = await place.seen();
  expect(new Set(seen.map(({ body }) => body)).size).toBe(1);
  expect(new Set(seen.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([eventId]));
  expect((await api.get(`/v3/webhooks/${endpoint.id}`)).body.status).toBe('unhealthy');
  await deliver(background, [id]);
  expect(await place.seen()).toHaveLength(10);
});

test('a receiver that comes back gets the event and is healthy again', async () => {
  const { background, clock } = stoppedWorld();
  const { place, eventId, delivery, api, endpoint } = await makePending();
  await place.answer({ status: 302, headers: { location: 'http://127.0.0.1:1/' } });
  await fanOut(background, [eventId]);
  const { id } = await delivery();
  await deliver(background, [id]);
  expect(await delivery()).toMatchObject({ state: 'pending' });
  await place.answer({ status: 204 });
  clock.nowMs += 5_000;
  await deliver(background, [id]);
  expect(await delivery()).toMatchObject({ state: 'delivered', attempts: 2 });
  expect((await api.get(`/v3/webhooks/${endpoint.id}`)).body.status).toBe('healthy');
});

test('nobody there is a failed attempt with its reason', async () => {
  const { background } = stoppedWorld();
  const { eventId, delivery, attempts } = await makePending({ ...makePlace(), url: 'http://127.0.0.1:1/' });
  await fanOut(background, [eventId]);
  await deliver(background, [(await delivery()).id]);
  expect((await attempts())[0]).toMatchObject({ status_code: null, reason: 'could not connect' });
});

test('messages that come twice, at once or late, deliver once', async () => {
  const { background } = stoppedWorld();
  const { place, eventId, delivery } = await makePending();
  await Promise.all([fanOut(background, [eventId, eventId]), fanOut(background, [eventId])]);
  expect(await rows('select 1 from webhook_deliveries where event_id = ?', eventId)).toHaveLength(1);
  const { id } = await delivery();
  await Promise.all([deliver(background, [id, id]), deliver(background, [id]), deliver(background, [id])]);
  await deliver(background, [id]);
  await fanOut(background, [eventId]);
  expect(await place.seen()).toHaveLength(1);
});

test('a consumer that dies between the request and its record delivers again, never less', async () => {
  const { background, clock } = stoppedWorld();
  const { place, eventId, delivery } = await makePending();
  await fanOut(background, [eventId]);
  const { id } = await delivery();
  const dying = {
    ...background,
    session: { prepare: env.DB.prepare.bind(env.DB), batch: dieAtSecondBatch() },
  } as Background;
  await expect(deliver(dying, [id])).rejects.toThrow('lost');
  expect(await delivery()).toMatchObject({ state: 'pending', attempts: 1 });
  await deliver(background, [id]);
  expect(await place.seen()).toHaveLength(1);
  clock.nowMs += 24 * 3_600_000;
  await runJobs(background, '* * * * *');
  await deliver(background, [id]);
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
  const { background, sent, clock } = stoppedWorld();
  const { eventId } = await makePending();
  const sends = () => sent.events.filter(({ body }) => body['eventId'] === eventId).length;
  await relayOverdue(background);
  expect(sends()).toBe(1);
  await relayOverdue(background);
  expect(sends()).toBe(1);
  for (let hour = 0; hour < 80; hour++) {
    clock.nowMs += 3_600_000;
    await relayOverdue(background);
  }
  expect(sends()).toBe(RELAY_TRIES);
  expect(await rows('select reason from dead_letters where id = ?', eventId)).toEqual([
    { reason: 'relayed too often' },
  ]);
});

test('the minute sweep sends overdue deliveries again, but not those that wait their turn', async () => {
  const { background, sent, clock } = stoppedWorld();
  const { eventId, delivery, place } = await makePending();
  await fanOut(background, [eventId]);
  const { id } = await delivery();
  const resends = () => sent.webhooks.filter(({ body }) => body['deliveryId'] === id).length - 1;
  await runJobs(background, '* * * * *');
  expect(resends()).toBe(0);
  clock.nowMs += 61_000;
  await runJobs(background, '* * * * *');
  expect(resends()).toBe(1);
  expect(await place.seen()).toEqual([]);
});

test('nothing goes to a disabled endpoint until it is enabled again', async () => {
  const { background, clock } = stoppedWorld();
  const { eventId, delivery, place, api, endpoint } = await makePending();
  await fanOut(background, [eventId]);
  await api.patch(`/v3/webhooks/${endpoint.id}`, { enabled: false });
  const { id } = await delivery();
  await deliver(background, [id]);
  expect(await place.seen()).toEqual([]);
  await api.patch(`/v3/webhooks/${endpoint.id}`, { enabled: true });
  clock.nowMs += 1;
  await deliver(background, [id]);
  expect(await place.seen()).toHaveLength(1);
});

test('what the queues give up on is kept as a dead letter, once', async () => {
  const { background } = stoppedWorld();
  const message = { id: uuidv7(), body: { eventId: uuidv7() } };
  const batch = { queue: 'reseller-edge-dead', messages: [message] } as unknown as MessageBatch;
  await consume(background, batch);
  await consume(background, batch);
  expect(await rows('select message from dead_letters where id = ?', message.id)).toEqual([
    { message: JSON.stringify(message.body) },
  ]);
  await expect(consume(background, { ...batch, queue: 'unknown' } as MessageBatch)).rejects.toThrow();
});

test('the sweep takes away the users of a large deleted organization, each with its event, and survives a crash', async () => {
  const { background, sent } = stoppedWorld();
  const { id, base, api } = await makeReseller();
  const { body: organization } = await api.post(`${base}/organizations`, newOrganization());
  const insert = env.DB.prepare(
    `insert into users (id, reseller_id, organization_id, first_name, last_name, name_key, email, email_key, role, company,
       allow_customer_portal_access, created_at, updated_at)
     select value, ?1, ?2, 'a', 'b', 'a b', value, value, 'user', '', 1, 1, 1 from json_each(?3)`,
  );
  const ids = JSON.stringify(Array.from({ length: 950 }, () => uuidv7()));
  await insert.bind(id, organization.id, ids).run();
  expect((await api.delete(`${base}/organizations/${organization.id}`)).status).toBe(204);
  expect((await api.get(`${base}/users`)).body).toEqual([]);
  const broken = {
    ...background,
    env: { ...background.env, events: { sendBatch: async () => Promise.reject(new Error('down')) } },
  };
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  await runJobs(broken as unknown as Background, '* * * * *');
  expect(log).toHaveBeenCalled();
  log.mockRestore();
  await runJobs(background, '* * * * *');
  expect(await rows('select 1 from users where reseller_id = ?', id)).toEqual([]);
  expect(await rows('select 1 from organizations where id = ?', organization.id)).toEqual([]);
  const removed = await rows(
    "select distinct subject from events where reseller_id = ? and type = 'reseller.user.deleted'",
    id,
  );
  const events = await rows("select 1 from events where reseller_id = ? and type = 'reseller.user.deleted'", id);
  expect([removed.length, events.length]).toEqual([950, 950]);
  expect((await rows('select user_count from resellers where id = ?', id))[0].user_count).toBe(0);
  expect(sent.events.length).toBeGreaterThan(0);
});

test('an event that cannot be shown holds up no other, and ends as a dead letter', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { background, clock } = stoppedWorld();
  const [broken, sound] = [await makePending(), await makePending()];
  await rows(`update events set after = '{"id": 7}' where id = ?`, broken.eventId);
  await fanOut(background, [broken.eventId, sound.eventId]);
  expect([await broken.delivery(), (await sound.delivery()).state]).toEqual([undefined, 'pending']);
  for (let hour = 0; hour < 80; hour++) {
    clock.nowMs += 3_600_000;
    await relayOverdue(background);
    await fanOut(background, [broken.eventId]);
  }
  expect(await rows('select 1 from dead_letters where id = ?', broken.eventId)).toHaveLength(1);
  expect(log).toHaveBeenCalled();
  log.mockRestore();
});

test('two sweeps at once do the work once', async () => {
  const { background, sent } = stoppedWorld();
  const { eventId } = await makePending();
  await Promise.all([runJobs(background, '* * * * *'), runJobs(background, '* * * * *')]);
  await vi.waitFor(() => expect(sent.events.filter(({ body }) => body['eventId'] === eventId)).toHaveLength(1));
});
