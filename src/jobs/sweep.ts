import { underLease } from '../db/jobs.ts';
import { findDeletedOrganizations } from '../db/removal.ts';
import type { Background } from '../delivery/background.ts';
import { relay, relayOverdue } from '../delivery/relay.ts';
import { resendOverdue } from '../delivery/webhook.ts';
import { removeChunk } from '../domain/removal.ts';
import { REMOVAL_CHUNKS_PER_SWEEP, SWEEP_LEASE_MS } from '../model/limits.ts';

/** Each minute: takes up whatever a lost message or a crash left lying. */
export async function sweep(background: Background): Promise<void> {
  const { session } = background;
  const now = background.now();
  await underLease(session, { name: 'sweep', now, until: now + SWEEP_LEASE_MS }, async () => {
    await relayOverdue(background);
    await resendOverdue(background);
    await finishRemovals(background);
  });
}

async function finishRemovals({ env, session, now, newId }: Background): Promise<void> {
  const organizations = await findDeletedOrganizations(session, REMOVAL_CHUNKS_PER_SWEEP);
  let chunksLeft = REMOVAL_CHUNKS_PER_SWEEP;
  for (const organizationId of organizations) {
    for (let done = false; !done && chunksLeft > 0; chunksLeft--) {
      const chunk = await removeChunk(session, organizationId, { now: now(), newId });
      await relay(env, chunk.eventIds);
      done = chunk.done;
    }
  }
}
