import { type SQL, sql } from 'drizzle-orm';
import type { ExternalIdentityRules } from '../../model/sign-in/settings.ts';
import type { Member } from '../../model/users/member.ts';
import type { Role } from '../../model/users/role.ts';
import { confirmedTotp, passkeyCount } from '../factors/user-factors.ts';
import { externalIdentities, memberships, organizations, resellers, users } from '../schema/index.ts';
import { isUserPresentIn, servingReseller } from '../sql/not-deleted.ts';
import { query } from '../sql/query.ts';
import { maySignIn } from '../sql/rights.ts';
import { flag, jsonValue, value } from '../sql/selection.ts';
import { arg, type Db } from '../sql/statement.ts';
import { userSelected } from '../users/users.ts';

/** Without id and name: the user's primary reseller or, where closed, the next. */
export type RequestedTenant = { readonly resellerId: string | null; readonly nameKey: string | null };

/** The user who signs in to the requested reseller. The lookup checks no proof. */
export type SignInUser = {
  readonly member: Member;
  readonly resellerId: string;
  /** Whether the reseller and the membership permit sign-in. */
  readonly allowed: boolean;
  readonly passwordHash: string | null;
  /** `sealedSecret` is encrypted. */
  readonly totp: { readonly sealedSecret: string; readonly lastStep: number } | null;
  readonly passkeys: number;
  readonly rules: ExternalIdentityRules;
  readonly homeRules: ExternalIdentityRules;
  /** An external identity was removed, and none allowed since. */
  readonly unlinked: boolean;
};

export type SignInLookup = { readonly resellerId: string | null; readonly signInUser: SignInUser | null };

export const requestedTenant = sql`ifnull(${arg('resellerId')}, (select id from ${resellers} where name_key = ${arg('nameKey')} and deleted_at is null))`;
const tenant = sql`iif(${arg('resellerId')} is null and ${arg('nameKey')} is null, ${servingReseller}, ${requestedTenant})`;

const rulesOf = (table: string) =>
  sql.raw(`json_object('googleHostedDomain', ${table}.google_hosted_domain, 'googleSignIn', ${table}.google_sign_in)`);

const candidates = (who: SQL) =>
  query(() => ({
    select: {
      known: value<string | null>(sql`known.id`),
      resellerId: value<string | null>(sql`reseller.id`),
      allowed: flag(sql`reseller.enabled and ${maySignIn('user', 'membership')}`),
      passwordHash: value<string | null>(sql`user.password_hash`),
      totp: jsonValue<SignInUser['totp']>(
        sql`(select json_object('sealedSecret', totp.sealed_secret, 'lastStep', totp.last_step) ${confirmedTotp})`,
      ),
      passkeys: value<number>(passkeyCount),
      rules: jsonValue<ExternalIdentityRules>(rulesOf('reseller')),
      homeRules: jsonValue<ExternalIdentityRules>(rulesOf('home')),
      unlinked: flag(sql`user.google_unlinked_at is not null`),
      roles: jsonValue<Role[]>(sql`membership.roles`),
      user: userSelected,
    },
    from: sql`from (select 1) as alone left join ${resellers} as known on known.id = ${requestedTenant} and known.deleted_at is null
      left join ${users} as user on ${who} and ${isUserPresentIn(tenant)}
        and exists (select 1 from ${memberships} as held where held.user_id = user.id and held.reseller_id = ${tenant})
      left join ${resellers} as home on home.id = user.reseller_id
      left join ${memberships} as membership on membership.user_id = user.id and membership.reseller_id = ${tenant}
      left join ${resellers} as reseller on reseller.id = membership.reseller_id and reseller.deleted_at is null
      left join ${organizations} as organization on organization.id = user.organization_id`,
  }));

export const byEmail = candidates(sql`user.email_key = ${arg('emailKey')}`);
const byId = candidates(sql`user.id = ${arg('userId')}`);
export const byIdentity = candidates(
  sql`user.id = (select user_id from ${externalIdentities} where issuer = ${arg('issuer')} and subject = ${arg('subject')})`,
);

export function signInUserIn([row]: Awaited<ReturnType<typeof byId>>): SignInLookup {
  if (row === undefined) return { resellerId: null, signInUser: null };
  const { known, resellerId, user, roles, ...rest } = row;
  const signInUser = user !== null && resellerId !== null ? { member: { ...user, roles }, resellerId, ...rest } : null;
  return { resellerId: resellerId ?? known, signInUser };
}

export const findSignInUser = async (db: Db, userId: string, of: RequestedTenant): Promise<SignInLookup> =>
  signInUserIn(await byId(db, { userId, ...of }));
