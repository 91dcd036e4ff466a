import { sql } from 'drizzle-orm';
import type { AuditEvent, RequestOrigin } from '../../model/events/audit.ts';
import type { Event } from '../../model/events/event.ts';
import { INVITATION_LIFE_MS } from '../../model/limits/index.ts';
import type { Branding } from '../../model/resellers/branding.ts';
import type { Invitation } from '../../model/users/invitation.ts';
import type { Member } from '../../model/users/member.ts';
import type { Role } from '../../model/users/role.ts';
import { auditAfter } from '../commit/audit-entry.ts';
import { afterChange, chain } from '../commit/chain.ts';
import { insertEventAfter, type OtherResellerEvent } from '../commit/commit.ts';
import { insertPasswordMail, resetCredentials } from '../factors/credentials-reset.ts';
import { brandingJoined, brandingSelected } from '../resellers/branding.ts';
import { memberships, organizations, resellers, users } from '../schema/index.ts';
import { isUserPresent } from '../sql/not-deleted.ts';
import { query } from '../sql/query.ts';
import { flag, jsonValue, value } from '../sql/selection.ts';
import { arg, type Db, statement, writtenBytes } from '../sql/statement.ts';
import { chargeAfter, unlimitedCharge } from '../usage/budgets.ts';
import { advanceUserVersion } from './membership.ts';
import { recordRefusalAfter } from './own-memberships.ts';
import { userSelected } from './users.ts';

export type InvitedMember = {
  readonly member: Member;
  readonly tenantName: string;
  readonly branding: Branding;
  /** Whether another credential set the password or address. */
  readonly prepared: boolean;
  readonly hasPassword: boolean;
};

const isOpen = sql`membership.user_id = ${arg('userId')} and membership.reseller_id = ${arg('resellerId')}
  and membership.accepted_at is null and membership.created_at = ${arg('invitedAt')} and membership.created_at > ${arg('invitedAfter')}`;
const find = query(() => ({
  select: {
    user: userSelected,
    roles: jsonValue<Role[]>(sql`membership.roles`),
    tenantName: value<string>(sql`reseller.name`),
    branding: brandingSelected,
    prepared: flag(sql`user.prepared_scopes is not null`),
    hasPassword: flag(sql`user.password_hash is not null`),
  },
  from: sql`from ${memberships} as membership join ${users} as user on user.id = membership.user_id
    join ${resellers} as reseller on reseller.id = membership.reseller_id and reseller.deleted_at is null ${brandingJoined}
    left join ${organizations} as organization on organization.id = user.organization_id
    where ${isOpen} and ${isUserPresent}`,
}));
const openValues = (invitation: Invitation, now: number) => ({ ...invitation, invitedAfter: now - INVITATION_LIFE_MS });

/** Null where the invitation is answered, cancelled or expired. */
export async function findInvitation(db: Db, invitation: Invitation, now: number): Promise<InvitedMember | null> {
  const [found] = await find(db, openValues(invitation, now));
  if (found === undefined || found.user === null) return null;
  const { user, roles, ...rest } = found;
  return { member: { ...user, roles, membership: 'pending' }, ...rest };
}

export type EmailedInvitation = Invitation & { readonly firstName: string; readonly roles: readonly Role[] };
/** JSON from the tables `mail`, `event` and `reseller`; null for another template, recipient or a closed invitation. */
export const emailedInvitation = sql`(select json_object('userId', user.id, 'resellerId', reseller.id,
    'invitedAt', membership.created_at, 'firstName', user.first_name, 'roles', json(membership.roles))
  from ${users} as user join ${memberships} as membership on membership.user_id = user.id
    and membership.reseller_id = reseller.id and membership.accepted_at is null
    and membership.created_at = event.occurred_at and membership.created_at > ${arg('invitedAfter')}
  where mail.template = 'membership-invitation' and reseller.deleted_at is null
    and user.id = mail.user_id and user.email_key = mail.recipient_key and ${isUserPresent})`;

// The invitation is open, and its user unchanged since the read.
const isUnchanged = sql`${isOpen}
  and exists (select 1 from ${users} as user
    where user.id = membership.user_id and user.updated_at = ${arg('readAt')} and ${isUserPresent})`;
const accept = statement(
  () => sql`update ${memberships} as membership set accepted_at = ${arg('now')} where ${isUnchanged}`,
);
const verifyEmail = afterChange(
  (changed) => sql`update ${users} set updated_at = ${arg('updatedAt')}, email_verified_at = ${arg('now')}
    where id = ${arg('userId')} and ${changed}`,
);
const declineInvitation = statement(() => sql`delete from ${memberships} as membership where ${isUnchanged}`);

export type InvitationAnswer = Invitation & {
  readonly event: Event;
  readonly eventId: string;
  readonly otherEvents: readonly OtherResellerEvent[];
  readonly readAt: number;
  readonly updatedAt: number;
  readonly requestId: string;
  readonly origin: RequestOrigin;
  readonly now: number;
};

/**
 * Also verifies the address. Returns false where the invitation or user has changed. `ownCredentials.reset`: the audit
 * entry that removes prepared credentials; null: they stay.
 */
export async function recordAcceptance(
  db: Db,
  answer: InvitationAnswer,
  ownCredentials: {
    readonly reset: { readonly id: string; readonly event: AuditEvent } | null;
    readonly mailId: string;
  } | null,
): Promise<boolean> {
  const { userId, event, eventId, resellerId, requestId, origin, now } = answer;
  const by = `user:${userId}`;
  const eventRow = { resellerId, subject: userId, actor: by, requestId, now, ...origin };
  const reset = ownCredentials?.reset ?? null;
  const mail = ownCredentials && { userId, entry: reset?.id ?? eventId, mailId: ownCredentials.mailId, now };
  const accepted = chain(
    accept(db, { ...openValues(answer, now), now, readAt: answer.readAt }),
    verifyEmail(db, { userId, now, updatedAt: answer.updatedAt }),
    insertEventAfter(db, event, { ...eventRow, id: eventId }),
    ...answer.otherEvents.map(({ event: otherEvent, ...row }) =>
      insertEventAfter(db, otherEvent, { ...eventRow, ...row }),
    ),
    ...(reset === null ? [] : [auditAfter(db, reset.event, { ...eventRow, id: reset.id })]),
  );
  const charge = unlimitedCharge(writtenBytes(accepted), mail === null ? 0 : 1);
  const [written] = await db.batch([
    ...chain(...accepted, ...chargeAfter(db, resellerId, charge, now)),
    ...(mail === null
      ? []
      : reset === null
        ? [insertPasswordMail(db, mail)]
        : resetCredentials(db, { ...mail, by, from: resellerId, requestId, ...origin })),
  ]);
  return (written?.meta.changes ?? 0) > 0;
}

/** Returns false where the invitation or user has changed. */
export async function recordRefusal(db: Db, answer: InvitationAnswer): Promise<boolean> {
  const { userId, event, eventId, resellerId, requestId, origin, now } = answer;
  const eventRow = { id: eventId, resellerId, subject: userId, actor: `user:${userId}`, requestId, now, ...origin };
  const refused = chain(
    declineInvitation(db, { ...openValues(answer, now), readAt: answer.readAt }),
    recordRefusalAfter(db, { userId, resellerId, now }),
    advanceUserVersion(db, { id: userId, updatedAt: answer.updatedAt }),
    insertEventAfter(db, event, eventRow),
  );
  const charge = unlimitedCharge(writtenBytes(refused));
  const [written] = await db.batch([...chain(...refused, ...chargeAfter(db, resellerId, charge, now))]);
  return (written?.meta.changes ?? 0) > 0;
}
