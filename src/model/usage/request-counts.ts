import { REQUEST_BUCKETS_MS } from '../limits/index.ts';
import type { Budget } from './budgets.ts';

/** `route` is a pattern, not a path. */
export type CountedRequest = {
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly durationMs: number;
  readonly budget: Budget | null;
};

/** `durationMs` is the sum; `buckets` match `REQUEST_BUCKETS_MS`. */
export type RequestCount = Omit<CountedRequest, 'budget'> & {
  readonly count: number;
  readonly buckets: readonly number[];
};

export type RequestCounts = {
  since: number;
  readonly kinds: Map<string, RequestCount>;
  readonly refusals: Map<Budget, number>;
};

export type TakenCounts = {
  readonly requests: readonly RequestCount[];
  readonly refusals: ReadonlyMap<Budget, number>;
};

export function newRequestCounts(since: number): RequestCounts {
  return { since, kinds: new Map(), refusals: new Map() };
}

export function countRequest(counts: RequestCounts, { budget, ...seen }: CountedRequest): void {
  const bucket = REQUEST_BUCKETS_MS.findIndex((endMs) => seen.durationMs <= endMs);
  const buckets = REQUEST_BUCKETS_MS.map((_, index) => (index === bucket ? 1 : 0));
  add(counts, { ...seen, count: 1, buckets });
  if (budget !== null) addRefusals(counts, budget, 1);
}

export function takeCounts(counts: RequestCounts, nowMs: number): TakenCounts {
  const taken = { requests: [...counts.kinds.values()], refusals: new Map(counts.refusals) };
  counts.kinds.clear();
  counts.refusals.clear();
  counts.since = nowMs;
  return taken;
}

export function restoreCounts(counts: RequestCounts, { requests, refusals }: TakenCounts): void {
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
