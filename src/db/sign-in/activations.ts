import { sql } from 'drizzle-orm';
import type { AuditDetails, RequestOrigin } from '../../model/events/audit.ts';
import type { Event } from '../../model/events/event.ts';
import type { Branding } from '../../model/resellers/branding.ts';
import { ORGANIZATION_ADMIN } from '../../model/users/role.ts';
import type { User } from '../../model/users/user.ts';
import { type AuditRow, auditAfter, noticeMail } from '../commit/audit-entry.ts';
import { afterChange, chain } from '../commit/chain.ts';
import { insertEventAfter, type OtherResellerEvent } from '../commit/commit.ts';
import { brandingIf, brandingJoined } from '../resellers/branding.ts';
import {
  activations,
  apiClients,
  externalIdentities,
  organizations,
  passkeys,
  resellers,
  totpSecrets,
  users,
} from '../schema/index.ts';
import { isActiveSession, sessionWithUser } from '../sessions/active-session.ts';
import { intersection, scopesIn } from '../sessions/prepared-scopes.ts';
import { endSessionsAfter } from '../sessions/sessions.ts';
import { servingReseller } from '../sql/not-deleted.ts';
import { query } from '../sql/query.ts';
import { rightsOf } from '../sql/rights.ts';
import { flag, value } from '../sql/selection.ts';
import { arg, type Db, literal, statement, writtenBytes } from '../sql/statement.ts';
import { chargeAfter, unlimitedCharge } from '../usage/budgets.ts';
import { tenantDetailsSelected } from '../users/user-in-tenant.ts';
import { userSelected } from '../users/users.ts';
import { deleteAttemptsAtReplacedPassword } from './attempts.ts';

// A newer link voids this one only once its e-mail is sent.
const isNewest = sql`link.email_key = user.email_key and not exists (select 1 from ${activations} as younger
  where younger.user_id = link.user_id and younger.seq > link.seq and younger.sent_at is not null)`;

// Empty scopes: an organization administrator requested the link.
const hasIssuerRights = sql`iif(link.asked_scopes = '',
  self.role = ${literal(ORGANIZATION_ADMIN)} and self.organization_id = user.organization_id,
  not exists (select 1 from ${scopesIn(sql`link.asked_scopes`)} as scope
    where scope.value not in (select value from json_each(${rightsOf('self', 'membership')}))))`;

// Ends with the session or API client that it was issued to, and with its rights.
const isIssuerActive = sql`(link.issued_to is null
  or exists (select 1 from ${sessionWithUser} where session.id = link.issued_to and ${isActiveSession} and ${hasIssuerRights})
  or exists (select 1 from ${apiClients} as asking where asking.id = link.issued_to and asking.revoked_at is null))`;

export type LinkPurpose = (typeof activations.$inferSelect)['purpose'];
export type LinkState = 'open' | 'used' | 'replaced' | 'expired';
export type PasswordLink = {
  readonly state: LinkState;
  readonly purpose: LinkPurpose;
  /** Null: the user has moved to another tenant. */
  readonly branding: Branding | null;
  /** False: an administrator received the link. */
  readonly mailed: boolean;
  readonly user: User;
  /** Tenants with a pending invitation. */
  readonly invitedBy: readonly string[];
};

/** Factors and identities of the table `user`, which the preparing credential may have added. */
const hasPreparedCredentials = sql`exists (select 1 from ${totpSecrets} where user_id = user.id
  union all select 1 from ${passkeys} where user_id = user.id
  union all select 1 from ${externalIdentities} where user_id = user.id)`;

const isMailed = sql`link.asked_by is null`;
const find = query(() => ({
  select: {
    user: userSelected,
    location: tenantDetailsSelected(sql`user.reseller_id`),
    state: value<LinkState>(sql`case when link.used_at is not null then 'used' when not (${isNewest}) then 'replaced'
      when link.expires_at <= ${arg('now')} or not ${isIssuerActive} then 'expired' else 'open' end`),
    purpose: value<LinkPurpose>(sql`link.purpose`),
    mailed: flag(isMailed),
    branding: brandingIf(sql`link.reseller_id = reseller.id`),
  },
  from: sql`from ${activations} as link
    join ${users} as user on user.id = link.user_id
    join ${resellers} as reseller on reseller.id = ${servingReseller} ${brandingJoined}
    left join ${organizations} as organization on organization.id = user.organization_id
    where link.token_hash = ${arg('tokenHash')}`,
}));

