import { type SQL, sql } from 'drizzle-orm';
import { RECOVERY_CHUNK_EVENTS, RECOVERY_SWEEP_ROWS, ROW_BYTES } from '../../model/limits/index.ts';
import { type Budgets, startOfDay, startOfNextDay } from '../../model/usage/budgets.ts';
import { immediatelyDueAt } from '../../model/webhooks/due.ts';
import { afterChange, chain } from '../commit/chain.ts';
import { isSubscribedToEvent } from '../events/outbox.ts';
import { events, webhookDeliveries, webhookEndpoints, webhookRecoveries } from '../schema/index.ts';
import { query } from '../sql/query.ts';
import { flag, value } from '../sql/selection.ts';
import { arg, type Db, idsFromArgument, statement } from '../sql/statement.ts';
import { insertCharge, isOverBudget, unlimitedCharge } from '../usage/budgets.ts';

export type RunningRecovery = {
  readonly id: string;
  readonly endpointId: string;
  readonly resellerId: string | null;
  readonly since: number;
  readonly cursor: number;
  readonly upto: number;
};
/** `deliveryId`: the failed delivery, if there was one. */
export type MissedEvent = { readonly eventId: string; readonly deliveryId: string | null };

const runningRecovery = query(() => ({
  select: {
    id: value<string>(sql`recovery.id`),
    endpointId: value<string>(sql`endpoint.id`),
    resellerId: value<string | null>(sql`endpoint.reseller_id`),
    since: value<number>(sql`recovery.since`),
    cursor: value<number>(sql`recovery.cursor`),
    upto: value<number>(sql`recovery.upto`),
  },
  from: sql`from ${webhookRecoveries} as recovery join ${webhookEndpoints} as endpoint on endpoint.id = recovery.endpoint_id
    where recovery.id = ${arg('id')} and recovery.cursor < recovery.upto`,
}));

/** Null if it has scanned all events. */
export async function findRunningRecovery(db: Db, id: string): Promise<RunningRecovery | null> {
  const [found] = await runningRecovery(db, { id });
  return found ?? null;
}

// Events that await their fan-out are not missed.
const scanEvents = (inReach: SQL) =>
  query(() => ({
    select: {
      seq: value<number>(sql`event.seq`),
      eventId: value<string>(sql`event.id`),
      deliveryId: value<string | null>(sql`delivery.id`),
      missed: flag(sql`event.occurred_at >= ${arg('since')} and event.relay_at is null and ${isSubscribedToEvent}
        and (delivery.id is null or delivery.state = 'dead' or (delivery.state = 'pending' and delivery.attempts > 0))`),
      buried: flag(sql`event.body is null`),
    },
    from: sql`from ${webhookEndpoints} as endpoint
      join ${events} as event on ${inReach} and event.seq > ${arg('cursor')} and event.seq <= ${arg('upto')}
      left join ${webhookDeliveries} as delivery on delivery.event_id = event.id and delivery.endpoint_id = endpoint.id
      where endpoint.id = ${arg('endpointId')} order by event.seq limit ${arg('limit')}`,
  }));
const byOperator = scanEvents(sql`true`);
const byReseller = scanEvents(sql`event.reseller_id = ${arg('resellerId')}`);

/** `buried`: missed events without a fan-out. */
export async function findMissedEvents(
  db: Db,
  recovery: RunningRecovery,
): Promise<{ missed: MissedEvent[]; buried: string[]; cursor: number }> {
  const select = recovery.resellerId === null ? byOperator : byReseller;
  const events = await select(db, { ...recovery, limit: RECOVERY_CHUNK_EVENTS });
  const last = events.length < RECOVERY_CHUNK_EVENTS ? undefined : events.at(-1);
  const missed = events.filter((event) => event.missed);
  return {
    missed: missed.filter(({ buried }) => !buried),
    buried: missed.filter(({ buried }) => buried).map(({ eventId }) => eventId),
    cursor: last?.seq ?? recovery.upto,
  };
}

const upsertDeliveries = statement(
  () => sql`insert into ${webhookDeliveries} (id, event_id, endpoint_id, event_type, state, next_attempt_at, resumed_at,
      recovery_id, created_at)
    select given.value ->> 'deliveryId', event.id, endpoint.id, event.type, 'pending', ${arg('dueAt')}, endpoint.resumed_at,
      ${arg('id')}, ${arg('now')}
    from json_each(${arg('rows')}) as given
    join ${events} as event on event.id = given.value ->> 'eventId'
    join ${webhookEndpoints} as endpoint on endpoint.id = ${arg('endpointId')}
    where true
    on conflict (event_id, endpoint_id) do update set state = 'pending', attempts = 0, lease = null, settled_at = null,
      next_attempt_at = excluded.next_attempt_at, resumed_at = excluded.resumed_at, recovery_id = excluded.recovery_id
    where state <> 'delivered' and recovery_id is not excluded.recovery_id
      and (lease is null or next_attempt_at <= ${arg('now')})`,
);
const charge = afterChange((changed) =>
  insertCharge(
    sql`endpoint.reseller_id`,
    sql`from ${webhookEndpoints} as endpoint
      where endpoint.id = ${arg('endpointId')} and endpoint.reseller_id is not null and ${changed}`,
  ),
);
// Back into the outbox, for the sweep to relay to all endpoints.
const reopenEvents = statement(
  () => sql`update ${events} set relay_at = ${arg('now')}, relays = 0
    where id in ${idsFromArgument} and relay_at is null and body is null`,
);
const moveCursor = statement(
  () => sql`update ${webhookRecoveries} set cursor = ${arg('to')}, updated_at = ${arg('now')}
    where id = ${arg('id')} and cursor < ${arg('to')}`,
);

const postpone = statement(
  () => sql`update ${webhookRecoveries} set updated_at = ${arg('until')} where id = ${arg('id')}`,
);

/** Returns false over the tenant's daily bytes: the sweep continues the next day. */
export async function requeueMissedEvents(
  db: Db,
  { id, endpointId }: RunningRecovery,
  rows: readonly { readonly deliveryId: string; readonly eventId: string }[],
  progress: { readonly buried: readonly string[]; readonly to: number; readonly now: number } & Pick<
    Budgets,
    'bytesPerDay'
  >,
): Promise<boolean> {
  const { to, now } = progress;
  const values = {
    to,
    now,
    dueAt: immediatelyDueAt(now),
    id,
    endpointId,
    rows: JSON.stringify(rows),
    ids: JSON.stringify(progress.buried),
    ...unlimitedCharge(rows.length * ROW_BYTES),
    bytesLimit: progress.bytesPerDay,
    day: startOfDay(now),
  };
  try {
    await db.batch([
      ...chain(upsertDeliveries(db, values), charge(db, values)),
      reopenEvents(db, values),
      moveCursor(db, values),
    ]);
    return true;
  } catch (error) {
    if (!isOverBudget(error)) throw error;
    await postpone(db, { id, until: startOfNextDay(now) }).run();
    return false;
  }
}

const idle = query(() => ({
  select: { recoveryId: value<string>(sql`id`) },
  from: sql`from ${webhookRecoveries}
    where cursor < upto and updated_at <= ${arg('before')} order by updated_at limit ${arg('limit')}`,
}));

export const findIdleRecoveries = (db: Db, before: number) => idle(db, { before, limit: RECOVERY_SWEEP_ROWS });
