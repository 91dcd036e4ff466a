import { relay } from '../delivery/relay.ts';
import type { WorkerContext } from '../delivery/worker-context.ts';
import { findDeletedResellers, removeResellerChunk } from '../domain/resellers/deleted-resellers.ts';
import { JOB_CHUNKS } from '../model/limits/index.ts';
import { logFault } from '../model/log.ts';
import type { ChunkResult, Job } from './job.ts';

export const deletedResellers: Job = {
  name: 'deleted-resellers',
  chunks: JOB_CHUNKS,
  steps: async ({ db, now }) =>
    (await findDeletedResellers(db, now())).map((id) => ({
      name: id,
      chunk: (worker) => removeChunk(worker, id),
    })),
};

async function removeChunk({ env, db, now, newId }: WorkerContext, resellerId: string): Promise<ChunkResult> {
  const { counts, eventIds } = await removeResellerChunk({ db, blobs: env.blobs }, resellerId, {
    now: now(),
    newId,
  });
  // The sweep retries events in the outbox.
  await relay(env, eventIds).catch((error) => logFault('relay', error));
  return { counts, more: Object.values(counts).some((rows) => rows > 0) };
}
