import { recordDeadLetters } from '../db/jobs.ts';
import type { DeliveryMessage, EventMessage } from '../env.ts';
import type { Background } from './background.ts';
import { fanOut } from './fanout.ts';
import { deliver } from './webhook.ts';

/** Who takes which queue's messages. A consumer that throws has its whole batch again: each may run twice. */
export const consumers: Readonly<Record<string, (background: Background, batch: MessageBatch) => Promise<void>>> = {
  'reseller-edge-events': (background, { messages }) =>
    fanOut(
      background,
      messages.map(({ body }) => (body as EventMessage).eventId),
    ),
  'reseller-edge-webhooks': (background, { messages }) =>
    deliver(
      background,
      messages.map(({ body }) => (body as DeliveryMessage).deliveryId),
    ),
  'reseller-edge-dead': ({ session, now }, { messages }) =>
    recordDeadLetters(
      session,
      messages.map(({ id, body }) => ({ id, message: JSON.stringify(body) })),
      now(),
    ),
};

/** Hands a batch to its consumer. Throws for a queue that nobody knows, so that its messages are kept. */
export async function consume(background: Background, batch: MessageBatch): Promise<void> {
  const consumer = consumers[batch.queue];
  if (consumer === undefined) throw new Error(`no consumer for the queue ${batch.queue}`);
  await consumer(background, batch);
}
