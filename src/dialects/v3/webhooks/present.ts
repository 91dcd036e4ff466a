import type * as v from 'valibot';
import type { Delivery, DeliveryAttempt } from '../../../domain/webhooks/deliveries.ts';
import type { Recovery } from '../../../domain/webhooks/recoveries.ts';
import { time } from '../present.ts';
import type * as wire from './schemas.ts';

const timeOrNull = (ms: number | null) => (ms === null ? null : time(ms));

export function toEventLog(attempt: DeliveryAttempt): v.InferInput<typeof wire.EventLog> {
  const { attemptedAt, endpointId, eventType, answer, nextAttemptAt, ...rest } = attempt;
  return {
    ...rest,
    createdAt: time(attemptedAt),
    webhookId: endpointId,
    event: eventType,
    response: answer,
    nextAttemptAt: timeOrNull(nextAttemptAt),
  };
}

export function toDelivery(delivery: Delivery): v.InferInput<typeof wire.WebhookDelivery> {
  const { id, endpointId, eventId, eventType, state, attempts } = delivery;
  return {
    id,
    createdAt: time(delivery.createdAt),
    webhookId: endpointId,
    event: eventType,
    eventId,
    status: state === 'dead' ? 'failed' : state,
    attempts,
    nextAttemptAt: timeOrNull(delivery.nextAttemptAt),
  };
}

export function toRecovery(recovery: Recovery): v.InferInput<typeof wire.Recovery> {
  const { id, endpointId, searching, queued, delivered, failed } = recovery;
  return {
    id,
    createdAt: time(recovery.createdAt),
    webhookId: endpointId,
    since: time(recovery.since),
    status: searching || queued > 0 ? 'running' : 'done',
    found: queued + delivered + failed,
    queued,
    delivered,
    failed,
  };
}
