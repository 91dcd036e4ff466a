import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** A tenant that sends `perSecond` requests by these tokens together, whatever the answers. */
export type LoudTenant = { origin: string; resellerId: string; tokens: string[]; perSecond: number };
/** How many of its requests were answered, and how many refused by 429. */
export type Outcome = { served: number; refused: number };

/** Lets a tenant send, in a thread of its own, so that it does not delay the clock of the measurement. */
export function startLoudTenant(workerData: LoudTenant): { stop: () => Promise<Outcome> } {
  const thread = new Worker(join(import.meta.dirname, 'loud-thread.ts'), { workerData });
  return {
    stop: async () => {
      const answer = once(thread, 'message');
      thread.postMessage('stop');
      const [outcome] = await answer;
      return outcome;
    },
  };
}
