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
import { JOB_CHUNKS, MAILS_RELEASED_CHUNK } from '../model/limits/index.ts';
import type { ChunkResult, Job, JobStep } from './job.ts';

export const sweep: Job = {
  name: 'sweep',
  chunks: JOB_CHUNKS,
  steps: () => [
    { name: 'gauges', chunk: measureGaugesChunk },
    singleChunk('relayed', relayOverdue),
    singleChunk('deliveries', sendOverdueTasks),
    singleChunk('removals', sendRemovalTasks),
    singleChunk('statusUpdates', sendStatusMailTasks),
    { name: 'released', chunk: releaseEmailsChunk },
    singleChunk('emails', sendOverdueEmails),
  ],
};

/** First, to show what the sweep finds. */
async function measureGaugesChunk({ db, now }: WorkerContext): Promise<ChunkResult> {
  await measureGauges(db, now());
  return { counts: {}, more: false };
}

async function releaseEmailsChunk(worker: WorkerContext): Promise<ChunkResult> {
  const mails = await sendReleasedEmails(worker);
  return { counts: { released: mails }, more: mails === MAILS_RELEASED_CHUNK };
}

/** Tasks take effect later, so the rest waits for the next minute. */
function singleChunk(name: string, work: (worker: WorkerContext) => Promise<number>): JobStep {
  return { name, chunk: async (worker) => ({ counts: { [name]: await work(worker) }, more: false }) };
}
