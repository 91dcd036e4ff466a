import type { WorkerContext } from '../delivery/worker-context.ts';
import { JOBS, type JobName } from '../model/jobs/jobs.ts';
import { logFault } from '../model/log.ts';
import { deletedResellers } from './deleted-resellers.ts';
import { discard } from './discard.ts';
import { expire } from './expire.ts';
import { invitations } from './invitations.ts';
import type { Job } from './job.ts';
import { reseal } from './reseal.ts';
import { runJob } from './run.ts';
import { seal } from './seal.ts';
import { signInFailures } from './sign-in-failures.ts';
import { endSignedOutSessions } from './sign-out.ts';
import { sweep } from './sweep.ts';

const jobs: Readonly<Record<JobName, Job>> = {
  sweep,
  'sign-out': endSignedOutSessions,
  'sign-in-failures': signInFailures,
  invitations,
  seal,
  reseal,
  purge: expire,
  'deleted-resellers': deletedResellers,
  discard,
};

/** A failure does not stop the other jobs. Throws at the end if one failed. */
export async function runJobs(worker: WorkerContext, cron: string): Promise<void> {
  let failed = 0;
  for (const { name } of JOBS.filter(({ schedule }) => schedule === cron)) {
    const succeeded = await runJob(worker, jobs[name]).catch((error) => {
      logFault(`job ${name}`, error);
      return false;
    });
    if (!succeeded) failed += 1;
  }
  if (failed > 0) throw new Error('a job failed');
}
