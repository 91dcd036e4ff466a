import { emptyChunk } from '../domain/garbage.ts';
import { REMOVAL_RUN_MS } from '../model/limits.ts';
import type { Background } from './background.ts';
import { wake } from './relay.ts';

/**
 * Empties a deleted storage account, chunk after chunk, until nothing is left or its time is up; then it queues up again.
 * Whoever dies on the way leaves what the sweep wakes the next one for.
 */
export async function empty({ env, session, now }: Background, storageAccountId: string): Promise<void> {
  const endBy = now() + REMOVAL_RUN_MS;
  do {
    const done = await emptyChunk({ session, blobs: env.blobs }, storageAccountId, now());
    if (done) return;
  } while (now() < endBy);
  await wake(env, [{ storageAccountId }]);
}
