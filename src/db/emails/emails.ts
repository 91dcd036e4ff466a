import { type SQL, sql } from 'drizzle-orm';
import type { NewEmail } from '../../model/emails/email.ts';
import { IDS_PER_PARAMETER, MAIL_SWEEP_ROWS, MAILS_RELEASED_CHUNK } from '../../model/limits/index.ts';
import { toChunks } from '../../model/to-chunks.ts';
import { immediatelyDueAt } from '../../model/webhooks/due.ts';
import { emails, resellers } from '../schema/index.ts';
import { query, returning } from '../sql/query.ts';
import { columnsOf, type Selected, value } from '../sql/selection.ts';
import { arg, type Db, statement } from '../sql/statement.ts';
import { capWindowStarts } from './email-caps.ts';

/** Mails of a disabled reseller wait. */
export const dueIfEnabled = sql`iif(reseller.enabled, ${arg('dueAt')}, null)`;

const insert = statement(
  () => sql`insert into ${emails} (id, cause, template, language, recipient, recipient_key, reseller_id, user_id, event_id,
      state, next_attempt_at, created_at)
    select given.value ->> 'id', given.value ->> 'eventId', given.value ->> 'template', given.value ->> 'language',
      ifnull(given.value ->> '$.recipient.email', reseller.email), ifnull(given.value ->> '$.recipient.key', reseller.email_key),
      reseller.id, given.value ->> 'userId', given.value ->> 'eventId', 'pending', ${dueIfEnabled}, ${arg('now')}
    from json_each(${arg('rows')}) as given
    join ${resellers} as reseller on reseller.id = given.value ->> 'resellerId' and reseller.deleted_at is null
    where ifnull(given.value ->> '$.recipient.email', reseller.email) <> '' on conflict do nothing`,
);

export function insertEmails(
  db: Db,
  mails: readonly NewEmail[],
  times: { readonly now: number; readonly dueAt: number },
): D1PreparedStatement[] {
  return toChunks(mails, IDS_PER_PARAMETER).map((group) => insert(db, { ...times, rows: JSON.stringify(group) }));
}

export const insertLinkEmail = (
  cause: SQL = sql`${arg('id')}`,
) => sql`insert into ${emails} (id, cause, template, language, recipient, recipient_key, reseller_id,
    user_id, state, next_attempt_at, created_at)
  select ${arg('id')}, ${cause}, iif(user.verified_at is null, 'activation', 'password-reset'), user.language,
    user.email, user.email_key, reseller.id, user.id, 'pending', ${dueIfEnabled}, ${arg('now')}`;
export const emailTimes = (now: number) => ({ now, dueAt: immediatelyDueAt(now), ...capWindowStarts(now) });

const unreleasedMails = (reseller: SQL) =>
  sql`${emails} as mail where mail.reseller_id = ${reseller} and mail.state = 'pending' and mail.next_attempt_at is null`;
const release = returning(() => ({
  give: { id: value<string>(sql`id`) },
  write: sql`update ${emails} set next_attempt_at = ${arg('dueAt')} where id in (select mail.id
    from (select id from ${resellers} where mails_released_at is not null order by mails_released_at desc) as released
    join ${unreleasedMails(sql`released.id`)} limit ${arg('limit')})`,
}));
const clearReleased = statement(
  () => sql`update ${resellers} as reseller set mails_released_at = null
    where mails_released_at is not null and not exists (select 1 from ${unreleasedMails(sql`reseller.id`)})`,
);

export async function releaseEmails(db: Db, now: number): Promise<string[]> {
  const [found] = await db.batch([
    release.prepare(db, { dueAt: immediatelyDueAt(now), limit: MAILS_RELEASED_CHUNK }),
    clearReleased(db, {}),
  ]);
  return release.read(found).map(({ id }) => id);
}

const overdue = query(() => ({
  select: { id: value<string>(sql`id`) },
  from: sql`from ${emails} where state = 'pending' and next_attempt_at <= ${arg('before')}
    and (status_update_id is null) = ${arg('personal')} order by next_attempt_at limit ${arg('limit')}`,
}));

/** Status updates come last. */
export async function findOverdueEmails(db: Db, before: number): Promise<string[]> {
  const found = await db.batch(
    [1, 0].map((personal) => overdue.prepare(db, { before, personal, limit: MAIL_SWEEP_ROWS })),
  );
  return found.flatMap((result) => overdue.read(result).map(({ id }) => id)).slice(0, MAIL_SWEEP_ROWS);
}

const columns = columnsOf(emails, 'mail', [
  'id',
  'template',
  'language',
  'recipient',
  'state',
  'attempts',
  'reason',
  'createdAt',
]);
export type EmailRecord = NonNullable<Selected<typeof columns>>;

const recent = query(() => ({
  select: { mail: columns },
  from: sql`from ${emails} as mail order by mail.id desc limit ${arg('limit')}`,
}));

export async function listRecentEmails(db: Db, limit: number): Promise<EmailRecord[]> {
  return (await recent(db, { limit })).flatMap(({ mail }) => mail ?? []);
}
