import { REQUEST_BUCKETS_MS } from '../limits/index.ts';
import type { Budget } from './budgets.ts';

/** One request as it is counted. `route` is a pattern, never an address. */
export type Counted = {
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly durationMs: number;
  /** The tenant's budget that it was refused for; null: none. */
  readonly budget: Budget | null;
};

/** Requests of one kind: how many, how long all of them took, and how many of them ended in each of `REQUEST_BUCKETS_MS`. */
export type RequestCount = Omit<Counted, 'budget'> & { readonly count: number; readonly buckets: readonly number[] };

/** What was counted since `since` (milliseconds since the epoch) and is written nowhere yet. */
export type RequestCounts = {
  since: number;
  readonly kinds: Map<string, RequestCount>;
  readonly refusals: Map<Budget, number>;
};

/** What was handed over. */
export type TakenCounts = {
  readonly requests: readonly RequestCount[];
  readonly refusals: ReadonlyMap<Budget, number>;
};

export function newRequestCounts(since: number): RequestCounts {
  return { since, kinds: new Map(), refusals: new Map() };
}

/** Counts one request. */
export function countRequest(counts: RequestCounts, { budget, ...seen }: Counted): void {
  const bucket = REQUEST_BUCKETS_MS.findIndex((endMs) => seen.durationMs <= endMs);
  const buckets = REQUEST_BUCKETS_MS.map((_, index) => (index === bucket ? 1 : 0));
  add(counts, { ...seen, count: 1, buckets });
  if (budget !== null) addRefusals(counts, budget, 1);
}

/** Hands over what was counted; from now on it is counted afresh. */
export function takeCounts(counts: RequestCounts, nowMs: number): TakenCounts {
  const taken = { requests: [...counts.kinds.values()], refusals: new Map(counts.refusals) };
  counts.kinds.clear();
  counts.refusals.clear();
  counts.since = nowMs;
  return taken;
}

/** Takes back what could not be written. */
export function giveBackCounts(counts: RequestCounts, { requests, refusals }: TakenCounts): void {
  for (const one of requests) add(counts, one);
  for (const [budget, count] of refusals) addRefusals(counts, budget, count);
}

function addRefusals({ refusals }: RequestCounts, budget: Budget, count: number): void {
  refusals.set(budget, (refusals.get(budget) ?? 0) + count);
}

function add({ kinds }: RequestCounts, one: RequestCount): void {
  const key = `${one.method} ${one.status} ${one.route}`;
  const known = kinds.get(key);
  if (known === undefined) {
    kinds.set(key, one);
    return;
  }
  kinds.set(key, {
    ...known,
    count: known.count + one.count,
    durationMs: known.durationMs + one.durationMs,
    buckets: known.buckets.map((count, index) => count + (one.buckets[index] ?? 0)),
  });
}
