import { sql } from 'drizzle-orm';
import { type AuditEvent, NO_ORIGIN, type RequestOrigin } from '../../model/events/audit.ts';
import type { Event, EventRecord } from '../../model/events/event.ts';
import { type Failure, refuse } from '../../model/failure.ts';
import { IDEMPOTENCY_RETENTION_MS, RELAY_GRACE_MS } from '../../model/limits/index.ts';
import { events, idempotencyKeys } from '../schema/index.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { arg, type Db, insertSelect, statement } from '../sql/statement.ts';
import { chargeAfter, refuseOverBudget } from '../usage/budgets.ts';
import { type ChangeCost, chargeOf, payerOf } from '../usage/change-cost.ts';
import { auditAfter, auditEntryBy, EVENT_COLUMNS, noticeMail } from './audit-entry.ts';
import { afterChange, chain, type GuardedStatement } from './chain.ts';
import { statesToColumns } from './event-states.ts';

export type SharedEvent = { readonly resellerIds: readonly string[]; readonly event: Event };

export type OtherResellerEvent = Pick<EventRecord, 'id' | 'resellerId' | 'actor' | 'requestId'> &
  RequestOrigin & { readonly event: Event };

export type Change = ChangeCost & {
  /** No changed row: a guard refused. */
  readonly write: D1PreparedStatement;
  readonly follow?: readonly GuardedStatement[];
  /** Null: no state changes, as for a test. */
  readonly event: Event | null;
  readonly resellerId: string | null;
  /** For the user's other tenants. */
  readonly elsewhere?: readonly SharedEvent[];
  /** A `notified` user gets a mail about `event`, which covers `also`. */
  readonly audit?: { readonly event: AuditEvent; readonly also?: AuditEvent | undefined; readonly notified?: string };
  /** Guarded by the audit entry, since it may change no row. */
  readonly sweep?: (entry: string) => readonly D1PreparedStatement[];
  readonly subject: string;
  /** For the idempotency key. */
  readonly result: unknown;
  /** Refuses with the guard's error. */
  readonly refused: () => Promise<unknown>;
};

const insertEvent = afterChange((changed) =>
  insertSelect(events, [...EVENT_COLUMNS, 'before', 'address', 'userAgent', 'relayAt'], sql`where ${changed}`),
);
const insertReply = afterChange((changed) =>
  insertSelect(
    idempotencyKeys,
    ['credential', 'key', 'fingerprint', 'status', 'sealedBody', 'expiresAt'],
    sql`where ${changed}`,
  ),
);
const dropExpired = statement(
  () => sql`delete from ${idempotencyKeys}
    where credential = ${arg('credential')} and key = ${arg('key')} and expires_at <= ${arg('now')}`,
);

const failureByColumns: Readonly<Record<string, Failure>> = {
  'users.email_key': { kind: 'email_taken' },
  'resellers.name_key': { kind: 'name_taken' },
  'memberships.user_id, memberships.reseller_id': { kind: 'email_taken' },
  'organizations.reseller_id, organizations.name_key': { kind: 'name_taken' },
  'storage_accounts.reseller_id, storage_accounts.name_key': { kind: 'name_taken' },
  'webhook_recoveries.endpoint_id': { kind: 'recovery_running' },
  'idempotency_keys.credential, idempotency_keys.key': { kind: 'request_in_progress' },
};

/**
 * The only way to change state: one batch. Refuses `email_taken`, `name_taken`, `recovery_running`, what `refused`
 * finds, or `changed_meanwhile`.
 */
