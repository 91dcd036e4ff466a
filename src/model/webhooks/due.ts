import { CLOCK_SKEW_MS } from '../limits/index.ts';

export function immediatelyDueAt(nowMs: number): number {
  return nowMs - CLOCK_SKEW_MS;
}
