import { type SQL, sql } from 'drizzle-orm';
import { memberships, organizations, resellers } from '../schema/index.ts';

// The index is named: SQLite would take that of all deleted organizations, which are many.
export const organizationsBeingDeleted = sql`(select id from ${organizations} indexed by organizations_leaving where deleted_at is not null and user_count > 0)`;

export const isOrganizationKept = sql`(user.organization_id is null or user.organization_id not in ${organizationsBeingDeleted})`;

/** Memberships in other tenants outlive the user's organization. */
export const isMembershipKept = (resellerId: SQL) => sql`(${resellerId} <> user.reseller_id or ${isOrganizationKept})`;

export const membershipsOfLiveTenants = sql`${memberships} as held
  join ${resellers} as tenant on tenant.id = held.reseller_id and tenant.deleted_at is null`;

export const isAcceptedMembership = sql`held.user_id = user.id and held.accepted_at is not null and ${isMembershipKept(sql`held.reseller_id`)}`;

export const isActive = (membership: string) =>
  sql.raw(`${membership}.accepted_at is not null and ${membership}.disabled_at is null`);

/** Null for an active membership. */
export const membershipState = (membership: string) =>
  sql.raw(
    `iif(${membership}.accepted_at is null, 'pending', iif(${membership}.disabled_at is null, null, 'disabled'))`,
  );

export const isDisabledIn = (resellerId: SQL) => sql`exists (select 1 from ${memberships} as barred
  where barred.user_id = user.id and barred.reseller_id = ${resellerId} and barred.disabled_at is not null)`;

export const isUserPresent = sql`exists (select 1 from ${membershipsOfLiveTenants} where ${isAcceptedMembership})`;

/** The membership may be pending. */
export const isUserPresentIn = (resellerId: SQL) =>
  sql`iif(user.reseller_id = ${resellerId}, ${isOrganizationKept}, ${isUserPresent})`;

/** Tenants that the user can sign in to come first, then the primary one, then by age. */
const firstTenant = (
  which: SQL,
) => sql`(select substr(min((1 - (tenant.enabled and held.disabled_at is null)) || (held.reseller_id <> user.reseller_id)
    || printf('%016d', held.accepted_at) || held.reseller_id), 19)
  from ${membershipsOfLiveTenants} where ${isAcceptedMembership} and ${which})`;

/** Null: all have disabled the user. */
export const servingReseller = firstTenant(isActive('held'));

/** A disabled user is notified too: the tenant that made the change may have disabled it first. */
export const notifyingReseller = firstTenant(sql`true`);

export const nextPrimaryReseller = firstTenant(sql`held.reseller_id <> user.reseller_id`);
