import { purgeAccountChunk } from '../domain/storage/purge.ts';
import { OBJECTS_DISCARDED } from '../model/limits/index.ts';
import { doChunks } from './chunks.ts';
import { sendTasks } from './relay.ts';
import type { WorkerContext } from './worker-context.ts';

/**
 * Empties a deleted storage account, chunk after chunk, until nothing is left or its time is up; then it queues up again.
 * Whoever dies on the way leaves what the sweep wakes the next one for.
 */
export async function purge({ env, db, now, newId }: WorkerContext, storageAccountId: string): Promise<void> {
  const store = { db, blobs: env.blobs };
  const done = await doChunks({ now }, async () => {
    return (await purgeAccountChunk(store, storageAccountId, { now: now(), newId })).objects < OBJECTS_DISCARDED;
  });
  if (!done) await sendTasks(env, [{ storageAccountId }]);
}
