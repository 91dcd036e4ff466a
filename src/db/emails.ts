import { sql } from 'drizzle-orm';
import { dueNow } from '../model/due.ts';
import type { NewMail } from '../model/email.ts';
import { inGroups } from '../model/groups.ts';
import { IDS_PER_PARAMETER, MAIL_SWEEP } from '../model/limits.ts';
import { countedSince, hasRoom, isLink } from './mail-caps.ts';
import { emails, resellers } from './schema.ts';
import { arg, idsGiven, type Session, statement } from './statement.ts';

/** The mails of a reseller that is not enabled wait. */
export const dueIfEnabled = sql`iif(reseller.enabled, ${arg('dueAt')}, null)`;

const insert = statement(
  () => sql`insert into ${emails} (id, cause, template, language, recipient, recipient_key, reseller_id, user_id, event_id,
      state, next_attempt_at, created_at)
    select given.value ->> 'id', given.value ->> 'eventId', given.value ->> 'template', given.value ->> 'language',
      ifnull(given.value ->> '$.recipient.email', reseller.email), ifnull(given.value ->> '$.recipient.key', reseller.email_key),
      reseller.id, given.value ->> 'userId', given.value ->> 'eventId', 'pending', ${dueIfEnabled}, ${arg('now')}
    from json_each(${arg('rows')}) as given
    join ${resellers} as reseller on reseller.id = given.value ->> 'resellerId' and reseller.deleted_at is null
    where ifnull(given.value ->> '$.recipient.email', reseller.email) <> '' and ${hasRoom({
      recipientKey: sql`ifnull(given.value ->> '$.recipient.key', reseller.email_key)`,
      userId: sql`given.value ->> 'userId'`,
      links: isLink(sql`given.value ->> 'template'`),
      nthToRecipient: sql`(given.value ->> 'nthToRecipient')`,
      nthToUser: sql`(given.value ->> 'nthToUser')`,
    })} on conflict do nothing`,
);

/**
 * Writes these mails, one for each event, to stand in the batch that closes their events; those left out that would be too
 * many for their recipient.
 */
export function insertMails(
  session: Session,
  mails: readonly NewMail[],
  given: { readonly now: number; readonly dueAt: number },
): D1PreparedStatement[] {
  const times = { ...given, since: countedSince(given.now) };
  return inGroups(mails, IDS_PER_PARAMETER).map((group) =>
    insert(session, { ...times, rows: JSON.stringify(numbered(group)) }),
  );
}

type Numbered = Pick<NewMail, 'resellerId' | 'userId'> & { readonly recipient: { readonly key: string } | null };
/** A statement sees no rows of its own: each mail says the how many-eth it is to its recipient and to its user. */
export function numbered<T extends Numbered>(mails: readonly T[]) {
  const seen = new Map<string, number>();
  const nth = (whose: string) => {
    seen.set(whose, (seen.get(whose) ?? 0) + 1);
    return seen.get(whose);
  };
  return mails.map((mail) => ({
    ...mail,
    nthToRecipient: nth(`address ${mail.recipient?.key ?? mail.resellerId}`),
    nthToUser: mail.userId === null ? 1 : nth(`user ${mail.userId}`),
  }));
}

/** The start of an insert of a mail with a new link for the table `user`, whose reseller the table `reseller` is. */
export const insertLinkMail = sql`insert into ${emails} (id, cause, template, language, recipient, recipient_key, reseller_id,
    user_id, asked_by, state, next_attempt_at, created_at)
  select ${arg('id')}, ${arg('id')}, iif(user.verified_at is null, 'activation', 'password-reset'), user.language,
    user.email, user.email_key, reseller.id, user.id, ${arg('askedBy')}, 'pending', ${dueIfEnabled}, ${arg('now')}`;
/** What these statements have to know of the time, and of the caller; null: there is none. */
export const askedAt = (now: number, askedBy: string | null) => ({
  ...{ now, askedBy, dueAt: dueNow(now) },
  since: countedSince(now),
});

const released = statement(
  () => sql`select mail.id from ${emails} as mail where mail.reseller_id in ${idsGiven} and mail.state = 'pending'
    and mail.next_attempt_at <= ${arg('now')} limit ${arg('limit')}`,
);

/** Mails of these resellers that are due, as many as the sweep would take at once. */
export async function findReleasedMails(
  session: Session,
  resellerIds: readonly string[],
  now: number,
): Promise<string[]> {
  const { results } = await released(session, { ids: JSON.stringify(resellerIds), now, limit: MAIL_SWEEP }).all<{
    id: string;
  }>();
  return results.map(({ id }) => id);
}

const overdue = statement(
  () => sql`select id from ${emails} where state = 'pending' and next_attempt_at <= ${arg('before')}
    and (status_update_id is null) = ${arg('personal')} order by next_attempt_at limit ${arg('limit')}`,
);

/**
 * Mails that were due, or whose sender should have been done, before this time. Those to one person come first: a status
 * update to thousands may be waiting its turn.
 */
export async function findOverdueMails(session: Session, before: number): Promise<string[]> {
  const found = await session.batch<{ id: string }>(
    [1, 0].map((personal) => overdue(session, { before, personal, limit: MAIL_SWEEP })),
  );
  return found.flatMap(({ results }) => results.map(({ id }) => id)).slice(0, MAIL_SWEEP);
}

const recent = statement(
  () => sql`select id, template, language, recipient, state, attempts, reason, created_at as createdAt
    from ${emails} order by id desc limit ${arg('limit')}`,
);

export type MailRecord = Pick<
  typeof emails.$inferSelect,
  'id' | 'template' | 'language' | 'recipient' | 'state' | 'attempts' | 'reason' | 'createdAt'
>;

/** The youngest mails and what became of them. */
export async function listRecentMails(session: Session, limit: number): Promise<MailRecord[]> {
  return (await recent(session, { limit }).all<MailRecord>()).results;
}
