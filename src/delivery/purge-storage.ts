import { purgeAccountChunk } from '../domain/storage/purge.ts';
import { OBJECT_DELETE_CHUNK } from '../model/limits/index.ts';
import { sendTasks } from './relay.ts';
import { runChunks } from './run-chunks.ts';
import type { WorkerContext } from './worker-context.ts';

/** Requeues itself when its time is up. After a crash, the sweep resumes it. */
export async function purgeStorageAccount(
  { env, db, now, newId }: WorkerContext,
  storageAccountId: string,
): Promise<void> {
  const store = { db, blobs: env.blobs };
  const done = await runChunks({ now }, async () => {
    return (await purgeAccountChunk(store, storageAccountId, { now: now(), newId })).objects < OBJECT_DELETE_CHUNK;
  });
  if (!done) await sendTasks(env, [{ storageAccountId }]);
}
