import { CLOCK_SKEW_MS } from '../limits/index.ts';

export function dueNow(nowMs: number): number {
  return nowMs - CLOCK_SKEW_MS;
}
