import { WEBHOOK_RETRY_JITTER, WEBHOOK_RETRY_SECONDS } from '../model/limits.ts';

/** Milliseconds to wait after the failed attempt of this number (from 1), or null after the last. `random`: 0 to 1. */
export function retryDelayMs(attempts: number, random: number): number | null {
  const seconds = WEBHOOK_RETRY_SECONDS[attempts - 1];
  if (seconds === undefined) return null;
  return Math.round(seconds * 1000 * (1 + WEBHOOK_RETRY_JITTER * (2 * random - 1)));
}
