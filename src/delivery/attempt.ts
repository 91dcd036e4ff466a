import { unseal } from '../auth/seal.ts';
import type { AttemptResult, ClaimedDelivery } from '../db/deliveries.ts';
import { addressProblem } from '../domain/webhook-address.ts';
import type { Env } from '../env.ts';
import { WEBHOOK_TIMEOUT_MS } from '../model/limits.ts';
import { logFault } from '../model/log.ts';
import type { Background } from './background.ts';
import { retryDelayMs } from './schedule.ts';
import { signedHeaders } from './sign.ts';

type Outcome = { readonly statusCode: number | null; readonly reason: string };

/** Makes one attempt to deliver. Whatever the receiver does is a result, never an exception. */
export async function attempt(background: Background, delivery: ClaimedDelivery): Promise<AttemptResult> {
  const startedAt = background.now();
  const { statusCode, reason } = await post(background, delivery, startedAt);
  const endedAt = background.now();
  const delivered = statusCode !== null && statusCode >= 200 && statusCode < 300;
  const delayMs = delivered ? null : retryDelayMs(delivery.attempts, background.random());
  return {
    id: background.newId(),
    deliveryId: delivery.id,
    endpointId: delivery.endpointId,
    attemptedAt: startedAt,
    durationMs: endedAt - startedAt,
    statusCode,
    reason,
    state: delivered ? 'delivered' : delayMs === null ? 'dead' : 'pending',
    dueAt: endedAt + (delayMs ?? 0),
  };
}

async function post({ env, fetch }: Background, delivery: ClaimedDelivery, nowMs: number): Promise<Outcome> {
  const problem = addressProblem(delivery.url, env.addressRules);
  if (problem !== null) return { statusCode: null, reason: problem };
  const signed = await sign(env, delivery, nowMs);
  if (signed === null) return { statusCode: null, reason: 'could not be signed' };
  try {
    const response = await fetch(delivery.url, {
      method: 'POST',
      headers: {
        ...signed,
        'Content-Type': 'application/json; charset=utf-8',
        'User-Agent': 'reseller-edge',
      },
      body: delivery.body,
      redirect: 'manual',
      signal: AbortSignal.timeout(WEBHOOK_TIMEOUT_MS),
    });
    // The status says it all; what becomes of the rest must not turn it into a failure.
    await response.body?.cancel().catch(() => {});
    return { statusCode: response.status, reason: response.ok ? 'delivered' : `answered ${response.status}` };
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    return { statusCode: null, reason: timedOut ? `no answer within ${WEBHOOK_TIMEOUT_MS} ms` : 'could not connect' };
  }
}

/** A token that no key opens is a fault of ours, and holds up nobody else's delivery. */
async function sign(env: Env, { sealedToken, eventId, body }: ClaimedDelivery, nowMs: number) {
  try {
    return await signedHeaders(await unseal(env, sealedToken), eventId, body, new Date(nowMs));
  } catch (error) {
    logFault('sign', error);
    return null;
  }
}
