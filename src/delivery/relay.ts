import { buryUnrelayed, findUnrelayed, markRelayed } from '../db/outbox.ts';
import type { Env } from '../env.ts';
import { inGroups } from '../model/groups.ts';
import { QUEUE_SEND_MESSAGES } from '../model/limits.ts';
import type { Background } from './background.ts';

/** Sends events to the fan-out right after their commit. What fails here is left to the sweep. */
export async function relay(env: Env, eventIds: readonly string[]): Promise<void> {
  for (const chunk of inGroups(eventIds, QUEUE_SEND_MESSAGES)) {
    await env.events.sendBatch(chunk.map((eventId) => ({ body: { eventId } })));
  }
}

/** Sends, then marks: a crash in between repeats a message and loses none. */
export async function relayOverdue({ env, session, now }: Background): Promise<void> {
  await buryUnrelayed(session, now());
  const eventIds = await findUnrelayed(session, now());
  if (eventIds.length === 0) return;
  await relay(env, eventIds);
  await markRelayed(session, eventIds, now());
}
