import { findJobStates } from '../../db/jobs/job-states.ts';
import type { Call } from '../../db/sql/call.ts';
import { JOBS, type JobState } from '../../model/jobs/jobs.ts';

/** A job as its operator sees it. */
export type JobReport = JobState & {
  /** Cron, UTC. */
  readonly schedule: string;
  readonly running: boolean;
  /** How long the oldest row that is its to deal with has been waiting for it; 0 if none is. */
  readonly lagMs: number;
};

/** Every job, with how its last run went. */
export async function listJobs(call: Call): Promise<JobReport[]> {
  const schedules = new Map<string, string>(JOBS.map(({ name, schedule }) => [name, schedule]));
  return (await findJobStates(call)).map((state) => ({
    ...state,
    schedule: schedules.get(state.name) ?? '',
    running: state.leasedUntil > call.now,
    lagMs: state.waitingSince === null ? 0 : call.now - state.waitingSince,
  }));
}
