import { env } from 'cloudflare:workers';
import { uuidv7 } from 'uuidv7';
import { consume } from '../../src/delivery/consume.ts';
import type { WorkerContext } from '../../src/delivery/worker-context.ts';
import { type Env, readEnv } from '../../src/env.ts';
import { makePlace } from './outside/place.ts';
import { makeReseller, newUser, rows } from './world.ts';

export type Message = { body: Record<string, string>; delaySeconds?: number };

/** The background with a clock that the test sets and queues that only note what they were sent. */
export function stoppedWorld(nowMs = Date.now(), settings: Partial<Env> = {}) {
  const sent = { events: [] as Message[], tasks: [] as Message[], emails: [] as Message[] };
  const queue = (name: keyof typeof sent) => ({
    sendBatch: async (batch: Message[]) => void sent[name].push(...batch),
  });
  const clock = { nowMs };
  const detached: Promise<void>[] = [];
  const worker = {
    env: {
      ...readEnv(env),
      events: queue('events'),
      tasks: queue('tasks'),
      emails: queue('emails'),
      ...settings,
    },
    db: env.DB,
    now: () => clock.nowMs,
    newId: uuidv7,
    random: () => 0.5,
    fetch: (...given: Parameters<typeof fetch>) => fetch(...given),
    pause: async () => {},
    detach: (work: Promise<void>) => void detached.push(work),
  } as unknown as WorkerContext;
  /** Hands one batch of messages to the queue's consumer and waits for all that it sets off. */
  const arrive = async (messages: readonly Record<string, string>[], world = worker, name = 'tasks') => {
    const batch = { queue: `reseller-edge-${name}`, messages: messages.map((body) => ({ id: uuidv7(), body })) };
    await consume(world, batch as unknown as MessageBatch);
    await Promise.all(detached.splice(0));
  };
  return { sent, clock, worker, arrive };
}

/** The same background with other settings. */
export function withSettings(worker: WorkerContext, settings: Partial<Env>): WorkerContext {
  return { ...worker, env: { ...worker.env, ...settings } };
}

/** An event in the outbox for one endpoint, whose own message was lost. */
export async function makePending(place: { url: string } = makePlace(), fields: object = {}) {
  const { id, base, api } = await makeReseller();
  const hook = { name: 'h', url: place.url, token: 't', enabled: true, events: ['reseller.user.updated'], ...fields };
  const { body: endpoint } = await api.post('/v3/webhooks', hook);
  const { body: user } = await api.post(`${base}/users`, newUser());
  const [created] = await rows("select * from events where subject = ? and type = 'reseller.user.created'", user.id);
  /** Another event of the same kind. */
  const happen = async (occurredAt = Date.now()) => {
    const eventId = uuidv7();
    await rows(
      `insert into events (id, reseller_id, type, actor, subject, before, after, request_id, occurred_at, relay_at)
       select ?, reseller_id, 'reseller.user.updated', actor, subject, after, after, request_id, ?, 0 from events where id = ?`,
      eventId,
      occurredAt,
      created.id,
    );
    return eventId;
  };
  const eventId = await happen();
  const delivery = async (event = eventId) =>
    (await rows('select * from webhook_deliveries where event_id = ?', event))[0];
  const attempts = () =>
    rows('select * from webhook_attempts where endpoint_id = ? order by attempted_at, id', endpoint.id);
  const row = async () => (await rows('select * from webhook_endpoints where id = ?', endpoint.id))[0];
  const wake = { endpointId: endpoint.id as string };
  return { id, api, base, user, endpoint, wake, eventId, happen, delivery, attempts, row };
}
