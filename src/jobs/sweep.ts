import { underLease } from '../db/jobs.ts';
import type { Background } from '../delivery/background.ts';
import { relayOverdue, sendOverdueMails, wakeExpansions, wakeOverdue, wakeRemovals } from '../delivery/relay.ts';
import { SWEEP_LEASE_MS } from '../model/limits.ts';
import { logFault } from '../model/log.ts';

/** Each minute: takes up whatever a lost message or a crash left lying. What fails of it keeps nothing else waiting. */
export async function sweep(background: Background): Promise<void> {
  const now = background.now();
  await underLease(background.session, { name: 'sweep', now, until: now + SWEEP_LEASE_MS }, async () => {
    await attempt('relay', () => relayOverdue(background));
    await attempt('deliveries', () => wakeOverdue(background));
    await attempt('removals', () => wakeRemovals(background));
    await attempt('status updates', () => wakeExpansions(background));
    await attempt('emails', () => sendOverdueMails(background));
  });
}

async function attempt(step: string, work: () => Promise<void>): Promise<void> {
  await work().catch((error) => logFault(`sweep ${step}`, error));
}
