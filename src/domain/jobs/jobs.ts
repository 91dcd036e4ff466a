import { findJobStates } from '../../db/jobs/job-states.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { JOBS, type JobState } from '../../model/jobs/jobs.ts';

export { type Metrics, readMetrics } from '../../db/jobs/metrics.ts';

export type JobReport = JobState & {
  /** Cron, UTC. */
  readonly schedule: string;
  readonly running: boolean;
  /** Age of the oldest row that waits for the job; 0 if none. */
  readonly lagMs: number;
};

export async function listJobs(caller: CallerContext): Promise<JobReport[]> {
  const schedules = new Map<string, string>(JOBS.map(({ name, schedule }) => [name, schedule]));
  return (await findJobStates(caller)).map((state) => ({
    ...state,
    schedule: schedules.get(state.name) ?? '',
    running: state.leasedUntil > caller.now,
    lagMs: state.waitingSince === null ? 0 : caller.now - state.waitingSince,
  }));
}
