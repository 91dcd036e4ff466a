import { type SQL, sql } from 'drizzle-orm';
import type { AuditEvent, RequestOrigin } from '../../model/events/audit.ts';
import { immediatelyDueAt } from '../../model/webhooks/due.ts';
import { dueIfEnabled } from '../emails/emails.ts';
import { emails, events, resellers, users } from '../schema/index.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { servingReseller } from '../sql/not-deleted.ts';
import { arg, type Db, insertSelect, statement, writtenBytes } from '../sql/statement.ts';
import { chargeAfter, unlimitedCharge } from '../usage/budgets.ts';
import { afterChange, chain } from './chain.ts';
import { statesToColumns } from './event-states.ts';

/** `resellerId` null: the operator's. */
export type AuditRow = RequestOrigin & {
  readonly id: string;
  readonly resellerId: string | null;
  readonly actor: string;
  readonly subject: string;
  readonly requestId: string;
  readonly now: number;
};

export const EVENT_COLUMNS = ['id', 'resellerId', 'type', 'actor', 'subject', 'after', 'requestId', 'occurredAt'];
const fields = [...EVENT_COLUMNS, 'address', 'userAgent', 'auditOnly'];
const allFields = [...fields, 'before'];
const insertEntryAfter = afterChange((changed) => insertSelect(events, allFields, sql`where ${changed}`));

export const auditEntryBy = (
  { newId, actor, requestId, origin, now }: CallerContext,
  target: Pick<AuditRow, 'resellerId' | 'subject'>,
): AuditRow => ({ id: newId(), actor: actor.name, requestId, now, ...origin, ...target });

export const valuesOf = ({ type, before = null, details }: AuditEvent, { now, ...row }: AuditRow) => ({
  ...row,
  type,
  ...statesToColumns({ before, after: details }),
  occurredAt: now,
  auditOnly: true,
});

/** Directly after its write: without a changed row there is no entry. */
export const auditAfter = (db: Db, event: AuditEvent, row: AuditRow) => insertEntryAfter(db, valuesOf(event, row));

/**
 * For a batch that reads the state `before`: directly ahead of the write, under the same conditions; the write is its
 * follow-up.
 */
export const auditBefore = (rest: SQL, computed: Readonly<Record<string, SQL>>) =>
  insertSelect(
    events,
    fields.filter((field) => !(field in computed)),
    rest,
    computed,
  );

const insertNoticeMail = statement(
  () => sql`insert into ${emails} (id, cause, template, language, recipient, recipient_key, reseller_id, user_id, event_id,
      state, next_attempt_at, created_at)
    select ${arg('id')}, ${arg('eventId')}, 'security-notice', user.language, user.email, user.email_key, reseller.id, user.id,
      ${arg('eventId')}, 'pending', ${dueIfEnabled}, ${arg('now')}
    from ${users} as user join ${resellers} as reseller on reseller.id = ${servingReseller}
    where user.id = ${arg('userId')} and exists (select 1 from ${events} where id = ${arg('eventId')})`,
);

type NoticeMail = {
  readonly id: string;
  readonly eventId: string;
  readonly userId: string;
  readonly payer: string | null;
  readonly now: number;
};

/** After the entry and all that is chained to it. */
export function noticeMail(db: Db, { payer, ...mail }: NoticeMail): D1PreparedStatement[] {
  const written = insertNoticeMail(db, { ...mail, dueAt: immediatelyDueAt(mail.now) });
  return [...chain(written, ...chargeAfter(db, payer, unlimitedCharge(writtenBytes([written]), 1), mail.now))];
}

export const isAudited = sql`exists (select 1 from ${events} where id = ${arg('entry')})`;
