import { sql } from 'drizzle-orm';
import { absent, refuse } from '../../model/failure.ts';
import { RESET_TOKEN_LIFE_MS } from '../../model/limits/index.ts';
import type { User } from '../../model/users/user.ts';
import { confirmedTotp, passkeyCount } from '../factors/user-factors.ts';
import { activations, organizations, users } from '../schema/index.ts';
import { callerScopesInTenant } from '../sessions/prepared-scopes.ts';
import { type CallerSql, callerStatement } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { isAcceptedMembership, membershipsOfLiveTenants, servingReseller } from '../sql/not-deleted.ts';
import { callerQuery } from '../sql/query.ts';
import { missingForTakeover } from '../sql/rights.ts';
import { value } from '../sql/selection.ts';
import { arg, assignments } from '../sql/statement.ts';
import { tenantDetailsSelected, type UserInTenant } from './user-in-tenant.ts';
import { userSelected } from './users.ts';

/** Condition: the table `user` is a member of a tenant and organization that the caller administers. */
const isAdministeredUser = (callerSql: CallerSql) =>
  sql`user.id = ${arg('userId')} and ${callerSql.confinedTo(sql`user.organization_id`)}
    and exists (select 1 from ${membershipsOfLiveTenants} where ${isAcceptedMembership} and ${callerSql.reaches(sql`held.reseller_id`)})`;

export type AdministeredUser = UserInTenant & {
  /** A right that the caller lacks; '': the user is also in a tenant out of the caller's reach; null: none. */
  readonly lacking: string | null;
  readonly factors: number;
};

const find = callerQuery((callerSql) => ({
  select: {
    lacking: value<string | null>(sql`(${missingForTakeover(callerSql)} limit 1)`),
    factors: value<number>(sql`(select count(*) ${confirmedTotp}) + ${passkeyCount}`),
    location: tenantDetailsSelected(sql`user.reseller_id`),
    user: userSelected,
  },
  from: sql`from ${callerSql.table} left join ${users} as user on ${isAdministeredUser(callerSql)}
    left join ${organizations} as organization on organization.id = user.organization_id`,
}));

export async function findAdministeredUser(caller: CallerContext, userId: string): Promise<AdministeredUser> {
  const [{ user, location, lacking, factors }] = await find(caller, { userId });
  return { user: user ?? refuse(absent('user')), ...location, lacking, factors };
}

/** Requires that the caller has all rights of the user. */
const guardedUpdate = (changed: readonly string[]) =>
  callerStatement(
    (
      callerSql,
    ) => sql`update ${users} as user set ${assignments(users, [...changed, 'updatedAt'])} from ${callerSql.table}
      where caller.permitted and ${isAdministeredUser(callerSql)} and user.updated_at = ${arg('readAt')} and not exists (${missingForTakeover(callerSql)})`,
  );
const disableTwoFactor = guardedUpdate(['twoFactorEnabled']);
export const disableUserTwoFactor = (caller: CallerContext, after: User, readAt: number) =>
  disableTwoFactor(caller, { ...after, readAt, userId: after.id });
const unlink = guardedUpdate(['googleSsoEnabled', 'googleUnlinkedAt']);
/** Trigger users_unlinked deletes the linked identities. */
export const unlinkUserIdentities = (caller: CallerContext, after: User, readAt: number) =>
  unlink(caller, { ...after, readAt, userId: after.id, googleUnlinkedAt: caller.now });

const insert = callerStatement(
  (
    callerSql,
  ) => sql`insert into ${activations} (user_id, purpose, email_key, token_hash, created_at, expires_at, sent_at, asked_by, asked_scopes,
      issued_to, reseller_id)
    select user.id, 'password-reset', user.email_key, ${arg('tokenHash')}, ${arg('now')}, ${arg('expiresAt')}, ${arg('now')}, ${arg('by')}, ${callerScopesInTenant},
      ${arg('issuedTo')}, iif(user.disabled, ${servingReseller}, user.reseller_id)
    from ${callerSql.table} join ${users} as user on ${isAdministeredUser(callerSql)}
    where caller.permitted and ${servingReseller} is not null and not exists (${missingForTakeover(callerSql)})`,
);
/** Voids older links; ends with the session that requests it. */
export const insertResetToken = (caller: CallerContext, userId: string, tokenHash: string) => {
  const { now, actor } = caller;
  return insert(caller, {
    userId,
    tokenHash,
    now,
    expiresAt: now + RESET_TOKEN_LIFE_MS,
    by: actor.name,
    issuedTo: { user: actor.tokenId, client: actor.subject, key: actor.subject, issuer: null }[actor.kind],
  });
};
