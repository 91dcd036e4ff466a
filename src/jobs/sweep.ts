import { underLease } from '../db/jobs.ts';
import { findDeletedOrganizations } from '../db/removal.ts';
import type { Background } from '../delivery/background.ts';
import { relay, relayOverdue, wakeOverdue } from '../delivery/relay.ts';
import { removeChunk } from '../domain/removal.ts';
import { REMOVAL_CHUNKS_PER_SWEEP, SWEEP_LEASE_MS } from '../model/limits.ts';
import { logFault } from '../model/log.ts';

/** Each minute: takes up whatever a lost message or a crash left lying. What fails of it keeps nothing else waiting. */
export async function sweep(background: Background): Promise<void> {
  const now = background.now();
  await underLease(background.session, { name: 'sweep', now, until: now + SWEEP_LEASE_MS }, async () => {
    await attempt('relay', () => relayOverdue(background));
    await attempt('deliveries', () => wakeOverdue(background));
    await finishRemovals(background);
  });
}

async function finishRemovals(background: Background): Promise<void> {
  const organizations = await findDeletedOrganizations(background.session, REMOVAL_CHUNKS_PER_SWEEP);
  const budget = { chunks: REMOVAL_CHUNKS_PER_SWEEP };
  for (const id of organizations) await attempt('removal', () => finishRemoval(background, id, budget));
}

async function finishRemoval(
  { env, session, now, newId }: Background,
  organizationId: string,
  budget: { chunks: number },
): Promise<void> {
  for (let done = false; !done && budget.chunks > 0; budget.chunks--) {
    const chunk = await removeChunk(session, organizationId, { now: now(), newId });
    await relay(env, chunk.eventIds);
    done = chunk.done;
  }
}

async function attempt(step: string, work: () => Promise<void>): Promise<void> {
  await work().catch((error) => logFault(`sweep ${step}`, error));
}
