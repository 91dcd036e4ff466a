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

export function countRequest(counts: RequestCounts, { budget, ...request }: CountedRequest): void {
  const bucket = REQUEST_BUCKETS_MS.findIndex((endMs) => request.durationMs <= endMs);
  const buckets = REQUEST_BUCKETS_MS.map((_, index) => (index === bucket ? 1 : 0));
  add(counts, { ...request, count: 1, buckets });
  if (budget !== null) addRefusals(counts, budget, 1);
}

export function takeCounts(counts: RequestCounts, nowMs: number): TakenCounts {
  const counted = { requests: [...counts.kinds.values()], refusals: new Map(counts.refusals) };
  counts.kinds.clear();
  counts.refusals.clear();
  counts.since = nowMs;
  return counted;
}

export function restoreCounts(counts: RequestCounts, { requests, refusals }: TakenCounts): void {
  for (const entry of requests) add(counts, entry);
  for (const [budget, count] of refusals) addRefusals(counts, budget, count);
}

function addRefusals({ refusals }: RequestCounts, budget: Budget, count: number): void {
  refusals.set(budget, (refusals.get(budget) ?? 0) + count);
}

function add({ kinds }: RequestCounts, entry: RequestCount): void {
  const key = `${entry.method} ${entry.status} ${entry.route}`;
  const existing = kinds.get(key);
  if (existing === undefined) {
    kinds.set(key, entry);
    return;
  }
  kinds.set(key, {
    ...existing,
    count: existing.count + entry.count,
    durationMs: existing.durationMs + entry.durationMs,
    buckets: existing.buckets.map((count, index) => count + (entry.buckets[index] ?? 0)),
  });
}
