import { removeOrganizationChunk } from '../domain/resellers/deleted-organizations.ts';
import { logFault } from '../model/log.ts';
import { doChunks } from './chunks.ts';
import { relay, sendTasks } from './relay.ts';
import type { WorkerContext } from './worker-context.ts';

/**
 * Removes the users of a deleted organization, chunk after chunk, until none is left or its time is up; then it queues up
 * again. Whoever dies on the way leaves whole chunks, and the sweep wakes the next.
 */
export async function remove({ env, db, now, newId }: WorkerContext, organizationId: string): Promise<void> {
  const done = await doChunks({ now }, async () => {
    const chunk = await removeOrganizationChunk(db, organizationId, { now: now(), newId });
    // They stand in the outbox, where the sweep finds them.
    await relay(env, chunk.eventIds).catch((error) => logFault('relay', error));
    return chunk.done;
  });
  if (!done) await sendTasks(env, [{ organizationId }]);
}
