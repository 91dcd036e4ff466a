import { sql } from 'drizzle-orm';
import { JOBS, type JobState } from '../../model/jobs/jobs.ts';
import { type RequestCount, restoreCounts, takeCounts } from '../../model/usage/request-counts.ts';
import { counters, jobs } from '../schema/index.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { callerAlone, query } from '../sql/query.ts';
import { value } from '../sql/selection.ts';
import { gaugesIn, readGauges } from './gauges.ts';
import { addCounts, readRequestCounts, requestsIn } from './request-metrics.ts';

/** Ages in milliseconds. */
export type Metrics = {
  readonly requests: readonly RequestCount[];
  readonly counters: readonly { readonly name: string; readonly outcome: string; readonly value: number }[];
  /** The last run without a failure; null: never. */
  readonly jobs: readonly Pick<JobState, 'name' | 'succeededAt'>[];
  readonly outboxEvents: number;
  readonly queueAgesMs: Readonly<Record<string, number>>;
  readonly databaseBytes: number;
};

const counted = query(() => ({
  select: {
    name: value<string>(sql`name`),
    outcome: value<string>(sql`outcome`),
    value: value<number>(sql`value`),
  },
  from: sql`from ${counters} order by name, outcome`,
}));
const succeeded = query(() => ({
  select: { name: value<string>(sql`name`), succeededAt: value<number | null>(sql`succeeded_at`) },
  from: sql`from ${jobs}`,
}));

/** Queue ages are as of the last sweep. */
export async function readMetrics(caller: CallerContext): Promise<Metrics> {
  const { db, requestCounts, now } = caller;
  const taken = takeCounts(requestCounts, now);
  const statements = [
    callerAlone.prepare(caller, {}),
    ...addCounts(db, taken),
    readRequestCounts(db),
    counted.prepare(db, {}),
    succeeded.prepare(db, {}),
    readGauges(db),
  ];
  const results = await db.batch(statements).catch((error) => {
    restoreCounts(requestCounts, taken);
    throw error;
  });
  const [alone] = results;
  const [requests, totals, runs, measured] = results.slice(-4);
  callerAlone.read(caller, alone);
  const succeededAt = new Map(succeeded.read(runs).map((run) => [run.name, run.succeededAt]));
  return {
    requests: requestsIn(requests),
    counters: counted.read(totals),
    jobs: JOBS.map(({ name }) => ({ name, succeededAt: succeededAt.get(name) ?? null })),
    ...gaugesIn(measured),
    databaseBytes: Math.max(0, ...results.map(({ meta }) => meta.size_after)),
  };
}
