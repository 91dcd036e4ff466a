import { type SQL, sql } from 'drizzle-orm';
import type { RequiredRights } from '../../model/users/required-rights.ts';
import {
  ORGANIZATION_ADMIN,
  ORGANIZATION_ADMIN_SCOPES,
  RESELLER_ADMIN,
  RESELLER_ADMIN_SCOPES,
  ROLE_SCOPES,
  USER_ADMIN_SCOPES,
} from '../../model/users/role.ts';
import { memberships, resellers, users } from '../schema/index.ts';
import { isAcceptedMembership, isActive, isUserPresentIn, membershipsOfLiveTenants } from './not-deleted.ts';
import { arg, literal } from './statement.ts';

const quoted = (value: unknown) => literal(JSON.stringify(value));
const everything = quoted(RESELLER_ADMIN_SCOPES);
const catalogue = quoted(ROLE_SCOPES);

/** The rights that a user (a table's name) has by a membership in its tenant, as a JSON array: account roles and v3's word. */
export function rightsOf(user: string, membership: string): SQL {
  const [self, member] = [sql.identifier(user), sql.identifier(membership)];
  return sql`iif(${self}.role = ${literal(RESELLER_ADMIN)} and ${self}.reseller_id = ${member}.reseller_id, ${everything},
    (select json_group_array(scope.value) from json_each(${member}.roles) as held
      join json_each(${catalogue}, '$."' || held.value || '"') as scope))`;
}

/**
 * Whether a user (a table's name) may be signed in to the tenant of its membership, an active one: the reseller's own people
 * by their role, a customer's by being let in.
 */
export function maySignIn(user: string, membership: string): SQL {
  const [self, member] = [sql.identifier(user), sql.identifier(membership)];
  return sql`(${isActive(membership)} and (instr(${member}.roles, '"account.user"') > 0
    or (${self}.reseller_id = ${member}.reseller_id and ${self}.organization_id is not null and ${self}.allow_customer_portal_access)))`;
}

/** Whether the caller lacks a right: by its token, or by what it may still do. */
const unheld = (scope: SQL) => sql`(instr(' ' || caller.scopes || ' ', ' ' || ${scope} || ' ') = 0
  or instr(' ' || ${arg('tokenScopes')} || ' ', ' ' || ${scope} || ' ') = 0)`;

/**
 * Whether the rights of an organization's administrator are for the caller to give: a caller confined to one organization
 * holds them, but an application does not in a user's name.
 */
const beyondOrganization = sql`(caller.within is null or ${arg('tokenScopes')} = '')`;

/** The arguments of `overGranted`. */
export const requiredRightsValues = ({ tenant, organization }: RequiredRights) => ({
  requiredInTenant: JSON.stringify(tenant),
  requiredInOrganization: JSON.stringify(organization),
});

/**
 * The rights that a change requires, as far as the caller lacks them. A caller confined to one organization holds those
 * that an administrator of that organization has.
 */
export const missingRights = sql`select required.value from json_each(${arg('requiredInTenant')}) as required
    where ${unheld(sql`required.value`)}
  union all select required.value from json_each(${arg('requiredInOrganization')}) as required
    where ${beyondOrganization} and ${unheld(sql`required.value`)}`;

/** An `organization-admin`'s, as far as they are more than the caller's: who looks after the same customer has them as well. */
const confined = sql`select scope.value from json_each(${quoted(ORGANIZATION_ADMIN_SCOPES)}) as scope
  where user.role = ${literal(ORGANIZATION_ADMIN)} and user.organization_id is not null
    and ${beyondOrganization} and ${unheld(sql`scope.value`)}`;

/** Which resellers a caller reaches. */
type Reach = { readonly reaches: (resellerId: SQL) => SQL };

/** Whether the table `user` accepted a membership in a tenant beyond the caller. */
export const isMemberBeyondReach = ({ reaches }: Reach) =>
  sql`exists (select 1 from ${membershipsOfLiveTenants} where ${isAcceptedMembership} and not ${reaches(sql`held.reseller_id`)})`;

const behind = ({ reaches }: Reach, condition: SQL) => sql`select '' from ${membershipsOfLiveTenants}
    where ${isAcceptedMembership} and not ${reaches(sql`held.reseller_id`)} and ${condition}
  union all select owned.value from ${membershipsOfLiveTenants} join json_each(${rightsOf('user', 'held')}) as owned
    where ${isAcceptedMembership} and ${reaches(sql`held.reseller_id`)} and ${condition} and ${unheld(sql`owned.value`)}
  union all ${confined} and ${condition}`;

/**
 * What keeps the caller from becoming the table `user`: '' for an accepted membership in a tenant beyond the caller, and each
 * right within its reach that it lacks.
 */
export const missingForTakeover = (who: Reach) => behind(who, sql`true`);

/**
 * The same where a change gives the user another `email`, which lets its reader sign in as the user. What differs in more
 * than the case of ASCII may be another person's.
 */
export const missingForNewEmail = (who: Reach) =>
  behind(who, sql`lower(user.email) <> lower(${arg('email')}) and user.id <> ${arg('callerId')}`);

/** Whether the table `membership` (its name) has the role `user.admin`, and counts as one of its tenant's. */
const hasAdminRole = (membership: string) => sql.raw(`instr(${membership}.roles, '"user.admin"') > 0`);
const isAdmin = (membership: string) => sql`${hasAdminRole(membership)} and ${isActive(membership)}`;

/** Living resellers (`which` says of the table `bereft` which) without a `user.admin` but those whom `leaving` is true of. */
const withoutAdmin = (which: SQL, leaving: SQL) => sql`select 1 from ${resellers} as bereft
  where ${which} and bereft.deleted_at is null
    and not exists (select 1 from ${memberships} as other join ${users} as user on user.id = other.user_id
      where other.reseller_id = bereft.id and ${isAdmin('other')} and ${isUserPresentIn(sql`bereft.id`)} and not ${leaving})`;

/** Of the table `lost`, a membership: it is that of a living reseller's last `user.admin`. */
export const isLastAdmin = sql`${isAdmin('lost')}
  and exists (${withoutAdmin(sql`bereft.id = lost.reseller_id`, sql`(other.user_id = lost.user_id)`)})`;

const adminsInside = (counted: SQL) => sql`from ${users} as member
  join ${memberships} as held on held.user_id = member.id and held.reseller_id = reseller.id and ${counted}
  where member.organization_id = ${arg('id')} and member.admin_count > 0`;

/** Rights that the caller lacks and that an administrator among the users of the organization `id` holds. */
export const missingForOrganizationRemoval = sql`select scope.value from json_each(${everything}) as scope where ${unheld(sql`scope.value`)}
    and exists (select 1 from ${users} as member
      where member.organization_id = ${arg('id')} and member.role = ${literal(RESELLER_ADMIN)})
  union all select scope.value from json_each(${quoted(USER_ADMIN_SCOPES)}) as scope where ${unheld(sql`scope.value`)}
    and exists (select 1 ${adminsInside(hasAdminRole('held'))})`;

/** Whether the table `reseller` loses its last `user.admin` with its organization `id`; other tenants keep theirs. */
export const removesLastAdmin = sql`exists (select 1 ${adminsInside(isAdmin('held'))})
  and exists (${withoutAdmin(sql`bereft.id = reseller.id`, sql`(user.organization_id is ${arg('id')})`)})`;
