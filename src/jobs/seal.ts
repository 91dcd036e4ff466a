import { underLease } from '../db/jobs.ts';
import { sealChunk } from '../db/seals.ts';
import type { Background } from '../delivery/background.ts';
import { SEAL_CHUNKS, SEAL_LEASE_MS } from '../model/limits.ts';
import { logHead } from '../model/log.ts';

/**
 * Each minute: chains the rows of the audit log that were committed since. The head goes to the operator's log, out of reach
 * of whoever can write to the database.
 */
export async function seal({ session, now }: Background): Promise<void> {
  const startedAt = now();
  await underLease(session, { name: 'seal', now: startedAt, until: startedAt + SEAL_LEASE_MS }, async () => {
    let [head, sealed] = [await sealChunk(session), 0];
    for (let chunks = 1; head.sealed > 0 && chunks < SEAL_CHUNKS; chunks++) {
      sealed += head.sealed;
      head = await sealChunk(session);
    }
    if (sealed > 0) logHead(head);
  });
}
