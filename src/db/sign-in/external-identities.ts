import { sql } from 'drizzle-orm';
import type { AuditEvent, RequestOrigin } from '../../model/events/audit.ts';
import type { Event } from '../../model/events/event.ts';
import type { ExternalIdentity } from '../../model/sign-in/identity.ts';
import { auditAfter, noticeMail } from '../commit/audit-entry.ts';
import { afterChange, chain } from '../commit/chain.ts';
import { insertEventAfter } from '../commit/commit.ts';
import { externalIdentities, memberships, resellers, users } from '../schema/index.ts';
import { query } from '../sql/query.ts';
import { flag, value } from '../sql/selection.ts';
import { arg, type Db, statement, writtenBytes } from '../sql/statement.ts';
import { chargeAfter, unlimitedCharge } from '../usage/budgets.ts';
import type { OtherMembership } from '../users/user-in-tenant.ts';
import { byEmail, byIdentity, type RequestedTenant, type SignInLookup, signInUserIn } from './lookup.ts';

type IdentityQuery = Pick<ExternalIdentity, 'issuer' | 'subject'> & { readonly emailKey: string | null };
/** `linked`: to any user; `taken`: the user with this address has another one of the issuer. */
export type IdentityLookup = SignInLookup & { readonly linked: boolean; readonly taken: boolean };

const findLinks = query(() => ({
  select: {
    linked: flag(
      sql`exists (select 1 from ${externalIdentities} where issuer = ${arg('issuer')} and subject = ${arg('subject')})`,
    ),
    taken:
      flag(sql`exists (select 1 from ${externalIdentities} as other join ${users} as user on user.id = other.user_id
      where user.email_key = ${arg('emailKey')} and other.issuer = ${arg('issuer')})`),
  },
  from: sql``,
}));

/** Falls back to the user with the identity's address. */
export async function findUserOfIdentity(db: Db, wanted: IdentityQuery, of: RequestedTenant): Promise<IdentityLookup> {
  const [known, bySubject, byAddress] = await db.batch([
    findLinks.prepare(db, wanted),
    byIdentity.prepare(db, { ...wanted, ...of }),
    byEmail.prepare(db, { emailKey: wanted.emailKey, ...of }),
  ]);
  const [{ linked, taken } = { linked: false, taken: false }] = findLinks.read(known);
  const found = linked ? byIdentity.read(bySubject) : byEmail.read(byAddress);
  return { ...signInUserIn(found), linked, taken };
}

const findOthers = query(() => ({
  select: { resellerId: value<string>(sql`other.reseller_id`), disabled: flag(sql`other.disabled_at is not null`) },
  from: sql`from ${users} as user
    join ${memberships} as other on other.user_id = user.id and other.reseller_id <> user.reseller_id
      and other.accepted_at is not null
    join ${resellers} as there on there.id = other.reseller_id and there.deleted_at is null
    where user.id = ${arg('userId')}`,
}));

export async function findOtherResellers(db: Db, userId: string): Promise<OtherMembership[]> {
  return findOthers(db, { userId });
}

const insert = statement(
  () => sql`insert into ${externalIdentities} (issuer, subject, user_id, email, created_at)
    select ${arg('issuer')}, ${arg('subject')}, user.id, ${arg('email')}, ${arg('now')} from ${users} as user
    where user.id = ${arg('userId')} and user.updated_at = ${arg('readAt')} and user.email_key = ${arg('emailKey')}
      and user.google_unlinked_at is null
      and not exists (select 1 from ${externalIdentities} where issuer = ${arg('issuer')} and subject = ${arg('subject')})
      and not exists (select 1 from ${externalIdentities} where user_id = user.id and issuer = ${arg('issuer')})`,
);
const enable = afterChange(
  (changed) => sql`update ${users} set google_sso_enabled = 1, verified_at = ${arg('verifiedAt')},
      email_verified_at = ${arg('emailVerifiedAt')}, updated_at = ${arg('updatedAt')}
    where id = ${arg('userId')} and ${changed}`,
);

type LinkedEvent = { readonly id: string; readonly resellerId: string | null; readonly event: Event } & Partial<
  Record<'actor' | 'requestId' | keyof RequestOrigin, string>
>;
export type IdentityLink = {
  readonly identity: Pick<ExternalIdentity, 'issuer' | 'subject'> & {
    readonly email: string;
    readonly emailKey: string;
  };
  readonly event: Extract<Event, { type: 'reseller.user.activated' | 'reseller.user.updated' }>;
  readonly events: readonly LinkedEvent[];
  readonly audit: { readonly event: AuditEvent; readonly id: string; readonly mailId: string };
  readonly requestId: string;
  readonly origin: RequestOrigin;
  readonly now: number;
};

/** Returns false where the user has changed or either is linked already. */
export async function linkIdentity(db: Db, link: IdentityLink): Promise<boolean> {
  const { identity, event, events, audit, requestId, origin, now } = link;
  const { before, after } = event;
  const { id: userId, resellerId, verifiedAt, emailVerifiedAt, updatedAt } = after;
  const given = { subject: userId, actor: `user:${userId}`, requestId, now, ...origin };
  const linked = chain(
    insert(db, { ...identity, userId, readAt: before.updatedAt, now }),
    enable(db, { userId, verifiedAt, emailVerifiedAt, updatedAt }),
    ...events.map(({ event: otherEvent, ...row }) => insertEventAfter(db, otherEvent, { ...given, ...row })),
    auditAfter(db, audit.event, { ...given, id: audit.id, resellerId }),
  );
  const notice = noticeMail(db, { id: audit.mailId, eventId: audit.id, userId, payer: resellerId, now });
  const charge = unlimitedCharge(writtenBytes(linked));
  const [written] = await db.batch([...chain(...linked, ...chargeAfter(db, resellerId, charge, now)), ...notice]);
  return (written?.meta.changes ?? 0) > 0;
}
