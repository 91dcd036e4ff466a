import { type SQL, sql } from 'drizzle-orm';
import { idAt } from '../model/id.ts';
import { DELIVERIES_KEPT_MS, EVENTS_KEPT_MS, PURGE_ROWS } from '../model/limits.ts';
import { events, webhookAttempts, webhookDeliveries, webhookEndpoints, webhookRecoveries } from './schema.ts';
import { arg, type Session, statement } from './statement.ts';

// Ids begin with their time, so that the oldest rows are the first of the primary key.
const oldest = (table: SQL, more: SQL = sql`true`) =>
  sql`id in (select id from ${table} as old where old.id < ${arg('beforeId')} and ${more} order by old.id limit ${arg('rows')})`;

const dropAttempts = statement(() => sql`delete from ${webhookAttempts} where ${oldest(sql`${webhookAttempts}`)}`);
const dropDeliveries = statement(
  () => sql`delete from ${webhookDeliveries} where ${oldest(sql`${webhookDeliveries}`)}`,
);
const dropRecoveries = statement(
  () => sql`delete from ${webhookRecoveries} where ${oldest(sql`${webhookRecoveries}`)}`,
);
const settled = sql`old.relay_at is null
  and not exists (select 1 from ${webhookDeliveries} as delivery where delivery.event_id = old.id)`;
const dropEvents = statement(() => sql`delete from ${events} where ${oldest(sql`${events}`, settled)}`);
const dropOldTokens = statement(
  () => sql`update ${webhookEndpoints} set sealed_old_token = null, old_token_until = null
    where old_token_until <= ${arg('now')}`,
);

/** Takes away the oldest of what is kept no longer: attempts, deliveries, recoveries, events, rotated tokens. */
export async function purgeChunk(session: Session, now: number): Promise<void> {
  const kept = { beforeId: idAt(now - DELIVERIES_KEPT_MS), rows: PURGE_ROWS };
  await session.batch([
    dropAttempts(session, kept),
    dropDeliveries(session, kept),
    dropRecoveries(session, kept),
    dropEvents(session, { ...kept, beforeId: idAt(now - EVENTS_KEPT_MS) }),
    dropOldTokens(session, { now }),
  ]);
}
