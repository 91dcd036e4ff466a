import { sql } from 'drizzle-orm';
import type { EmailTemplate } from '../../model/emails/email.ts';
import type { StatusUpdate, Subscriber } from '../../model/emails/status-update.ts';
import type { Language } from '../../model/language.ts';
import { INVITATION_LIFE_MS, LINK_LIFE_MS, MAIL_LEASE_MS } from '../../model/limits/index.ts';
import type { Branding } from '../../model/resellers/branding.ts';
import { afterChange, chain } from '../commit/chain.ts';
import { brandingJoined, brandingSelected } from '../resellers/branding.ts';
import { activations, emails, events, resellers, users, webhookEndpoints } from '../schema/index.ts';
import { isDisabledIn, isUserPresent } from '../sql/not-deleted.ts';
import { query } from '../sql/query.ts';
import { columnsOf, flag, jsonValue, record, value } from '../sql/selection.ts';
import { arg, type Db, statement } from '../sql/statement.ts';
import { type EmailedInvitation, emailedInvitation } from '../users/invitations.ts';
import {
  capWindowStarts,
  delayCappedEmail,
  dropExcessEmail,
  emailCapKind,
  isDueEmail,
  isUnverifiedRecipient,
} from './email-caps.ts';
import { type SecurityNotice, securityNoticeSelected } from './notices.ts';
import { confirmationSelected, statusUpdateSelected } from './subscribers.ts';

export type ClaimedEmail = {
  readonly id: string;
  readonly template: EmailTemplate;
  readonly language: Language;
  readonly recipient: string;
  /** Including the attempt about to be made. */
  readonly attempts: number;
  /** Of the request that raised the event; null: the mail has no event. */
  readonly requestId: string | null;
  readonly branding: Branding;
  readonly unproved: boolean;
  /** Null: the mail needs no link. */
  readonly link: { readonly firstName: string; readonly expiresAt: number } | null;
  /** Of the event `webhook.disabled`, while the webhook exists. */
  readonly webhook: {
    readonly id: string;
    readonly name: string;
    readonly url: string;
    readonly suspendedAt: number;
  } | null;
  /** Null: the recipient no longer receives it. */
  readonly statusUpdate: StatusUpdateMail | null;
  /** The user to ask for confirmation of status updates; null: not needed. */
  readonly confirmation: Subscriber | null;
  /** Null: no invitation, or it is no longer open. */
  readonly invitation: EmailedInvitation | null;
  /** Null for other mails, or if the user is gone or disabled. */
  readonly notice: SecurityNotice | null;
};

export type StatusUpdateMail = Subscriber &
  Pick<StatusUpdate, 'title' | 'body' | 'severity'> & { readonly publishedAt: number };

// One link per person is enough: a mail with a newer link, sent or due, replaces this one.
const dropReplaced = statement(
  () => sql`update ${emails} as mail set state = 'dropped', reason = 'replaced by a newer one', next_attempt_at = null,
      lease = null, settled_at = ${arg('now')}
    where ${isDueEmail} and mail.template in ('activation', 'password-reset') and exists (select 1 from ${emails} as newer
      where newer.user_id = mail.user_id and (newer.created_at, newer.id) > (mail.created_at, mail.id)
        and (newer.state = 'sent' or (newer.state = 'pending' and newer.reseller_id = mail.reseller_id
          and ${emailCapKind(sql`newer`)} = ${emailCapKind(sql`mail`)}))
        and newer.template = mail.template and newer.recipient_key = mail.recipient_key)`,
);
const claim = statement(
  () => sql`update ${emails} as mail set attempts = attempts + tenant.enabled, lease = iif(tenant.enabled, ${arg('lease')}, null),
      next_attempt_at = iif(tenant.enabled, ${arg('until')}, null),
      attempted_at = iif(tenant.enabled, ${arg('now')}, attempted_at), unproved = ${isUnverifiedRecipient}
    from ${resellers} as tenant where tenant.id = mail.reseller_id and ${isDueEmail}`,
);

// Invitations go to users who have not joined yet, and links only to the user's current address.
const makeLink = statement(
  () => sql`insert into ${activations} (user_id, purpose, email_key, token_hash, created_at, expires_at, reseller_id)
    select user.id, mail.template, user.email_key, ${arg('tokenHash')}, ${arg('now')}, ${arg('expiresAt')},
      mail.reseller_id
    from ${emails} as mail
    join ${users} as user on user.id = mail.user_id and user.email_key = mail.recipient_key
      and lower(user.email) = lower(mail.recipient)
    where mail.id = ${arg('id')} and mail.lease = ${arg('lease')} and ${isUserPresent} and not ${isDisabledIn(sql`mail.reseller_id`)}
      and mail.template = iif(user.verified_at is null, 'activation', 'password-reset')`,
);

