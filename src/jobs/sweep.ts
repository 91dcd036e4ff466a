import type { Background } from '../delivery/background.ts';
import { relayOverdue, sendOverdueMails, wakeExpansions, wakeOverdue, wakeRemovals } from '../delivery/relay.ts';
import { JOB_CHUNKS } from '../model/limits.ts';
import type { Job, Step } from './job.ts';

/** Takes up whatever a lost message or a crash left lying. */
export const sweep: Job = {
  name: 'sweep',
  chunks: JOB_CHUNKS,
  steps: () => [
    once('relayed', relayOverdue),
    once('deliveries', wakeOverdue),
    once('removals', wakeRemovals),
    once('statusUpdates', wakeExpansions),
    once('emails', sendOverdueMails),
  ],
};

/** Whoever is woken shows as such only later: what is left is left to the next minute. */
function once(name: string, work: (background: Background) => Promise<number>): Step {
  return { name, chunk: async (background) => ({ counts: { [name]: await work(background) }, more: false }) };
}
