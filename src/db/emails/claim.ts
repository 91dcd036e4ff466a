import { sql } from 'drizzle-orm';
import type { EmailTemplate } from '../../model/emails/email.ts';
import type { StatusUpdate, Subscriber } from '../../model/emails/status-update.ts';
import type { Language } from '../../model/language.ts';
import { INVITATION_LIFE_MS, LINK_LIFE_MS, MAIL_LEASE_MS } from '../../model/limits/index.ts';
import type { Branding } from '../../model/resellers/branding.ts';
import { afterChange, chain } from '../commit/chain.ts';
import { brandingJoined, brandingSelected, readBranding } from '../resellers/branding.ts';
import { activations, emails, events, resellers, users, webhookEndpoints } from '../schema/index.ts';
import { there } from '../sql/not-deleted.ts';
import { arg, type Db, statement } from '../sql/statement.ts';
import { type EmailedInvitation, emailedInvitation } from '../users/invitations.ts';
import { awaitTurn, countedSince, dropExcess, dueEmail, kindOf, unproved } from './email-caps.ts';
import { type Notice, noticed } from './notices.ts';
import { askedSubscriber, wantedUpdate } from './subscribers.ts';

/** A mail that this sender holds. */
export type ClaimedEmail = {
  readonly id: string;
  readonly template: EmailTemplate;
  readonly language: Language;
  readonly recipient: string;
  /** Attempts including the one about to be made. */
  readonly attempts: number;
  /** The request that raised the event behind it; null: it has none. */
  readonly requestId: string | null;
  readonly branding: Branding;
  /** Whether its address has proved nothing. */
  readonly unproved: boolean;
  /** Whom the link that was made is for, and until when; null: no link was, since nobody needs one. */
  readonly link: { readonly firstName: string; readonly expiresAt: number } | null;
  /** Of the event `webhook.disabled`: the webhook, if it is still there. */
  readonly webhook: {
    readonly id: string;
    readonly name: string;
    readonly url: string;
    readonly suspendedAt: number;
  } | null;
  /** What it tells of, and whose subscription the mail may end; null: the recipient has none (any more). */
  readonly statusUpdate: WantedUpdate | null;
  /** The user that it asks to confirm status updates; null: that is not needed (any more). */
  readonly asked: Subscriber | null;
  /** What it invites to; null: nothing, or the invitation is no longer open. */
  readonly invitation: EmailedInvitation | null;
  /** Of a change of how the user signs in: which, and whence; null: the user is gone. */
  readonly notice: Notice | null;
};

export type WantedUpdate = Subscriber &
  Pick<StatusUpdate, 'title' | 'body' | 'severity'> & { readonly publishedAt: number };

type Row = Omit<
  ClaimedEmail,
  'branding' | 'unproved' | 'link' | 'webhook' | 'statusUpdate' | 'asked' | 'invitation' | 'notice'
> & {
  readonly notice: string | null;
  readonly asked: string | null;
  readonly invitation: string | null;
  readonly branding: string;
  readonly unproved: number;
  readonly statusUpdate: string | null;
  readonly firstName: string | null;
  readonly webhookId: string | null;
  readonly webhookName: string | null;
  readonly webhookUrl: string | null;
  readonly occurredAt: number | null;
};

// Of several links for the same person the last is enough: one that has left, or one that has the same room to leave.
const replace = statement(
  () => sql`update ${emails} as mail set state = 'dropped', reason = 'replaced by a newer one', next_attempt_at = null,
      lease = null, settled_at = ${arg('now')}
    where ${dueEmail} and mail.template in ('activation', 'password-reset') and exists (select 1 from ${emails} as newer
      where newer.user_id = mail.user_id and (newer.created_at, newer.id) > (mail.created_at, mail.id)
        and (newer.state = 'sent' or (newer.state = 'pending' and newer.reseller_id = mail.reseller_id
          and ${kindOf(sql`newer`)} = ${kindOf(sql`mail`)}))
        and newer.template = mail.template and newer.recipient_key = mail.recipient_key)`,
);
const claim = statement(
  () => sql`update ${emails} as mail set attempts = attempts + tenant.enabled, lease = iif(tenant.enabled, ${arg('lease')}, null),
      next_attempt_at = iif(tenant.enabled, ${arg('until')}, null),
      attempted_at = iif(tenant.enabled, ${arg('now')}, attempted_at), unproved = ${unproved}
    from ${resellers} as tenant where tenant.id = mail.reseller_id and ${dueEmail}`,
);

