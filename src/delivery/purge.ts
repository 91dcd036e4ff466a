import { purgeChunk } from '../domain/storage/purge.ts';
import { OBJECTS_DISCARDED } from '../model/limits/index.ts';
import { doChunks } from './chunks.ts';
import { sendTasks } from './relay.ts';
import type { WorkerContext } from './worker-context.ts';

/** Requeues itself when its time is up. After a crash, the sweep resumes it. */
export async function purge({ env, db, now, newId }: WorkerContext, storageAccountId: string): Promise<void> {
  const store = { db, blobs: env.blobs };
  const done = await doChunks({ now }, async () => {
    return (await purgeChunk(store, storageAccountId, { now: now(), newId })).objects < OBJECTS_DISCARDED;
  });
  if (!done) await sendTasks(env, [{ storageAccountId }]);
}
