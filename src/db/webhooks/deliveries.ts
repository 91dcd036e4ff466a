import { type SQL, sql } from 'drizzle-orm';
import { absent, refuse } from '../../model/failure.ts';
import { immediatelyDueAt } from '../../model/webhooks/due.ts';
import { webhookAttempts, webhookDeliveries, webhookEndpoints } from '../schema/index.ts';
import { callerStatement } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { callerQuery } from '../sql/query.ts';
import { columnsOf, value } from '../sql/selection.ts';
import { arg, insertSelect } from '../sql/statement.ts';
import { isOwnWebhook } from './webhooks.ts';

const names = ['id', 'endpointId', 'eventId', 'eventType', 'state', 'attempts', 'nextAttemptAt', 'createdAt'] as const;
const columns = columnsOf(webhookDeliveries, 'delivery', names);

export type Delivery = Pick<typeof webhookDeliveries.$inferSelect, (typeof names)[number]>;

const deliveryOfLog = callerQuery((callerSql) => ({
  select: { delivery: columns },
  from: sql`from ${callerSql.table}
    left join ${webhookAttempts} as log on log.id = ${arg('logId')} and log.reseller_id is ${arg('tenant')}
    left join ${webhookDeliveries} as delivery on delivery.id = log.delivery_id`,
}));

/** Refuses `not_found`. */
export async function findDeliveryOfLog(caller: CallerContext, logId: string): Promise<Delivery> {
  const [{ delivery }] = await deliveryOfLog(caller, { logId });
  return delivery ?? refuse(absent('delivery'));
}

const endpoint = sql`left join ${webhookEndpoints} as webhook on webhook.id = ${arg('endpointId')} and ${isOwnWebhook}`;
const findEnabled = callerQuery((callerSql) => ({
  select: { enabled: value<number | null>(sql`webhook.enabled`) },
  from: sql`from ${callerSql.table} ${endpoint}`,
}));

/** Refuses `not_found` and `webhook_disabled`. */
export async function refuseUnlessEnabled(caller: CallerContext, endpointId: string): Promise<void> {
  const [{ enabled }] = await findEnabled(caller, { endpointId });
  if (enabled === null) refuse(absent('webhook'));
  if (enabled === 0) refuse({ kind: 'webhook_disabled' });
}

const initialState: Record<string, SQL> = {
  state: sql`'pending'`,
  nextAttemptAt: sql`${arg('dueAt')}`,
  resumedAt: sql`0`,
};
const insertTest = callerStatement((callerSql) =>
  insertSelect(
    webhookDeliveries,
    ['id', 'endpointId', 'eventType', 'body', 'createdAt'],
    sql`from ${callerSql.table} ${endpoint} where caller.permitted and webhook.id is not null`,
    initialState,
  ),
);
export const insertTestDelivery = (caller: CallerContext, delivery: Delivery, body: string) =>
  insertTest(caller, { ...delivery, body, dueAt: immediatelyDueAt(caller.now) });

// An attempt under way stays: its outcome is about to be written.
const restart = callerStatement(
  (callerSql) => sql`update ${webhookDeliveries} as delivery
    set state = 'pending', attempts = 0, next_attempt_at = ${arg('dueAt')}, lease = null, settled_at = null,
      resumed_at = iif(delivery.event_id is null, 0, webhook.resumed_at)
    from ${callerSql.table} ${endpoint}
    where caller.permitted and webhook.enabled and delivery.id = ${arg('id')} and delivery.endpoint_id = webhook.id
      and (delivery.lease is null or delivery.next_attempt_at <= ${arg('now')})`,
);
export const restartDelivery = (caller: CallerContext, { id, endpointId }: Delivery) =>
  restart(caller, { id, endpointId, now: caller.now, dueAt: immediatelyDueAt(caller.now) });
