import { findFanout, recordFanout } from '../db/outbox.ts';
import { eventBody } from '../dialects/index.ts';
import type { Background } from './background.ts';
import { chunks } from './relay.ts';

/** Makes the deliveries of these events and sends them on. Repeated messages find nothing left to do. */
export async function fanOut({ env, session, now, newId }: Background, eventIds: readonly string[]): Promise<void> {
  const { events, pairs } = await findFanout(session, eventIds);
  if (events.length === 0) return;
  const deliveries = pairs.map((pair) => ({ id: newId(), ...pair }));
  const bodies = events.map((event) => ({ id: event.id, body: JSON.stringify(eventBody(event)) }));
  await recordFanout(session, deliveries, bodies, now());
  for (const chunk of chunks(deliveries)) {
    await env.webhooks.sendBatch(chunk.map(({ id }) => ({ body: { deliveryId: id } })));
  }
}
