import type { Background } from '../delivery/background.ts';
import { relay } from '../delivery/relay.ts';
import { findDeletedResellers, removeResellerChunk } from '../domain/resellers/deleted-resellers.ts';
import { JOB_CHUNKS } from '../model/limits/index.ts';
import { logFault } from '../model/log.ts';
import type { Chunk, Job } from './job.ts';

/** Releases the members of deleted resellers, and after a while takes away all that was beneath them. */
export const deletedResellers: Job = {
  name: 'deleted-resellers',
  chunks: JOB_CHUNKS,
  steps: async ({ session, now }) =>
    (await findDeletedResellers(session, now())).map((id) => ({
      name: id,
      chunk: (background) => removeSome(background, id),
    })),
};

async function removeSome({ env, session, now, newId }: Background, resellerId: string): Promise<Chunk> {
  const { counts, eventIds } = await removeResellerChunk({ session, blobs: env.blobs }, resellerId, {
    now: now(),
    newId,
  });
  // They stand in the outbox, where the sweep finds them.
  await relay(env, eventIds).catch((error) => logFault('relay', error));
  return { counts, more: Object.values(counts).some((rows) => rows > 0) };
}
