import { type AttemptResult, claimDeliveries, findOverdue, recordAttempts } from '../db/deliveries.ts';
import { inGroups } from '../model/groups.ts';
import {
  CLOCK_SKEW_MS,
  QUEUE_DELAY_MAX_SECONDS,
  QUEUE_SEND_MESSAGES,
  WEBHOOK_CONNECTIONS,
  WEBHOOK_LEASE_MS,
  WEBHOOK_OVERDUE_MS,
} from '../model/limits.ts';
import { attempt } from './attempt.ts';
import type { Background } from './background.ts';

/** Attempts those of the deliveries that are due, under a lease, so that a repeated message does no harm. */
export async function deliver(background: Background, deliveryIds: readonly string[]): Promise<void> {
  const { env, session, now, newId } = background;
  const lease = newId();
  const claimed = await claimDeliveries(session, deliveryIds, {
    lease,
    dueBy: now() + CLOCK_SKEW_MS,
    until: now() + WEBHOOK_LEASE_MS,
  });
  if (claimed.length === 0) return;
  const results = await inParallel(claimed, WEBHOOK_CONNECTIONS, (delivery) => attempt(background, delivery));
  await recordAttempts(session, lease, results);
  const again = results.filter(({ state }) => state === 'pending');
  if (again.length > 0) await env.webhooks.sendBatch(again.map((result) => timer(result, now())));
}

/** Sends the deliveries on that a lost message or a dead consumer left behind. */
export async function resendOverdue({ env, session, now }: Background): Promise<void> {
  const ids = await findOverdue(session, now() - WEBHOOK_OVERDUE_MS);
  for (const chunk of inGroups(ids, QUEUE_SEND_MESSAGES)) {
    await env.webhooks.sendBatch(chunk.map((deliveryId) => ({ body: { deliveryId } })));
  }
}

/** The plan stands in D1; a message with a delay only wakes somebody up in time. */
function timer({ deliveryId, dueAt }: AttemptResult, nowMs: number) {
  const delaySeconds = Math.min(QUEUE_DELAY_MAX_SECONDS, Math.max(0, Math.ceil((dueAt - nowMs) / 1000)));
  return { body: { deliveryId }, delaySeconds };
}

async function inParallel<T, R>(items: readonly T[], width: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) results.push(await work(item));
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