const load = query(() => ({
  select: {
    mail: record({
      id: value<string>(sql`mail.id`),
      template: value<EmailTemplate>(sql`mail.template`),
      language: value<Language>(sql`mail.language`),
      recipient: value<string>(sql`mail.recipient`),
      attempts: value<number>(sql`mail.attempts`),
      unproved: flag(sql`mail.unproved`),
      requestId: value<string | null>(sql`event.request_id`),
      branding: brandingSelected,
      statusUpdate: jsonValue<StatusUpdateMail | null>(statusUpdateSelected),
      confirmation: jsonValue<Subscriber | null>(confirmationSelected),
      invitation: jsonValue<EmailedInvitation | null>(emailedInvitation),
      notice: jsonValue<SecurityNotice | null>(securityNoticeSelected),
    }),
    firstName: value<string | null>(sql`user.first_name`),
    webhook: columnsOf(webhookEndpoints, 'webhook', ['id', 'name', 'url']),
    occurredAt: value<number | null>(sql`event.occurred_at`),
  },
  from: sql`from ${emails} as mail
    join ${resellers} as reseller on reseller.id = mail.reseller_id ${brandingJoined}
    left join ${activations} as link on link.token_hash = ${arg('tokenHash')}
    left join ${users} as user on user.id = link.user_id
    left join ${events} as event on event.id = mail.event_id
    left join ${webhookEndpoints} as webhook on event.type = 'webhook.disabled' and webhook.id = event.subject and webhook.deleted_at is null
      and webhook.status = 'suspended' and reseller.deleted_at is null
    where mail.id = ${arg('id')} and mail.lease = ${arg('lease')}`,
}));

export type DroppedEmail = Pick<ClaimedEmail, 'template'> & { readonly reason: string };

/** Null if already claimed, settled or delayed by a cap. */
export async function claimEmail(
  db: Db,
  id: string,
  options: { readonly lease: string; readonly tokenHash: string; readonly now: number },
): Promise<{ readonly claimed: ClaimedEmail } | { readonly dropped: DroppedEmail } | null> {
  const expiresAt = options.now + LINK_LIFE_MS;
  const until = options.now + MAIL_LEASE_MS;
  const values = { ...options, id, expiresAt, until, invitedAfter: options.now - INVITATION_LIFE_MS };
  const caps = { id, now: options.now, ...capWindowStarts(options.now) };
  const [, excess, ...results] = await db.batch([
    dropReplaced(db, values),
    dropExcessEmail.prepare(db, caps),
    delayCappedEmail(db, caps),
    ...[claim, makeLink, load.prepare].map((make) => make(db, values)),
  ]);
  const [dropped] = dropExcessEmail.read(excess);
  if (dropped !== undefined) return { dropped };
  const [found] = load.read(results.at(-1));
  if (found === undefined) return null;
  const { mail, firstName, webhook, occurredAt } = found;
  const link = firstName === null ? null : { firstName, expiresAt };
  const suspended = webhook === null || occurredAt === null ? null : { ...webhook, suspendedAt: occurredAt };
  return { claimed: { ...mail, link, webhook: suspended } };
}

export type EmailOutcome = {
  readonly state: 'pending' | 'sent' | 'failed' | 'dropped';
  readonly providerId: string | null;
  readonly reason: string;
  readonly nextAttemptAt: number | null;
};

const enabled = sql`exists (select 1 from ${resellers} as owner where owner.id = reseller_id and owner.enabled)`;
const settle = statement(
  () => sql`update ${emails} set state = ${arg('state')}, provider_id = ${arg('providerId')}, reason = ${arg('reason')},
      next_attempt_at = iif(${enabled}, ${arg('nextAttemptAt')}, null), lease = null, settled_at = iif(${arg('state')} = 'pending', null, ${arg('now')})
    where id = ${arg('id')} and lease = ${arg('lease')}`,
);

// A sent link voids the user's older links.
const linkSent = afterChange(
  (changed) => sql`update ${activations} set sent_at = ${arg('now')}
    where token_hash = ${arg('tokenHash')} and ${arg('state')} = 'sent' and ${changed}`,
);

/** Does nothing if another sender has claimed the mail since. */
export async function recordEmail(
  db: Db,
  mail: { readonly id: string; readonly lease: string; readonly tokenHash: string },
  outcome: EmailOutcome,
  now: number,
): Promise<void> {
  const values = { ...mail, ...outcome, now };
  await db.batch([...chain(settle(db, values), linkSent(db, values))]);
}
