import { findFanout, recordFanout } from '../db/outbox.ts';
import { eventBody } from '../dialects/index.ts';
import { inGroups } from '../model/groups.ts';
import { eachIntact } from '../model/intact.ts';
import { QUEUE_SEND_MESSAGES } from '../model/limits.ts';
import type { Background } from './background.ts';

/**
 * Makes the deliveries of these events and sends them on. Repeated messages find nothing left to do. An event that
 * cannot be shown holds up no other: it stays in the outbox until the sweep gives it up.
 */
export async function fanOut({ env, session, now, newId }: Background, eventIds: readonly string[]): Promise<void> {
  const { events, pairs } = await findFanout(session, eventIds);
  const bodies = eachIntact(events, (event) => ({ id: event.id, body: JSON.stringify(eventBody(event)) }));
  if (bodies.length === 0) return;
  const shown = new Set(bodies.map(({ id }) => id));
  const deliveries = pairs.filter(({ eventId }) => shown.has(eventId)).map((pair) => ({ id: newId(), ...pair }));
  await recordFanout(session, deliveries, bodies, now());
  for (const chunk of inGroups(deliveries, QUEUE_SEND_MESSAGES)) {
    await env.webhooks.sendBatch(chunk.map(({ id }) => ({ body: { deliveryId: id } })));
  }
}
