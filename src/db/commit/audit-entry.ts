import { type SQL, sql } from 'drizzle-orm';
import type { AuditEvent, RequestOrigin } from '../../model/events/audit.ts';
import { immediatelyDueAt } from '../../model/webhooks/due.ts';
import { dueIfEnabled } from '../emails/emails.ts';
import { emails, events, resellers, users } from '../schema/index.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { notifyingReseller } from '../sql/not-deleted.ts';
import { arg, type Db, insertSelect, statement, writtenBytes } from '../sql/statement.ts';
import { chargeAfter, unlimitedCharge } from '../usage/budgets.ts';
import { afterChange, chain } from './chain.ts';
import { statesToColumns } from './event-states.ts';

/** Who did it, to whom, and in which request. A `resellerId` of null is the operator's. */
export type AuditRow = RequestOrigin & {
  readonly id: string;
  readonly resellerId: string | null;
  readonly actor: string;
  readonly subject: string;
  readonly requestId: string;
  readonly now: number;
};

/** What every row says beside where it comes from. */
export const EVENT_COLUMNS = ['id', 'resellerId', 'type', 'actor', 'subject', 'after', 'requestId', 'occurredAt'];
const fields = [...EVENT_COLUMNS, 'address', 'userAgent', 'auditOnly'];
const given = [...fields, 'before'];
const insertBehind = afterChange((changed) => insertSelect(events, given, sql`where ${changed}`));

/** What such a request is noted with. */
export const auditEntryBy = (
  { newId, actor, requestId, origin, now }: CallerContext,
  about: Pick<AuditRow, 'resellerId' | 'subject'>,
): AuditRow => ({ id: newId(), actor: actor.name, requestId, now, ...origin, ...about });

/** The values of an entry, for the statements here. */
export const valuesOf = ({ type, before = null, details }: AuditEvent, { now, ...noted }: AuditRow) => ({
  ...noted,
  type,
  ...statesToColumns({ before, after: details }),
  occurredAt: now,
  auditOnly: true,
});

/** A row of the audit log, to stand directly behind the write that it tells of: without that there is none. */
export const auditAfter = (db: Db, event: AuditEvent, noted: AuditRow) => insertBehind(db, valuesOf(event, noted));

/**
 * `insert into events … select`: an entry for what `rest` finds, where a batch has to read how it was `before`. It stands
 * directly ahead of the write that it tells of, under the same conditions, and the write is a follow-up of it.
 */
export const auditBefore = (rest: SQL, computed: Readonly<Record<string, SQL>>) =>
  insertSelect(
    events,
    fields.filter((field) => !(field in computed)),
    rest,
    computed,
  );

const notice = statement(
  () => sql`insert into ${emails} (id, cause, template, language, recipient, recipient_key, reseller_id, user_id, event_id,
      state, next_attempt_at, created_at)
    select ${arg('id')}, ${arg('eventId')}, 'security-notice', user.language, user.email, user.email_key, reseller.id, user.id,
      ${arg('eventId')}, 'pending', ${dueIfEnabled}, ${arg('now')}
    from ${users} as user join ${resellers} as reseller on reseller.id = ${notifyingReseller}
    where user.id = ${arg('userId')} and exists (select 1 from ${events} where id = ${arg('eventId')})`,
);

type NoticeMail = {
  readonly id: string;
  readonly eventId: string;
  readonly userId: string;
  readonly payer: string | null;
  readonly now: number;
};

/**
 * The mail that tells a user of an entry of the audit log, charged to `payer`, to stand behind that entry and behind all that
 * is chained to it.
 */
export function noticeMail(db: Db, { payer, ...mail }: NoticeMail): D1PreparedStatement[] {
  const written = notice(db, { ...mail, dueAt: immediatelyDueAt(mail.now) });
  return [...chain(written, ...chargeAfter(db, payer, unlimitedCharge(writtenBytes([written]), 1), mail.now))];
}

/** Whether this entry was written (`entry`), for what goes with the change that it tells of. */
export const isAudited = sql`exists (select 1 from ${events} where id = ${arg('entry')})`;
