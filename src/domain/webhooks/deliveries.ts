import { commit } from '../../db/commit/commit.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { admitCaller } from '../../db/sql/query.ts';
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
export async function listEventTypes(caller: CallerContext): Promise<readonly EventType[]> {
  await admitCaller(caller);
  return EVENT_TYPES;
}

/**
 * Sends one example to the endpoint, once, whether it is enabled or not: of the given type, or of the first that it
 * listens to. Refuses `not_found`.
 */
export async function testWebhook(
  caller: CallerContext,
  id: string,
  given: { readonly type: EventType | undefined; readonly bodyOf: (type: EventType) => string },
): Promise<Delivery> {
  const { events } = await findWebhook(caller, id);
  const type = given.type ?? EVENT_TYPES.find((name) => events.includes(name)) ?? 'reseller.user.created';
  const delivery: Delivery = {
    id: caller.newId(),
    endpointId: id,
    eventId: null,
    eventType: type,
    state: 'pending',
    attempts: 0,
    nextAttemptAt: caller.now,
    createdAt: caller.now,
  };
  await commit(caller, {
    write: insertTestDelivery(caller, delivery, given.bodyOf(type)),
    event: null,
    audit: { event: { type: 'webhook.tested', details: { deliveryId: delivery.id, event: type } } },
    resellerId: caller.actor.reseller,
    subject: id,
    result: delivery,
    refused: () => findWebhook(caller, id),
  });
  caller.tasks.push({ endpointId: id });
  return delivery;
}

/**
 * Sends what an attempt was made for anew, with a plan of ten attempts before it, even if it had arrived. Refuses
 * `not_found`, `event_too_old`, `webhook_disabled`, `attempt_under_way`.
 */
export async function redeliver(caller: CallerContext, logId: string): Promise<Delivery> {
  const delivery = await findDeliveryOfLog(caller, logId);
  if ((delivery.eventId ?? delivery.id) < idAt(caller.now - DELIVERIES_KEPT_MS)) refuse({ kind: 'event_too_old' });
  const restarted: Delivery = { ...delivery, state: 'pending', attempts: 0, nextAttemptAt: caller.now };
  await commit(caller, {
    write: restartDelivery(caller, delivery),
    event: null,
    audit: { event: { type: 'webhook.redelivered', details: { deliveryId: delivery.id, eventId: delivery.eventId } } },
    resellerId: caller.actor.reseller,
    subject: delivery.endpointId,
    result: restarted,
    refused: async () => {
      await refuseUnlessEnabled(caller, delivery.endpointId);
      refuse({ kind: 'attempt_under_way' });
    },
  });
  caller.tasks.push({ endpointId: delivery.endpointId });
  return restarted;
}
