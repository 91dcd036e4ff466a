import { commit } from '../../db/commit/commit.ts';
import type { Call } from '../../db/sql/call.ts';
import { admitCaller } from '../../db/sql/caller.ts';
import {
  type Delivery,
  findDeliveryOfLog,
  insertTestDelivery,
  refuseUnlessEnabled,
  restartDelivery,
} from '../../db/webhooks/deliveries.ts';
import { findWebhook } from '../../db/webhooks/webhooks.ts';
import { EVENT_TYPES, type EventType } from '../../model/events/event.ts';
import { refuse } from '../../model/failure.ts';
import { idAt } from '../../model/id.ts';
import { DELIVERIES_KEPT_MS } from '../../model/limits/index.ts';

export { type Attempt, listAttempts } from '../../db/webhooks/attempts.ts';
export type { Delivery } from '../../db/webhooks/deliveries.ts';

/** The names of all events. */
export async function listEventTypes(call: Call): Promise<readonly EventType[]> {
  await admitCaller(call);
  return EVENT_TYPES;
}

/**
 * Sends one example to the endpoint, once, whether it is enabled or not: of the given type, or of the first that it
 * listens to. Refuses `not_found`.
 */
export async function testWebhook(
  call: Call,
  id: string,
  given: { readonly type: EventType | undefined; readonly bodyOf: (type: EventType) => string },
): Promise<Delivery> {
  const { events } = await findWebhook(call, id);
  const type = given.type ?? EVENT_TYPES.find((name) => events.includes(name)) ?? 'reseller.user.created';
  const delivery: Delivery = {
    id: call.newId(),
    endpointId: id,
    eventId: null,
    eventType: type,
    state: 'pending',
    attempts: 0,
    nextAttemptAt: call.now,
    createdAt: call.now,
  };
  await commit(call, {
    write: insertTestDelivery(call, delivery, given.bodyOf(type)),
    event: null,
    audit: { event: { type: 'webhook.tested', details: { deliveryId: delivery.id, event: type } } },
    resellerId: call.actor.reseller,
    subject: id,
    result: delivery,
    refused: () => findWebhook(call, id),
  });
  call.wakes.push({ endpointId: id });
  return delivery;
}

/**
 * Sends what an attempt was made for anew, with a plan of ten attempts before it, even if it had arrived. Refuses
 * `not_found`, `event_too_old`, `webhook_disabled`, `attempt_under_way`.
 */
export async function redeliver(call: Call, logId: string): Promise<Delivery> {
  const delivery = await findDeliveryOfLog(call, logId);
  if ((delivery.eventId ?? delivery.id) < idAt(call.now - DELIVERIES_KEPT_MS)) refuse({ kind: 'event_too_old' });
  const restarted: Delivery = { ...delivery, state: 'pending', attempts: 0, nextAttemptAt: call.now };
  await commit(call, {
    write: restartDelivery(call, delivery),
    event: null,
    audit: { event: { type: 'webhook.redelivered', details: { deliveryId: delivery.id, eventId: delivery.eventId } } },
    resellerId: call.actor.reseller,
    subject: delivery.endpointId,
    result: restarted,
    refused: async () => {
      await refuseUnlessEnabled(call, delivery.endpointId);
      refuse({ kind: 'attempt_under_way' });
    },
  });
  call.wakes.push({ endpointId: delivery.endpointId });
  return restarted;
}
