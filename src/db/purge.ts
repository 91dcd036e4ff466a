import { type SQL, sql } from 'drizzle-orm';
import { idAt } from '../model/id.ts';
import {
  AUDIT_KEPT_MS,
  DELIVERIES_KEPT_MS,
  LINKS_KEPT_MS,
  MAILS_KEPT_MS,
  PURGE_ROWS,
  SESSION_LIFE_MS,
  SIGN_IN_WINDOW_MS,
} from '../model/limits.ts';
import { dropEvents } from './purge-events.ts';
import {
  activations,
  authorizationCodes,
  emails,
  idempotencyKeys,
  resellers,
  revokedTokens,
  sessions,
  signInAttempts,
  signInFlows,
  webhookAttempts,
  webhookDeliveries,
  webhookEndpoints,
  webhookRecoveries,
} from './schema.ts';
import { arg, type Session, statement } from './statement.ts';

// Ids begin with their time, so that the oldest rows are the first of the primary key.
const oldest = (table: SQL, more: SQL = sql`true`) =>
  sql`id in (select id from ${table} as old where old.id < ${arg('beforeId')} and ${more} order by old.id limit ${arg('rows')})`;

const dropAttempts = statement(() => sql`delete from ${webhookAttempts} where ${oldest(sql`${webhookAttempts}`)}`);
// What is planned still goes its way.
const dropDeliveries = statement(
  () =>
    sql`delete from ${webhookDeliveries} where ${oldest(sql`${webhookDeliveries}`, sql`old.next_attempt_at is null`)}`,
);
const dropRecoveries = statement(
  () => sql`delete from ${webhookRecoveries} where ${oldest(sql`${webhookRecoveries}`)}`,
);
const dropOldTokens = statement(
  () => sql`update ${webhookEndpoints} set sealed_old_token = null, old_token_until = null
    where old_token_until <= ${arg('now')}`,
);

const dropEndpoints = statement(
  () => sql`delete from ${webhookEndpoints} where id in (select id from ${webhookEndpoints} as old where old.deleted_at is not null
    and not exists (select 1 from ${webhookDeliveries} as delivery where delivery.endpoint_id = old.id) limit ${arg('rows')})`,
);
const dropKeys = statement(
  () => sql`delete from ${idempotencyKeys} where (credential, key) in
    (select credential, key from ${idempotencyKeys} where expires_at <= ${arg('now')} limit ${arg('rows')})`,
);
// What waits for its reseller to be enabled is kept as long as that may happen.
const notWaiting = sql`old.next_attempt_at is null and (old.state <> 'pending'
  or exists (select 1 from ${resellers} as gone where gone.id = old.reseller_id and gone.deleted_at is not null))`;
const dropMails = statement(() => sql`delete from ${emails} where ${oldest(sql`${emails}`, notWaiting)}`);
const dropLinks = statement(
  () => sql`delete from ${activations} where seq in
    (select seq from ${activations} where expires_at <= ${arg('before')} limit ${arg('rows')})`,
);
const dropSessions = statement(
  () => sql`delete from ${sessions} where id in
    (select id from ${sessions} where expires_at <= ${arg('before')} limit ${arg('rows')})`,
);
const dropTriedSignIns = statement(() => sql`delete from ${signInAttempts} where ${oldest(sql`${signInAttempts}`)}`);
const dropFlows = statement(
  () => sql`delete from ${signInFlows} where id in
    (select id from ${signInFlows} where expires_at <= ${arg('now')} limit ${arg('rows')})`,
);
const dropCodes = statement(
  () => sql`delete from ${authorizationCodes} where code_hash in
    (select code_hash from ${authorizationCodes} where expires_at <= ${arg('before')} limit ${arg('rows')})`,
);
const dropRevoked = statement(
  () => sql`delete from ${revokedTokens} where jti in
    (select jti from ${revokedTokens} where expires_at <= ${arg('now')} limit ${arg('rows')})`,
);

/**
 * Takes away the oldest of what is kept no longer: attempts, deliveries, recoveries, events, deleted endpoints, rotated
 * tokens, mails, links, sessions, kept answers, attempts to sign in, flows, codes, revoked tokens. Says whether there may be more.
 */
export async function purgeChunk(session: Session, now: number): Promise<boolean> {
  const kept = { beforeId: idAt(now - DELIVERIES_KEPT_MS), rows: PURGE_ROWS };
  const results = await session.batch([
    dropAttempts(session, kept),
    dropDeliveries(session, kept),
    dropRecoveries(session, kept),
    ...dropEvents.map((make) => make(session, { ...kept, eventsBefore: idAt(now - AUDIT_KEPT_MS) })),
    dropEndpoints(session, kept),
    dropOldTokens(session, { now }),
    dropMails(session, { ...kept, beforeId: idAt(now - MAILS_KEPT_MS) }),
    dropLinks(session, { before: now - LINKS_KEPT_MS, rows: PURGE_ROWS }),
    dropSessions(session, { before: now, rows: PURGE_ROWS }),
    dropKeys(session, { now, rows: PURGE_ROWS }),
    dropTriedSignIns(session, { ...kept, beforeId: idAt(now - SIGN_IN_WINDOW_MS) }),
    dropFlows(session, { now, rows: PURGE_ROWS }),
    dropCodes(session, { before: now - SESSION_LIFE_MS, rows: PURGE_ROWS }),
    dropRevoked(session, { now, rows: PURGE_ROWS }),
  ]);
  return results.some(({ meta }) => meta.changes >= PURGE_ROWS);
}
