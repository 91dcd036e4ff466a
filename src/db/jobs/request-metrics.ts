import { sql } from 'drizzle-orm';
import { REQUEST_BUCKETS_MS } from '../../model/limits/index.ts';
import {
  type RequestCount,
  type RequestCounts,
  restoreCounts,
  type TakenCounts,
  takeCounts,
} from '../../model/usage/request-counts.ts';
import { counters, requestMetrics } from '../schema/index.ts';
import { query } from '../sql/query.ts';
import { value, values } from '../sql/selection.ts';
import { arg, type Db, statement } from '../sql/statement.ts';

const key = ['route', 'method', 'status'];
const buckets = REQUEST_BUCKETS_MS.map((endMs) => `le_${endMs}`);
const sums = ['count', 'duration_ms', ...buckets];
const paths = ['$.count', '$.durationMs', ...REQUEST_BUCKETS_MS.map((_, index) => `$.buckets[${index}]`)];
const columns = sql.raw([...key, ...sums].join(', '));
const rowValues = sql.raw(
  [...key.map((name) => `$.${name}`), ...paths].map((path) => `given.value ->> '${path}'`).join(', '),
);
const added = sql.raw(sums.map((name) => `${name} = ${name} + excluded.${name}`).join(', '));

const add = statement(
  () => sql`insert into ${requestMetrics} (${columns}) select ${rowValues} from json_each(${arg('rows')}) as given where true
    on conflict do update set ${added}`,
);

const addTo = statement(
  () => sql`update ${counters} set value = value + added.count
    from (select value ->> 0 as budget, value ->> 1 as count from json_each(${arg('refusals')})) as added
    where name = 'budget_refusals' and outcome = added.budget`,
);

export const addCounts = (db: Db, { requests, refusals }: TakenCounts) => [
  add(db, { rows: JSON.stringify(requests) }),
  ...(refusals.size === 0 ? [] : [addTo(db, { refusals: JSON.stringify([...refusals]) })]),
];

/** Counts that cannot be written are kept for the next time. */
export async function writeRequestCounts(db: Db, counts: RequestCounts, nowMs: number): Promise<void> {
  const taken = takeCounts(counts, nowMs);
  try {
    await db.batch(addCounts(db, taken));
  } catch (error) {
    restoreCounts(counts, taken);
    throw error;
  }
}

const all = query(() => ({
  select: {
    route: value<string>(sql`route`),
    method: value<string>(sql`method`),
    status: value<number>(sql`status`),
    count: value<number>(sql`count`),
    durationMs: value<number>(sql`duration_ms`),
    buckets: values<number>(buckets.map((name) => sql.raw(name))),
  },
  from: sql`from ${requestMetrics} order by route, method, status`,
}));

export const readRequestCounts = (db: Db) => all.prepare(db, {});

export const requestsIn = (result: D1Result | undefined): RequestCount[] => all.read(result);
