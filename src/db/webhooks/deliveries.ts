import { type SQL, sql } from 'drizzle-orm';
import { absent, refuse } from '../../model/failure.ts';
import { immediatelyDueAt } from '../../model/webhooks/due.ts';
import { webhookAttempts, webhookDeliveries, webhookEndpoints } from '../schema/index.ts';
import { callerStatement, read } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { columnsOf } from '../sql/columns.ts';
import { arg, insertSelect } from '../sql/statement.ts';
import { own } from './webhooks.ts';

const names = ['id', 'endpointId', 'eventId', 'eventType', 'state', 'attempts', 'nextAttemptAt', 'createdAt'] as const;
const columns = columnsOf(webhookDeliveries, 'delivery', names);

/** One event (or a test) on its way to one endpoint. */
export type Delivery = Pick<typeof webhookDeliveries.$inferSelect, (typeof names)[number]>;

const behindLog = callerStatement(
  (callerSql) => sql`select caller.permitted, ${columns.selected} from ${callerSql.table}
    left join ${webhookAttempts} as log on log.id = ${arg('logId')} and log.reseller_id is ${arg('tenant')}
    left join ${webhookDeliveries} as delivery on delivery.id = log.delivery_id`,
);

/** The delivery that this attempt was made for, or the refusal `not_found`. */
export async function findDeliveryOfLog(caller: CallerContext, logId: string): Promise<Delivery> {
  const [row] = await read(caller, behindLog(caller, { logId }));
  return (row && columns.read(row, 1)) ?? refuse(absent('delivery'));
}

const endpoint = sql`left join ${webhookEndpoints} as webhook on webhook.id = ${arg('endpointId')} and ${own}`;
const enabled = callerStatement(
  (callerSql) => sql`select caller.permitted, webhook.enabled from ${callerSql.table} ${endpoint}`,
);

/** Refuses `not_found`, and `webhook_disabled` where nothing would be sent. */
export async function refuseUnlessEnabled(caller: CallerContext, endpointId: string): Promise<void> {
  const [row] = await read(caller, enabled(caller, { endpointId }));
  if (typeof row?.[1] !== 'number') refuse(absent('webhook'));
  if (row[1] === 0) refuse({ kind: 'webhook_disabled' });
}

const stateNow: Record<string, SQL> = { state: sql`'pending'`, nextAttemptAt: sql`${arg('dueAt')}`, resumedAt: sql`0` };
const insertTest = callerStatement((callerSql) =>
  insertSelect(
    webhookDeliveries,
    ['id', 'endpointId', 'eventType', 'body', 'createdAt'],
    sql`from ${callerSql.table} ${endpoint} where caller.permitted and webhook.id is not null`,
    stateNow,
  ),
);
/** A delivery that carries a body of its own instead of an event's. */
export const insertTestDelivery = (caller: CallerContext, delivery: Delivery, body: string) =>
  insertTest(caller, { ...delivery, body, dueAt: immediatelyDueAt(caller.now) });

// An attempt that is under way stays as it is: its own outcome is about to be written.
const again = callerStatement(
  (callerSql) => sql`update ${webhookDeliveries} as delivery
    set state = 'pending', attempts = 0, next_attempt_at = ${arg('dueAt')}, lease = null, settled_at = null,
      resumed_at = iif(delivery.event_id is null, 0, webhook.resumed_at)
    from ${callerSql.table} ${endpoint}
    where caller.permitted and webhook.enabled and delivery.id = ${arg('id')} and delivery.endpoint_id = webhook.id
      and (delivery.lease is null or delivery.next_attempt_at <= ${arg('now')})`,
);
/** Has the delivery start anew, whatever became of it. */
export const restartDelivery = (caller: CallerContext, { id, endpointId }: Delivery) =>
  again(caller, { id, endpointId, now: caller.now, dueAt: immediatelyDueAt(caller.now) });
