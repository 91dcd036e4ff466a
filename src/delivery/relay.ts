import { findUnrelayed, markRelayed } from '../db/outbox.ts';
import type { Env } from '../env.ts';
import { QUEUE_SEND_MESSAGES } from '../model/limits.ts';
import type { Background } from './background.ts';

/** Sends events to the fan-out right after their commit. What fails here is left to the sweep. */
export async function relay(env: Env, eventIds: readonly string[]): Promise<void> {
  for (const chunk of chunks(eventIds)) {
    await env.events.sendBatch(chunk.map((eventId) => ({ body: { eventId } })));
  }
}

/** Sends, then marks: a crash in between repeats a message and loses none. */
export async function relayOverdue({ env, session, now }: Background): Promise<void> {
  const eventIds = await findUnrelayed(session, now());
  if (eventIds.length === 0) return;
  await relay(env, eventIds);
  await markRelayed(session, eventIds, now());
}

/** Groups that one `sendBatch` can carry. */
export function chunks<T>(items: readonly T[]): T[][] {
  const groups: T[][] = [];
  for (let from = 0; from < items.length; from += QUEUE_SEND_MESSAGES) {
    groups.push(items.slice(from, from + QUEUE_SEND_MESSAGES));
  }
  return groups;
}
