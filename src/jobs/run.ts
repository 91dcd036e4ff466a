import { type JobOutcome, releaseLease, takeLease } from '../db/jobs/jobs.ts';
import type { WorkerContext } from '../delivery/worker-context.ts';
import { errorSummary } from '../model/error-summary.ts';
import {
  CHUNK_PAUSE_FACTOR,
  CHUNK_PAUSE_MAX_MS,
  CHUNK_PAUSE_MIN_MS,
  JOB_LEASE_MS,
  JOB_RUN_MS,
} from '../model/limits/index.ts';
import { log, logFault } from '../model/log.ts';
import type { ChunkResult, Job, JobStep } from './job.ts';

/** Returns whether nothing failed. After a crash, the next run continues once the lease expires. */
export async function runJob(worker: WorkerContext, job: Job): Promise<boolean> {
  const { env, db, now } = worker;
  const lease = { name: job.name, now: now(), until: now() + JOB_LEASE_MS };
  if (!(await takeLease(db, lease))) return true;
  const outcome = await runSteps(worker, job);
  await releaseLease(db, lease, outcome, now());
  const { counts, more, failures } = outcome;
  const fields = { job: job.name, ...counts, more, failures: failures.length, durationMs: now() - lease.now };
  log(env.logLevel, failures.length > 0 ? 'warn' : 'info', 'job', fields);
  return failures.length === 0;
}

/** Round-robin, so that a long step does not delay the others. */
async function runSteps(worker: WorkerContext, job: Job): Promise<JobOutcome> {
  const deadline = worker.now() + JOB_RUN_MS;
  const counts: Record<string, number> = {};
  const failures: string[] = [];
  const recordFailure = (where: string, error: unknown) => {
    logFault(`${job.name} ${where}`, error);
    failures.push(
      Object.values({ where, ...errorSummary(error) })
        .filter(Boolean)
        .join(' '),
    );
    return { counts: {}, more: false };
  };
  const runChunk = async (step: JobStep): Promise<boolean> => {
    const chunk = await runChunkWithPause(worker, step).catch((error) => recordFailure(step.name, error));
    for (const [kind, rows] of Object.entries(chunk.counts)) counts[kind] = (counts[kind] ?? 0) + rows;
    return chunk.more;
  };
  const queue: JobStep[] = [];
  try {
    queue.push(...(await job.steps(worker)));
  } catch (error) {
    recordFailure('steps', error);
  }
  for (let chunks = 0; chunks < job.chunks && worker.now() < deadline; chunks++) {
    const step = queue.shift();
    if (step === undefined) break;
    if (await runChunk(step)) queue.push(step);
  }
  if (job.last !== undefined) await runChunk(job.last);
  return { counts: withoutZeros(counts), more: queue.length > 0, failures };
}

async function runChunkWithPause(worker: WorkerContext, { chunk }: JobStep): Promise<ChunkResult> {
  const startedAt = worker.now();
  const result = await chunk(worker);
  const tookMs = worker.now() - startedAt;
  const pauseMs = Math.min(CHUNK_PAUSE_MAX_MS, Math.max(CHUNK_PAUSE_MIN_MS, tookMs * CHUNK_PAUSE_FACTOR));
  if (result.more) await worker.pause(pauseMs);
  return result;
}

function withoutZeros(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, rows]) => rows > 0));
}
