import type { Call } from '../db/call.ts';
import { findJobStates } from '../db/job-states.ts';
import { JOBS, type JobState } from '../model/jobs.ts';

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
