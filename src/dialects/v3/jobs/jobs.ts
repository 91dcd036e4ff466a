import * as v from 'valibot';
import { type JobReport, listJobs } from '../../../domain/jobs/jobs.ts';
import { route } from '../../../http/routes/route.ts';
import { JOBS } from '../../../model/jobs/jobs.ts';
import { time } from '../present.ts';

const When = v.nullable(v.string());

export const Job = v.object({
  name: v.picklist(JOBS.map(({ name }) => name)),
  schedule: v.string(),
  running: v.boolean(),
  lastStartedAt: When,
  lastFinishedAt: When,
  lastSucceededAt: When,
  durationMs: v.nullable(v.number()),
  counts: v.record(v.string(), v.number()),
  more: v.boolean(),
  failures: v.array(v.string()),
  lag: v.number(),
});

const when = (ms: number | null) => (ms === null ? null : time(ms));

function toJob(report: JobReport): v.InferInput<typeof Job> {
  const { name, schedule, running, durationMs, counts, more, failures, lagMs } = report;
  return {
    name,
    schedule,
    running,
    lastStartedAt: when(report.startedAt),
    lastFinishedAt: when(report.finishedAt),
    lastSucceededAt: when(report.succeededAt),
    durationMs,
    counts: { ...counts },
    more,
    failures: [...failures],
    lag: Math.floor(lagMs / 1000),
  };
}

export const operationsJobs = [
  route(
    {
      method: 'GET',
      path: '/operations/jobs',
      scope: 'operations:read',
      id: 'listJobs',
      tag: 'Operations',
      summary: 'See how the last run of each background job went, and how many seconds its oldest work waits',
      returns: [200, v.array(Job)],
      present: (reports: readonly JobReport[]) => reports.map(toJob),
    },
    (caller) => listJobs(caller),
  ),
];
