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
import { idPrefixAt } from '../../model/id-prefix.ts';
import { DELIVERY_RETENTION_MS } from '../../model/limits/index.ts';

export { type DeliveryAttempt, listAttempts } from '../../db/webhooks/attempts.ts';
export type { Delivery } from '../../db/webhooks/deliveries.ts';

export async function listEventTypes(caller: CallerContext): Promise<readonly EventType[]> {
  await admitCaller(caller);
  return EVENT_TYPES;
}

/** Sends one example, also to a disabled endpoint. Without `type`: the endpoint's first event type. */
export async function testWebhook(
  caller: CallerContext,
  id: string,
  {
    type: requestedType,
    bodyOf,
  }: { readonly type: EventType | undefined; readonly bodyOf: (type: EventType) => string },
): Promise<Delivery> {
  const { events } = await findWebhook(caller, id);
  const type = requestedType ?? EVENT_TYPES.find((name) => events.includes(name)) ?? 'reseller.user.created';
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
    write: insertTestDelivery(caller, delivery, bodyOf(type)),
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

/** Restarts the delivery with all attempts, even if it had succeeded. */
export async function redeliver(caller: CallerContext, logId: string): Promise<Delivery> {
  const delivery = await findDeliveryOfLog(caller, logId);
  if ((delivery.eventId ?? delivery.id) < idPrefixAt(caller.now - DELIVERY_RETENTION_MS))
    refuse({ kind: 'event_too_old' });
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
