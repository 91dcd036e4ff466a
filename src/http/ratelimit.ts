import type { Env } from '../env.ts';
import { refuse } from '../model/failure.ts';
import { RATE_COUNTED_MAX, RATE_WINDOW_SECONDS } from '../model/limits.ts';

export type RateState = {
  readonly limit: number;
  readonly remaining: number;
  readonly resetMs: number;
  readonly exceeded: boolean;
};

type Window = { number: number; readonly used: Map<string, number> };

const windows = new WeakMap<Env, Window>();

/** Counts one request of this credential (or address) in the present window, per isolate. */
export function countRequest(env: Env, who: string, nowMs: number, limit = env.rateLimit): RateState {
  const lengthMs = RATE_WINDOW_SECONDS * 1000;
  const number = Math.floor(nowMs / lengthMs);
  const window = windows.get(env);
  const used = window?.number === number ? window.used : new Map<string, number>();
  if (window?.number !== number) windows.set(env, { number, used });
  const count = (used.get(who) ?? 0) + 1;
  const [oldest] = used.keys();
  if (count === 1 && used.size >= RATE_COUNTED_MAX && oldest !== undefined) used.delete(oldest);
  used.set(who, count);
  return {
    limit,
    remaining: Math.max(0, limit - count),
    resetMs: (number + 1) * lengthMs,
    exceeded: count > limit,
  };
}

/** Refuses `rate_limited` where the limit is passed. */
export function refuseExcess({ exceeded, resetMs }: RateState, nowMs: number): void {
  if (exceeded) refuse({ kind: 'rate_limited', retryAfterSeconds: Math.ceil((resetMs - nowMs) / 1000) });
}
