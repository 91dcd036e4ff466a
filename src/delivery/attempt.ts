import type { ClaimedDelivery } from '../db/webhooks/claim.ts';
import type { AttemptResult } from '../db/webhooks/record.ts';
import { addressProblem } from '../domain/webhooks/webhook-address.ts';
import { WEBHOOK_TIMEOUT_MS } from '../model/limits/index.ts';
import { openTokens } from './open-tokens.ts';
import { nextAttemptAt, receiverCommand } from './schedule.ts';
import { signedHeaders } from './sign.ts';
import { noResponse, readResponse, type WebhookResponse } from './webhook-response.ts';
import type { WorkerContext } from './worker-context.ts';

/** `disable`: the receiver wants no more deliveries. */
export type AttemptOutcome = { readonly result: AttemptResult; readonly url: string; readonly disable: boolean };

export async function attempt(worker: WorkerContext, delivery: ClaimedDelivery): Promise<AttemptOutcome> {
  const attemptedAt = worker.now();
  const response = await post(worker, delivery, attemptedAt);
  const endedAt = worker.now();
  const { statusCode, delivered, reason, text } = response;
  const command = receiverCommand(response);
  // Test deliveries are not retried.
  const timing = { attempts: delivery.attempts, random: worker.random(), endedAt };
  const retryAt =
    delivered || command === 'abort-message' || delivery.eventId === null ? null : nextAttemptAt(response, timing);
  return {
    url: delivery.url,
    disable: command === 'disable',
    result: {
      id: worker.newId(),
      deliveryId: delivery.id,
      eventId: delivery.eventId,
      payer: delivery.payer,
      attempt: delivery.attempts,
      status: delivered ? 'delivered' : 'failed',
      attemptedAt,
      durationMs: endedAt - attemptedAt,
      statusCode,
      reason,
      answer: text,
      nextAttemptAt: retryAt,
      state: delivered ? 'delivered' : retryAt === null ? 'dead' : 'pending',
      endedAt,
    },
  };
}

async function post({ env, fetch }: WorkerContext, delivery: ClaimedDelivery, nowMs: number): Promise<WebhookResponse> {
  const problem = addressProblem(delivery.url, env.addressRules);
  if (problem !== null) return noResponse(`the address is not allowed: ${problem}`);
  const tokens = await openTokens(env, delivery, nowMs);
  if (tokens === null) return noResponse('the request could not be signed');
  const signed = signedHeaders(tokens, delivery.eventId ?? delivery.id, delivery.body, new Date(nowMs));
  try {
    const response = await fetch(delivery.url, {
      method: 'POST',
      headers: {
        ...signed,
        'Content-Type': 'application/json; charset=utf-8',
        'User-Agent': 'reseller-edge',
        ...(delivery.eventId === null && { 'webhook-test': 'true' }),
      },
      body: delivery.body,
      redirect: 'manual',
      signal: AbortSignal.timeout(WEBHOOK_TIMEOUT_MS),
    });
    return await readResponse(response, [...tokens, ...(signed['webhook-signature']?.split(' ') ?? [])]);
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    return noResponse(timedOut ? `no answer within ${WEBHOOK_TIMEOUT_MS / 1000} s` : 'could not connect');
  }
}
