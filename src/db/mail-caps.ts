import { type SQL, sql } from 'drizzle-orm';
import { LINK_MAILS_MAX, LINK_MAILS_WINDOW_MS, RECIPIENT_MAILS_MAX } from '../model/limits.ts';
import { emails } from './schema.ts';
import { arg } from './statement.ts';

/** Whether a template brings a link, as 1 or 0; what somebody is told has room of its own, so that links cannot fill it up. */
export const isLink = (template: SQL) =>
  sql`(${template} in ('activation', 'password-reset', 'subscription-confirmation', 'membership-invitation'))`;

/** A mail about to be written: to whom, of which kind, and the how many-eth it is in its statement for each. */
type Due = {
  readonly recipientKey: SQL;
  readonly userId: SQL;
  readonly links: SQL;
  readonly nthToRecipient?: SQL;
  readonly nthToUser?: SQL;
};

const lately = (
  whose: SQL,
  links: SQL,
) => sql`from ${emails} as other where ${whose} and other.created_at > ${arg('since')}
  and other.status_update_id is null and ${isLink(sql`other.template`)} = ${links}`;
const toRecipient = (key: SQL, links: SQL) => lately(sql`other.recipient_key = ${key}`, links);
const aboutUser = (userId: SQL, links: SQL) => lately(sql`other.user_id = ${userId}`, links);
/** Who asks for a link: a caller with a credential, or anyone who knows the address. */
type Asker = 'caller' | 'anyone';
const askedBy: Readonly<Record<Asker, SQL>> = { caller: sql`is not null`, anyone: sql`is null` };
const asked = (userId: SQL, by: Asker) => sql`from ${emails} as other where other.user_id = ${userId}
  and other.event_id is null and other.status_update_id is null and other.created_at > ${arg('since')}
  and other.asked_by ${askedBy[by]}`;

/** There is room for one more to this recipient, whoever asks for it and whatever for. */
export const hasRoom = ({ recipientKey, userId, links, nthToRecipient = sql`1`, nthToUser = sql`1` }: Due) =>
  sql`(select count(*) ${toRecipient(recipientKey, links)}) + ${nthToRecipient} <= ${RECIPIENT_MAILS_MAX}
    and (select count(*) ${aboutUser(userId, links)}) + ${nthToUser} <= ${RECIPIENT_MAILS_MAX}`;

/** There is room for one more link to the table `user`: anyone's requests use up no caller's. */
export const mayAsk = (by: Asker) => sql`(select count(*) ${asked(sql`user.id`, by)}) < ${LINK_MAILS_MAX}
  and ${hasRoom({ recipientKey: sql`user.email_key`, userId: sql`user.id`, links: sql`1` })}`;

const last = (among: SQL, max: number) =>
  sql`ifnull((select other.created_at ${among} order by other.created_at desc limit 1 offset ${max - 1}), 0)`;
/** When the mails were written that have to be out of the window before a caller can ask again for a user, by id and address. */
export const fullSince = (userId: SQL, recipientKey: SQL) => sql`max(${last(asked(userId, 'caller'), LINK_MAILS_MAX)},
  ${last(toRecipient(recipientKey, sql`1`), RECIPIENT_MAILS_MAX)}, ${last(aboutUser(userId, sql`1`), RECIPIENT_MAILS_MAX)})`;

/** Since when mails count. */
export const countedSince = (now: number) => now - LINK_MAILS_WINDOW_MS;