export async function findPasswordLink(db: Db, tokenHash: string, now: number): Promise<PasswordLink | null> {
  const [found] = await find(db, { tokenHash, now, calledAt: now });
  if (found === undefined || found.user === null) return null;
  const { user, location, ...link } = found;
  return { ...link, user, invitedBy: location.invitedBy };
}

// A token for an administrator marks the user as prepared; a mailed link clears that, unless factors or identities remain.
const setPassword = statement(
  () => sql`update ${users} as user set password_hash = ${arg('passwordHash')}, verified_at = ${arg('verifiedAt')},
      updated_at = ${arg('updatedAt')}, email_verified_at = iif(${isMailed}, ${arg('now')}, user.email_verified_at),
      prepared_scopes = iif(${isMailed}, iif(${hasPreparedCredentials}, user.prepared_scopes, null),
        iif(user.prepared_scopes is null, link.asked_scopes, ${intersection(sql`user.prepared_scopes`, sql`link.asked_scopes`)})),
      prepared_at = iif(${isMailed}, iif(${hasPreparedCredentials}, user.prepared_at, null), ${arg('now')})
    from ${activations} as link
    where user.id = ${arg('userId')} and user.updated_at = ${arg('readAt')}
      and ${servingReseller} is not null
      and link.token_hash = ${arg('tokenHash')} and link.user_id = user.id
      and link.used_at is null and link.expires_at > ${arg('now')} and ${isNewest} and ${isIssuerActive}`,
);
const useUp = afterChange(
  (changed) =>
    sql`update ${activations} set used_at = ${arg('now')} where token_hash = ${arg('tokenHash')} and ${changed}`,
);

export type NewPassword = {
  readonly tokenHash: string;
  readonly passwordHash: string;
  readonly event: Extract<Event, { type: 'reseller.user.activated' | 'reseller.user.updated' }>;
  readonly eventId: string;
  readonly otherEvents: readonly OtherResellerEvent[];
  /** Null: the user's first password. */
  readonly audit: { readonly details: AuditDetails; readonly id: string } | null;
  /** Null: no notice to the user. */
  readonly mailId: string | null;
  readonly requestId: string;
  readonly origin: RequestOrigin;
  readonly now: number;
};

/** Also ends the sessions. Returns false where the link is not open or the user has changed. */
export async function recordPassword(db: Db, choice: NewPassword): Promise<boolean> {
  const { tokenHash, passwordHash, event, eventId, otherEvents, requestId, origin, now } = choice;
  const { before, after } = event;
  const values = { tokenHash, passwordHash, now, calledAt: now, userId: after.id, readAt: before.updatedAt, ...after };
  const eventRow = {
    resellerId: after.resellerId,
    subject: after.id,
    actor: `user:${after.id}`,
    requestId,
    now,
    ...origin,
  };
  const chosen = chain(
    setPassword(db, values),
    insertEventAfter(db, event, { ...eventRow, id: eventId }),
    ...otherEvents.map(({ event: otherEvent, ...row }) => insertEventAfter(db, otherEvent, { ...eventRow, ...row })),
    ...auditEntries(db, choice, eventRow),
  );
  const charge = unlimitedCharge(writtenBytes(chosen));
  const [written] = await db.batch([
    ...chain(
      ...chosen,
      ...chargeAfter(db, after.resellerId, charge, now),
      useUp(db, values),
      endSessionsAfter(db, after.id, {
        reason: 'password-changed',
        by: eventRow.actor,
        from: after.resellerId,
        requestId,
        now,
        ...origin,
      }),
    ),
    deleteAttemptsAtReplacedPassword(db, values),
    ...noticeEmails(db, choice),
  ]);
  return (written?.meta.changes ?? 0) > 0;
}

function auditEntries(db: Db, { audit }: NewPassword, eventRow: Omit<AuditRow, 'id'>) {
  if (audit === null) return [];
  const { id, details } = audit;
  return [auditAfter(db, { type: 'account.password-changed', details }, { ...eventRow, id })];
}

function noticeEmails(db: Db, { audit, mailId, event, now }: NewPassword) {
  if (audit === null || mailId === null) return [];
  const { id: userId, resellerId: payer } = event.after;
  return noticeMail(db, { id: mailId, eventId: audit.id, userId, payer, now });
}
