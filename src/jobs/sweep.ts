import { measureGauges } from '../db/jobs/gauges.ts';
import {
  relayOverdue,
  sendOverdueEmails,
  sendOverdueTasks,
  sendReleasedEmails,
  sendRemovalTasks,
  sendStatusMailTasks,
} from '../delivery/relay.ts';
import type { WorkerContext } from '../delivery/worker-context.ts';
import { JOB_CHUNKS, MAILS_RELEASED } from '../model/limits/index.ts';
import type { Chunk, Job, JobStep } from './job.ts';

export const sweep: Job = {
  name: 'sweep',
  chunks: JOB_CHUNKS,
  steps: () => [
    { name: 'gauges', chunk: measured },
    once('relayed', relayOverdue),
    once('deliveries', sendOverdueTasks),
    once('removals', sendRemovalTasks),
    once('statusUpdates', sendStatusMailTasks),
    { name: 'released', chunk: released },
    once('emails', sendOverdueEmails),
  ],
};

/** First, to show what the sweep finds. */
async function measured({ db, now }: WorkerContext): Promise<Chunk> {
  await measureGauges(db, now());
  return { counts: {}, more: false };
}

async function released(worker: WorkerContext): Promise<Chunk> {
  const mails = await sendReleasedEmails(worker);
  return { counts: { released: mails }, more: mails === MAILS_RELEASED };
}

/** Tasks take effect later, so the rest waits for the next minute. */
function once(name: string, work: (worker: WorkerContext) => Promise<number>): JobStep {
  return { name, chunk: async (worker) => ({ counts: { [name]: await work(worker) }, more: false }) };
}
