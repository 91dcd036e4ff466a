import { sql } from 'drizzle-orm';
import { JOBS, type JobState } from '../../model/jobs/jobs.ts';
import { type RequestCount, restoreCounts, takeCounts } from '../../model/usage/request-counts.ts';
import { counters, jobs } from '../schema/index.ts';
import { admit, callerAlone } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { statement } from '../sql/statement.ts';
import { readGauges, toGauges } from './gauges.ts';
import { addCounts, readRequests, toRequestCount } from './request-metrics.ts';

/** How the whole deployment is doing. Ages are in milliseconds. */
export type Metrics = {
  readonly requests: readonly RequestCount[];
  readonly counters: readonly { readonly name: string; readonly outcome: string; readonly value: number }[];
  /** When each job last ended with nothing of it failed; null: never. */
  readonly jobs: readonly Pick<JobState, 'name' | 'succeededAt'>[];
  readonly outboxEvents: number;
  readonly queueAgesMs: Readonly<Record<string, number>>;
  /** How large the database is. */
  readonly databaseBytes: number;
};

const counted = statement(() => sql`select name, outcome, value from ${counters} order by name, outcome`);
const succeeded = statement(() => sql`select name, succeeded_at as succeededAt from ${jobs}`);

/** What all isolates have counted, this one up to now, and how the queues were at the last sweep: one batch. */
export async function readMetrics(caller: CallerContext): Promise<Metrics> {
  const { db, requestCounts, now } = caller;
  const taken = takeCounts(requestCounts, now);
  const statements = [
    callerAlone(caller, {}),
    ...addCounts(db, taken),
    readRequests(db),
    counted(db, {}),
    succeeded(db, {}),
    readGauges(db),
  ];
  const results = await db.batch<Record<string, unknown>>(statements).catch((error) => {
    restoreCounts(requestCounts, taken);
    throw error;
  });
  const [permitted = []] = results.map((result) => result.results);
  const [requests = [], totals = [], runs = [], measured = []] = results.slice(-4).map((result) => result.results);
  admit(
    caller,
    permitted.map((row) => Object.values(row)),
  );
  return {
    requests: requests.map(toRequestCount),
    counters: totals.map(({ name, outcome, value }) => ({
      name: String(name),
      outcome: String(outcome),
      value: Number(value),
    })),
    jobs: JOBS.map(({ name }) => {
      const { succeededAt } = runs.find((run) => run['name'] === name) ?? {};
      return { name, succeededAt: typeof succeededAt === 'number' ? succeededAt : null };
    }),
    ...toGauges(measured),
    databaseBytes: Math.max(0, ...results.map(({ meta }) => meta.size_after)),
  };
}
