import { removeOrganizationChunk } from '../domain/resellers/deleted-organizations.ts';
import { logFault } from '../model/log.ts';
import { relay, sendTasks } from './relay.ts';
import { runChunks } from './run-chunks.ts';
import type { WorkerContext } from './worker-context.ts';

/** Requeues itself when its time is up. After a crash, the sweep resumes it. */
export async function runOrganizationRemoval(
  { env, db, now, newId }: WorkerContext,
  organizationId: string,
): Promise<void> {
  const done = await runChunks({ now }, async () => {
    const chunk = await removeOrganizationChunk(db, organizationId, { now: now(), newId });
    // The sweep retries events in the outbox.
    await relay(env, chunk.eventIds).catch((error) => logFault('relay', error));
    return chunk.done;
  });
  if (!done) await sendTasks(env, [{ organizationId }]);
}
