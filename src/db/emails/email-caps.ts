import { type SQL, sql } from 'drizzle-orm';
import type { EmailTemplate } from '../../model/emails/email.ts';
import {
  LINK_MAILS_MAX,
  LINK_MAILS_WINDOW_MS,
  RECIPIENT_MAILS_MAX,
  TENANT_RECIPIENT_MAILS_MAX,
  UNVERIFIED_LINKS_MAX,
  UNVERIFIED_NOTICES_MAX,
  UNVERIFIED_WINDOW_MS,
  WAITING_MAILS_MAX,
} from '../../model/limits/index.ts';
import { emails, mailboxOf, users } from '../schema/index.ts';
import { returning } from '../sql/query.ts';
import { value } from '../sql/selection.ts';
import { arg, statement } from '../sql/statement.ts';

export const requestedOnPage = sql`'page:' || ${arg('id')}`;

/** Notices have a cap of their own, so that links cannot use it up. */
export const emailCapKind = (mail: SQL) => sql`case
  when ${mail}.template not in ('activation', 'password-reset', 'subscription-confirmation', 'membership-invitation') then 'notice'
  when ${mail}.cause glob 'page:*' then 'page' else 'link' end`;
const isNotice = (mail: SQL) => sql`(${emailCapKind(mail)} = 'notice')`;

export const capWindowStarts = (now: number) => ({
  since: now - LINK_MAILS_WINDOW_MS,
  unprovedSince: now - UNVERIFIED_WINDOW_MS,
});

/** The time of the `max`-th youngest mail; 0 if there are fewer. */
const nthLatest = (time: SQL, among: SQL, max: number) =>
  sql`ifnull((select ${time} ${among} order by ${time} desc limit 1 offset ${max - 1}), 0)`;

const [mail, other] = [sql`mail`, sql`other`];
const mailsToMailbox = (more: SQL) => sql`from ${emails} as other where other.mailbox_key = mail.mailbox_key
  and other.attempted_at > ${arg('since')} and other.status_update_id is null and other.id <> mail.id
  and other.state <> 'dropped' and ${isNotice(other)} = ${isNotice(mail)} and ${more}`;
const attemptedAt = sql`other.attempted_at`;
const capFreeAt = sql`(${LINK_MAILS_WINDOW_MS} + max(${nthLatest(attemptedAt, mailsToMailbox(sql`true`), RECIPIENT_MAILS_MAX)},
  ${nthLatest(attemptedAt, mailsToMailbox(sql`other.reseller_id = mail.reseller_id`), TENANT_RECIPIENT_MAILS_MAX)}))`;
const tooManyPending = sql`ifnull((select true from ${emails} as other
  where other.reseller_id = mail.reseller_id and other.mailbox_key = mail.mailbox_key and other.state = 'pending'
    and other.status_update_id is null and other.id <> mail.id and ${isNotice(other)} = ${isNotice(mail)}
    and (other.attempted_at is null or other.attempted_at <= ${arg('since')})
  limit 1 offset ${WAITING_MAILS_MAX - 1}), false)`;

/** The address is unverified, or the mail asks for its owner's consent. */
export const isUnverifiedRecipient = sql`(mail.status_update_id is null and (
  mail.template in ('subscription-confirmation', 'membership-invitation') or not exists (select 1 from ${users} as owner
    where owner.email_key = mail.recipient_key and owner.email_verified_at is not null)))`;
const mailsToUnverified = (mailbox: SQL, resellerId: SQL) => sql`from ${emails} as other where other.unproved = 1
  and other.mailbox_key = ${mailbox} and other.reseller_id = ${resellerId} and other.attempted_at > ${arg('unprovedSince')}
  and other.state <> 'dropped'`;
const exceedsUnverifiedCap = sql`(${isUnverifiedRecipient} and (select count(*) ${mailsToUnverified(sql`mail.mailbox_key`, sql`mail.reseller_id`)}
  and other.id <> mail.id and ${emailCapKind(other)} = ${emailCapKind(mail)})
    >= iif(${isNotice(mail)}, ${UNVERIFIED_NOTICES_MAX}, ${UNVERIFIED_LINKS_MAX}))`;

export const isDueEmail = sql`mail.id = ${arg('id')} and mail.state = 'pending' and mail.next_attempt_at <= ${arg('now')}`;
const isDuePersonalEmail = sql`${isDueEmail} and mail.status_update_id is null`;
export const dropExcessEmail = returning(() => ({
  give: { template: value<EmailTemplate>(sql`template`), reason: value<string>(sql`reason`) },
  write: sql`update ${emails} as mail set state = 'dropped', next_attempt_at = null, lease = null, settled_at = ${arg('now')},
      reason = iif(${exceedsUnverifiedCap}, 'too many to an unproved address', 'too many wait')
    where ${isDuePersonalEmail} and (${exceedsUnverifiedCap} or (${capFreeAt} > ${arg('now')} and ${tooManyPending}))`,
}));
export const delayCappedEmail = statement(
  () => sql`update ${emails} as mail set next_attempt_at = ${capFreeAt}, lease = null, reason = 'waits for its turn'
    where ${isDuePersonalEmail} and ${capFreeAt} > ${arg('now')}`,
);

const LINK_KINDS = { caller: sql`'link'`, anyone: sql`'page'` } as const;
const requestedLinks = (by: keyof typeof LINK_KINDS) => sql`from ${emails} as other where other.user_id = user.id
  and other.event_id is null and other.status_update_id is null and other.created_at > ${arg('since')}
  and ${emailCapKind(other)} = ${LINK_KINDS[by]}`;
/** Links requested without authentication do not count against callers. */
export const isBelowLinkCap = (by: keyof typeof LINK_KINDS) =>
  sql`(select count(*) ${requestedLinks(by)}) < ${LINK_MAILS_MAX}`;

const unverifiedLinks = sql`${mailsToUnverified(mailboxOf(sql`user.email_key`), sql`user.reseller_id`)} and ${emailCapKind(other)} = 'link'`;
const isUnverifiedUser = sql`user.email_verified_at is null`;
export const isBelowUnverifiedLinkCap = sql`not (${isUnverifiedUser} and (select count(*) ${unverifiedLinks}) >= ${UNVERIFIED_LINKS_MAX})`;

export const nextLinkAt = sql`max(${nthLatest(sql`other.created_at`, requestedLinks('caller'), LINK_MAILS_MAX)} + ${LINK_MAILS_WINDOW_MS},
  iif(${isUnverifiedUser}, ${nthLatest(attemptedAt, unverifiedLinks, UNVERIFIED_LINKS_MAX)} + ${UNVERIFIED_WINDOW_MS}, 0))`;
