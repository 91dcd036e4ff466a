import { type SQL, sql } from 'drizzle-orm';
import type { ExternalIdentityRules } from '../../model/sign-in/settings.ts';
import type { Member } from '../../model/users/member.ts';
import { confirmedTotp, passkeyCount } from '../factors/user-factors.ts';
import { externalIdentities, memberships, organizations, resellers, users } from '../schema/index.ts';
import { servedBy, thereIn } from '../sql/not-deleted.ts';
import { mayEnter } from '../sql/rights.ts';
import { arg, type Db, statement } from '../sql/statement.ts';
import { readUser, userSelected } from '../users/users.ts';

/**
 * Which reseller somebody wants to sign in to: by its id or its name; by neither, the user's own or, where that is closed,
 * the next.
 */
export type Tenant = { readonly resellerId: string | null; readonly nameKey: string | null };

/** Somebody who may turn out to be who they say, in the reseller that they want to sign in to. */
export type SignInUser = {
  readonly member: Member;
  readonly resellerId: string;
  /** Whether that one lets them in at all. */
  readonly allowed: boolean;
  readonly passwordHash: string | null;
  /** The secret of a confirmed authenticator, sealed, and the last time step used. */
  readonly totp: { readonly sealedSecret: string; readonly lastStep: number } | null;
  readonly passkeys: number;
  /** What the reseller asks of outside identities, and what the user's own one does. */
  readonly rules: ExternalIdentityRules;
  readonly homeRules: ExternalIdentityRules;
  /** Whether an outside identity was taken from the user, who has allowed none since. */
  readonly unlinked: boolean;
};

/** `reseller` is null where there is none, `candidate` where nobody is that there. */
export type Found = { readonly resellerId: string | null; readonly candidate: SignInUser | null };

/** The id of the reseller that a `Tenant` names. */
export const askedTenant = sql`ifnull(${arg('resellerId')}, (select id from ${resellers} where name_key = ${arg('nameKey')} and deleted_at is null))`;
const tenant = sql`iif(${arg('resellerId')} is null and ${arg('nameKey')} is null, ${servedBy}, ${askedTenant})`;

const rulesOf = (table: string) =>
  sql.raw(`json_object('googleHostedDomain', ${table}.google_hosted_domain, 'googleSignIn', ${table}.google_sign_in)`);

const candidates = (who: SQL) =>
  statement(
    () => sql`select known.id as known_id, reseller.id as tenant_id, reseller.enabled and ${mayEnter('user', 'membership')} as allowed,
        user.password_hash, (select json_object('sealedSecret', totp.sealed_secret, 'lastStep', totp.last_step) ${confirmedTotp}) as totp,
        ${passkeyCount} as passkeys,
        ${rulesOf('reseller')} as rules, ${rulesOf('home')} as home_rules, user.google_unlinked_at, membership.roles, ${userSelected}
      from (select 1) as alone left join ${resellers} as known on known.id = ${askedTenant} and known.deleted_at is null
      left join ${users} as user on ${who} and ${thereIn(tenant)}
        and exists (select 1 from ${memberships} as held where held.user_id = user.id and held.reseller_id = ${tenant})
      left join ${resellers} as home on home.id = user.reseller_id
      left join ${memberships} as membership on membership.user_id = user.id and membership.reseller_id = ${tenant}
      left join ${resellers} as reseller on reseller.id = membership.reseller_id and reseller.deleted_at is null
      left join ${organizations} as organization on organization.id = user.organization_id`,
  );

const byEmail = candidates(sql`user.email_key = ${arg('emailKey')}`);
const byId = candidates(sql`user.id = ${arg('userId')}`);
const byIdentity = candidates(
  sql`user.id = (select user_id from ${externalIdentities} where issuer = ${arg('issuer')} and subject = ${arg('subject')})`,
);

/** Who has this address, as a candidate for the reseller. */
export const signInUserByEmail = (db: Db, emailKey: string | null, of: Tenant) => byEmail(db, { emailKey, ...of });
/** This user as a candidate. */
export const signInUserById = (db: Db, userId: string, of: Tenant) => byId(db, { userId, ...of });

/** Whoever is linked to an outside identity, as a candidate. */
export const signInUserByIdentity = (
  db: Db,
  identity: { readonly issuer: string; readonly subject: string },
  of: Tenant,
) => byIdentity(db, { ...identity, ...of });

/** What such a statement found, from its row. */
export function readSignInUser(found: Readonly<Record<string, unknown>> | undefined): Found {
  const row = Object.values(found ?? {});
  const [known, resellerId, allowed, passwordHash, totp, keys, rules, homeRules, unlinkedAt, roles] = row;
  const user = found === undefined ? null : readUser(row, 10);
  const candidate = user !== null &&
    typeof resellerId === 'string' && {
      member: { ...user, roles: JSON.parse(String(roles)) },
      resellerId,
      allowed: allowed === 1,
      passwordHash: passwordHash as string | null,
      totp: totp === null ? null : JSON.parse(String(totp)),
      passkeys: Number(keys),
      rules: JSON.parse(String(rules)),
      homeRules: JSON.parse(String(homeRules)),
      unlinked: unlinkedAt !== null,
    };
  return { resellerId: (resellerId ?? known ?? null) as string | null, candidate: candidate || null };
}

/** The same statement read at once, outside a batch. */
export async function findSignInUser(prepared: D1PreparedStatement): Promise<Found> {
  const { results } = await prepared.all<Record<string, unknown>>();
  return readSignInUser(results[0]);
}
