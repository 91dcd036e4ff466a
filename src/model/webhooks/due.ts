import { CLOCK_SKEW_MS } from '../limits/index.ts';

/** The time by which something is due at once, also for whoever's clock is a little behind. */
export function dueNow(nowMs: number): number {
  return nowMs - CLOCK_SKEW_MS;
}
