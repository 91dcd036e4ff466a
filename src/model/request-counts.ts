import { REQUEST_BUCKETS_MS } from './limits.ts';

/** One request as it is counted. `route` is a pattern, never an address. */
export type Counted = {
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly durationMs: number;
};

/** Requests of one kind: how many, how long all of them took, and how many of them ended in each of `REQUEST_BUCKETS_MS`. */
export type RequestCount = Counted & { readonly count: number; readonly buckets: readonly number[] };

/** What was counted since `since` (milliseconds since the epoch) and is written nowhere yet. */
export type RequestCounts = { since: number; readonly kinds: Map<string, RequestCount> };

export function newRequestCounts(since: number): RequestCounts {
  return { since, kinds: new Map() };
}

/** Counts one request. */
export function countRequest(counts: RequestCounts, seen: Counted): void {
  const bucket = REQUEST_BUCKETS_MS.findIndex((endMs) => seen.durationMs <= endMs);
  const buckets = REQUEST_BUCKETS_MS.map((_, index) => (index === bucket ? 1 : 0));
  add(counts, { ...seen, count: 1, buckets });
}

/** Hands over what was counted; from now on it is counted afresh. */
export function takeCounts(counts: RequestCounts, nowMs: number): RequestCount[] {
  const taken = [...counts.kinds.values()];
  counts.kinds.clear();
  counts.since = nowMs;
  return taken;
}

/** Takes back what could not be written. */
export function giveBackCounts(counts: RequestCounts, taken: readonly RequestCount[]): void {
  for (const one of taken) add(counts, one);
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