export async function commit(caller: CallerContext, change: Change): Promise<void> {
  const { db, actor, requestId, origin, now, idempotency } = caller;
  const { event, subject } = change;
  const entry = { subject, actor: actor.name, requestId, now, ...origin };
  const own = event === null ? [] : [{ id: caller.newId(), resellerId: change.resellerId, event }];
  const allEvents = [...own, ...eventsForOtherResellers(caller, change)];
  const events = allEvents.map(({ event: payload, ...one }) => insertEventAfter(db, payload, { ...entry, ...one }));
  const storedReply = idempotency === null ? null : await storeReply(caller, idempotency, change.result);
  const audited = auditChange(caller, change);
  const changing = chain(change.write, ...(change.follow ?? []), ...events, ...audited.statements);
  const replyInserts = storedReply === null ? [] : [storedReply.insert];
  const charge = chargeOf(caller, change, {
    heard: allEvents,
    statements: [...changing, ...replyInserts, ...audited.swept],
  });
  const charged = chargeAfter(db, payerOf(caller, change), charge, now);
  const batch = [
    ...(storedReply === null ? [] : [storedReply.drop]),
    ...chain(...changing, ...charged, ...replyInserts),
    ...audited.swept,
    ...audited.notice,
  ];
  const results = await db.batch(batch).catch((error) => refuseViolation(error, now));
  if (results[batch.indexOf(change.write)]?.meta.changes === 0) {
    await change.refused();
    refuse({ kind: 'changed_meanwhile' });
  }
  caller.eventIds.push(...allEvents.map(({ id }) => id));
  caller.emailIds.push(...audited.mails);
}

function auditChange(caller: CallerContext, change: Change) {
  const { audit, sweep, resellerId, subject } = change;
  const { db, now, newId } = caller;
  if (audit === undefined) return { statements: [], swept: [], notice: [], mails: [] };
  const { event, also, notified: userId } = audit;
  const entry = auditEntryBy(caller, { resellerId, subject });
  const { id: eventId } = entry;
  const audited = [auditAfter(db, event, entry)];
  if (also !== undefined) audited.push(auditAfter(db, also, { ...entry, id: newId() }));
  const swept = sweep?.(eventId) ?? [];
  if (userId === undefined) return { statements: audited, swept, notice: [], mails: [] };
  const id = newId();
  const notice = noticeMail(db, { id, eventId, userId, payer: payerOf(caller, change), now });
  return { statements: audited, swept, notice, mails: [id] };
}

/** Without actor, origin and request id, which are private. */
export function eventsForOtherResellers(
  { newId }: Pick<CallerContext, 'newId'>,
  { resellerId: home, elsewhere = [] }: Pick<Change, 'resellerId' | 'elsewhere'>,
): OtherResellerEvent[] {
  const anonymized = { actor: `reseller:${home}`, requestId: newId(), ...NO_ORIGIN };
  return elsewhere.flatMap(({ resellerIds, event }) =>
    resellerIds.map((resellerId) => ({ id: newId(), resellerId, event, ...anonymized })),
  );
}

/** Directly after its write: without a changed row there is no event. */
export function insertEventAfter(
  db: Db,
  event: Event,
  entry: Pick<EventRecord, 'id' | 'resellerId' | 'subject' | 'actor' | 'requestId'> & {
    readonly now: number;
  } & RequestOrigin,
): GuardedStatement {
  return insertEvent(db, {
    ...entry,
    ...statesToColumns(event),
    type: event.type,
    occurredAt: entry.now,
    relayAt: entry.now + RELAY_GRACE_MS,
  });
}

async function storeReply(
  caller: CallerContext,
  idempotency: NonNullable<CallerContext['idempotency']>,
  result: unknown,
) {
  const { status, sealedBody } = await idempotency.seal(result);
  const key = { credential: caller.actor.credential, key: idempotency.key };
  return {
    drop: dropExpired(caller.db, { ...key, now: caller.now }),
    insert: insertReply(caller.db, {
      ...key,
      fingerprint: idempotency.fingerprint,
      status,
      sealedBody,
      expiresAt: caller.now + IDEMPOTENCY_RETENTION_MS,
    }),
  };
}

function refuseViolation(error: unknown, now: number): never {
  const message = error instanceof Error ? error.message : '';
  const columns = /UNIQUE constraint failed: (?<columns>[\w., ]+?)(?::|$)/.exec(message)?.groups?.['columns'];
  const failure = columns === undefined ? undefined : failureByColumns[columns];
  if (failure === undefined) refuseOverBudget(error, now);
  refuse(failure);
}
