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

const jsonLiteral = (value: unknown) => literal(JSON.stringify(value));
const adminScopes = jsonLiteral(RESELLER_ADMIN_SCOPES);
const catalogue = jsonLiteral(ROLE_SCOPES);

/** A JSON array. The parameters are table names. */
export function rightsOf(user: string, membership: string): SQL {
  const [self, member] = [sql.identifier(user), sql.identifier(membership)];
  return sql`iif(${self}.role = ${literal(RESELLER_ADMIN)} and ${self}.reseller_id = ${member}.reseller_id, ${adminScopes},
    (select json_group_array(scope.value) from json_each(${member}.roles) as held
      join json_each(${catalogue}, '$."' || held.value || '"') as scope))`;
}

/** By the role `account.user` or, of a customer's user, by its access flag. */
export function maySignIn(user: string, membership: string): SQL {
  const [self, member] = [sql.identifier(user), sql.identifier(membership)];
  return sql`(${isActive(membership)} and (instr(${member}.roles, '"account.user"') > 0
    or (${self}.reseller_id = ${member}.reseller_id and ${self}.organization_id is not null and ${self}.allow_customer_portal_access)))`;
}

const isMissing = (scope: SQL) => sql`(instr(' ' || caller.scopes || ' ', ' ' || ${scope} || ' ') = 0
  or instr(' ' || ${arg('tokenScopes')} || ' ', ' ' || ${scope} || ' ') = 0)`;

/** A confined caller can grant its administrator's rights, an application cannot. */
const beyondOrganization = sql`(caller.within is null or ${arg('tokenScopes')} = '')`;

export const requiredRightsValues = ({ tenant, organization }: RequiredRights) => ({
  requiredInTenant: JSON.stringify(tenant),
  requiredInOrganization: JSON.stringify(organization),
});

export const missingRights = sql`select required.value from json_each(${arg('requiredInTenant')}) as required
    where ${isMissing(sql`required.value`)}
  union all select required.value from json_each(${arg('requiredInOrganization')}) as required
    where ${beyondOrganization} and ${isMissing(sql`required.value`)}`;

/** A caller confined to the same organization holds them. */
const organizationAdminRights = sql`select scope.value from json_each(${jsonLiteral(ORGANIZATION_ADMIN_SCOPES)}) as scope
  where user.role = ${literal(ORGANIZATION_ADMIN)} and user.organization_id is not null
    and ${beyondOrganization} and ${isMissing(sql`scope.value`)}`;

type Reach = { readonly reaches: (resellerId: SQL) => SQL };

export const isMemberBeyondReach = ({ reaches }: Reach) =>
  sql`exists (select 1 from ${membershipsOfLiveTenants} where ${isAcceptedMembership} and not ${reaches(sql`held.reseller_id`)})`;

const missingWhere = ({ reaches }: Reach, condition: SQL) => sql`select '' from ${membershipsOfLiveTenants}
    where ${isAcceptedMembership} and not ${reaches(sql`held.reseller_id`)} and ${condition}
  union all select owned.value from ${membershipsOfLiveTenants} join json_each(${rightsOf('user', 'held')}) as owned
    where ${isAcceptedMembership} and ${reaches(sql`held.reseller_id`)} and ${condition} and ${isMissing(sql`owned.value`)}
  union all ${organizationAdminRights} and ${condition}`;

/** '' for a membership beyond the caller's reach, and each right that it lacks. */
export const missingForTakeover = (reach: Reach) => missingWhere(reach, sql`true`);

/** For a new address: its owner can take over the user. Ignores ASCII case only. */
export const missingForNewEmail = (reach: Reach) =>
  missingWhere(reach, sql`lower(user.email) <> lower(${arg('email')}) and user.id <> ${arg('callerId')}`);

const hasAdminRole = (membership: string) => sql.raw(`instr(${membership}.roles, '"user.admin"') > 0`);
const isAdmin = (membership: string) => sql`${hasAdminRole(membership)} and ${isActive(membership)}`;

const withoutAdmin = (tenants: SQL, leaving: SQL) => sql`select 1 from ${resellers} as bereft
  where ${tenants} and bereft.deleted_at is null
    and not exists (select 1 from ${memberships} as other join ${users} as user on user.id = other.user_id
      where other.reseller_id = bereft.id and ${isAdmin('other')} and ${isUserPresentIn(sql`bereft.id`)} and not ${leaving})`;

/** Of the table `lost`, a membership. */
export const isLastAdmin = sql`${isAdmin('lost')}
  and exists (${withoutAdmin(sql`bereft.id = lost.reseller_id`, sql`(other.user_id = lost.user_id)`)})`;

const adminsOfOrganization = (condition: SQL) => sql`from ${users} as member
  join ${memberships} as held on held.user_id = member.id and held.reseller_id = reseller.id and ${condition}
  where member.organization_id = ${arg('id')} and member.admin_count > 0`;

export const missingForOrganizationRemoval = sql`select scope.value from json_each(${adminScopes}) as scope where ${isMissing(sql`scope.value`)}
    and exists (select 1 from ${users} as member
      where member.organization_id = ${arg('id')} and member.role = ${literal(RESELLER_ADMIN)})
  union all select scope.value from json_each(${jsonLiteral(USER_ADMIN_SCOPES)}) as scope where ${isMissing(sql`scope.value`)}
    and exists (select 1 ${adminsOfOrganization(hasAdminRole('held'))})`;

export const removesLastAdmin = sql`exists (select 1 ${adminsOfOrganization(isAdmin('held'))})
  and exists (${withoutAdmin(sql`bereft.id = reseller.id`, sql`(user.organization_id is ${arg('id')})`)})`;
