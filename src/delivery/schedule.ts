import {
  QUEUE_DELAY_MAX_SECONDS,
  WEBHOOK_OVERLOADED_MS,
  WEBHOOK_RETRY_AFTER_FACTOR,
  WEBHOOK_RETRY_JITTER,
  WEBHOOK_RETRY_SECONDS,
} from '../model/limits/index.ts';
import type { WebhookResponse } from './webhook-response.ts';

/** RFC 9110 §5.6.7. */
const HTTP_DATE = /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/;
const OVERLOADED: ReadonlySet<number | null> = new Set([429, 502, 504]);

/** Null after the last attempt. `attempts` starts at 1, `random` is 0 to 1. `Retry-After`: RFC 9110 §10.2.3. */
export function nextAttemptAt(
  { statusCode, headers }: WebhookResponse,
  { attempts, random, endedAt }: { readonly attempts: number; readonly random: number; readonly endedAt: number },
): number | null {
  const seconds = WEBHOOK_RETRY_SECONDS[attempts - 1];
  if (seconds === undefined) return null;
  const intervalMs = seconds * 1000;
  const plannedMs = withJitter(intervalMs, WEBHOOK_RETRY_JITTER, random);
  const requestedMs = Math.min(retryAfterMs(headers, endedAt), intervalMs * WEBHOOK_RETRY_AFTER_FACTOR);
  return endedAt + Math.max(plannedMs, requestedMs, OVERLOADED.has(statusCode) ? WEBHOOK_OVERLOADED_MS : 0);
}

function retryAfterMs(headers: Headers, nowMs: number): number {
  const value = headers.get('Retry-After')?.trim() ?? '';
  const waitMs = /^\d+$/.test(value) ? Number(value) * 1000 : HTTP_DATE.test(value) ? Date.parse(value) - nowMs : 0;
  return Math.max(0, waitMs || 0);
}

export function withJitter(waitMs: number, jitter: number, random: number): number {
  return Math.round(waitMs * (1 + jitter * (2 * random - 1)));
}

export function secondsUntil(timeMs: number, nowMs: number): number {
  return Math.min(QUEUE_DELAY_MAX_SECONDS, Math.max(0, Math.ceil((timeMs - nowMs) / 1000)));
}

/** By header `webhook-delivery`, or 410 (Gone). */
export function receiverCommand({ statusCode, headers }: WebhookResponse): 'abort-message' | 'disable' | null {
  if (statusCode === 410) return 'disable';
  const command = headers.get('webhook-delivery')?.split(',')[0]?.trim().toLowerCase();
  return command === 'disable' || command === 'abort-message' ? command : null;
}
