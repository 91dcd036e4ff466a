import { type SQL, sql } from 'drizzle-orm';
import { memberships, organizations, resellers } from '../schema/index.ts';

/**
 * Deleted organizations whose users' rows are still to go, in chunks: a short list. Its index is named, since SQLite would
 * rather take that of all deleted organizations, which are many.
 */
export const organizationsBeingDeleted = sql`(select id from ${organizations} indexed by organizations_leaving where deleted_at is not null and user_count > 0)`;

/** Of the table `user`: not of a deleted organization. */
export const isOrganizationKept = sql`(user.organization_id is null or user.organization_id not in ${organizationsBeingDeleted})`;

/** Of the table `user`: a membership in this tenant does not end with a deleted organization. */
export const isMembershipKept = (resellerId: SQL) => sql`(${resellerId} <> user.reseller_id or ${isOrganizationKept})`;

/** Memberships with their tenants, which are not deleted, for a `from` that `belongs` narrows. */
export const membershipsOfLiveTenants = sql`${memberships} as held
  join ${resellers} as tenant on tenant.id = held.reseller_id and tenant.deleted_at is null`;

/** Of these: one that the table `user` accepted. */
export const isAcceptedMembership = sql`held.user_id = user.id and held.accepted_at is not null and ${isMembershipKept(sql`held.reseller_id`)}`;

/** Of a table of memberships (its name): accepted and not disabled, it gives rights, sessions and mails. */
export const isActive = (membership: string) =>
  sql.raw(`${membership}.accepted_at is not null and ${membership}.disabled_at is null`);

/** Of the same: how it deviates; null: it does not. */
export const stateOf = (membership: string) =>
  sql.raw(
    `iif(${membership}.accepted_at is null, 'pending', iif(${membership}.disabled_at is null, null, 'disabled'))`,
  );

/** Of the table `user`: this tenant has disabled its membership. */
export const isDisabledIn = (resellerId: SQL) => sql`exists (select 1 from ${memberships} as barred
  where barred.user_id = user.id and barred.reseller_id = ${resellerId} and barred.disabled_at is not null)`;

/** Of the table `user`: a tenant has it. A person whose primary tenant is deleted lives on in the others. */
export const isUserPresent = sql`exists (select 1 from ${membershipsOfLiveTenants} where ${isAcceptedMembership})`;

/** The same in one tenant, which is not deleted and has a membership of the user, maybe a pending one. */
export const isUserPresentIn = (resellerId: SQL) =>
  sql`iif(user.reseller_id = ${resellerId}, ${isOrganizationKept}, ${isUserPresent})`;

/** Of those tenants the first: where the user may act before others, then the primary one, then by age. Null: there is none. */
const firstOf = (
  which: SQL,
) => sql`(select substr(min((1 - (tenant.enabled and held.disabled_at is null)) || (held.reseller_id <> user.reseller_id)
    || printf('%016d', held.accepted_at) || held.reseller_id), 19)
  from ${membershipsOfLiveTenants} where ${isAcceptedMembership} and ${which})`;

/** The tenant in whose name the table `user` is written to and signs in, unless it says another. Null: all have disabled it. */
export const servingReseller = firstOf(isActive('held'));

/** The tenant in whose name the table `user` is told of a change to it, for whoever made that may have disabled it first. */
export const notifyingReseller = firstOf(sql`true`);

/** The tenant that becomes the primary one of the table `user` when the present one lets it go. */
export const nextPrimaryReseller = firstOf(sql`held.reseller_id <> user.reseller_id`);