// An invitation is for who has not come yet, and a link goes only where the user's address still is.
const makeLink = statement(
  () => sql`insert into ${activations} (user_id, purpose, email_key, token_hash, created_at, expires_at, reseller_id)
    select user.id, mail.template, user.email_key, ${arg('tokenHash')}, ${arg('now')}, ${arg('expiresAt')},
      mail.reseller_id
    from ${emails} as mail
    join ${users} as user on user.id = mail.user_id and user.email_key = mail.recipient_key
      and lower(user.email) = lower(mail.recipient)
    where mail.id = ${arg('id')} and mail.lease = ${arg('lease')} and ${there}
      and mail.template = iif(user.verified_at is null, 'activation', 'password-reset')`,
);

const load = statement(
  () => sql`select mail.id, mail.template, mail.language, mail.recipient, mail.attempts, mail.unproved, event.request_id as requestId, ${brandingSelected} as branding,
      user.first_name as firstName, webhook.id as webhookId, webhook.name as webhookName, webhook.url as webhookUrl,
      event.occurred_at as occurredAt, ${wantedUpdate} as statusUpdate,
      ${askedSubscriber} as asked, ${emailedInvitation} as invitation, ${noticed} as notice
    from ${emails} as mail
    join ${resellers} as reseller on reseller.id = mail.reseller_id ${brandingJoined}
    left join ${activations} as link on link.token_hash = ${arg('tokenHash')}
    left join ${users} as user on user.id = link.user_id
    left join ${events} as event on event.id = mail.event_id
    left join ${webhookEndpoints} as webhook on event.type = 'webhook.disabled' and webhook.id = event.subject and webhook.deleted_at is null
      and webhook.status = 'suspended' and reseller.deleted_at is null
    where mail.id = ${arg('id')} and mail.lease = ${arg('lease')}`,
);

/** A mail of which there were too many: it does not leave. */
export type DroppedEmail = Pick<ClaimedEmail, 'template'> & { readonly reason: string };

/**
 * Takes a mail that is due and nobody else's, and makes its link. Null where there is nothing to do: a repeated message
 * finds the mail held or settled, and one too many for its mailbox waits.
 */
export async function claimEmail(
  db: Db,
  id: string,
  given: { readonly lease: string; readonly tokenHash: string; readonly now: number },
): Promise<{ readonly claimed: ClaimedEmail } | { readonly dropped: DroppedEmail } | null> {
  const expiresAt = given.now + LINK_LIFE_MS;
  const until = given.now + MAIL_LEASE_MS;
  const values = { ...given, id, expiresAt, until, invitedAfter: given.now - INVITATION_LIFE_MS };
  const caps = { id, now: given.now, ...countedSince(given.now) };
  const [, excess, ...results] = await db.batch<Record<string, unknown>>([
    replace(db, values),
    dropExcess(db, caps),
    awaitTurn(db, caps),
    ...[claim, makeLink, load].map((make) => make(db, values)),
  ]);
  const dropped = excess?.results[0] as DroppedEmail | undefined;
  if (dropped !== undefined) return { dropped };
  const row = results.at(-1)?.results[0] as Row | undefined;
  return row === undefined ? null : { claimed: readClaimed(row, expiresAt) };
}

function readClaimed(row: Row, expiresAt: number): ClaimedEmail {
  const { firstName, webhookId, webhookName, webhookUrl, occurredAt, statusUpdate, asked, invitation, notice } = row;
  return {
    id: row.id,
    template: row.template,
    language: row.language,
    recipient: row.recipient,
    attempts: row.attempts,
    requestId: row.requestId,
    branding: readBranding(row.branding),
    unproved: row.unproved === 1,
    link: firstName === null ? null : { firstName, expiresAt },
    webhook:
      webhookId === null || webhookName === null || webhookUrl === null || occurredAt === null
        ? null
        : { id: webhookId, name: webhookName, url: webhookUrl, suspendedAt: occurredAt },
    statusUpdate: statusUpdate === null ? null : JSON.parse(statusUpdate),
    asked: asked === null ? null : JSON.parse(asked),
    invitation: invitation === null ? null : JSON.parse(invitation),
    notice: notice === null ? null : JSON.parse(notice),
  };
}

/** How an attempt ended: the mail is pending again from `nextAttemptAt` on, or settled. */
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

// From here on the older links of the same user are void.
const linkSent = afterChange(
  (changed) => sql`update ${activations} set sent_at = ${arg('now')}
    where token_hash = ${arg('tokenHash')} and ${arg('state')} = 'sent' and ${changed}`,
);

/** Records the outcome of an attempt, unless somebody else has taken the mail over since. */
export async function recordEmail(
  db: Db,
  mail: { readonly id: string; readonly lease: string; readonly tokenHash: string },
  outcome: EmailOutcome,
  now: number,
): Promise<void> {
  const values = { ...mail, ...outcome, now };
  await db.batch([...chain(settle(db, values), linkSent(db, values))]);
}
