import { sql } from 'drizzle-orm';
import { absent, refuse } from '../../model/failure.ts';
import { ORGANIZATION_DETAILS, type Organization } from '../../model/resellers/organization.ts';
import { organizations, resellers } from '../schema/index.ts';
import { type CallerSql, callerStatement, requestedReseller, withinReach } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { lister } from '../sql/listing.ts';
import { namedListing, withKeys } from '../sql/named-listing.ts';
import { callerQuery } from '../sql/query.ts';
import { missingForOrganizationRemoval, removesLastAdmin } from '../sql/rights.ts';
import { columnsOf, value } from '../sql/selection.ts';
import { arg, assignments, insertSelect } from '../sql/statement.ts';

/** Also for queries that join the table as `organization`. */
export const organizationColumns = columnsOf(organizations, 'organization', [
  'id',
  'resellerId',
  ...ORGANIZATION_DETAILS,
  'createdAt',
  'updatedAt',
]);
const changeable = [...ORGANIZATION_DETAILS, 'nameKey', 'emailKey', 'updatedAt'];

const reseller = (callerSql: CallerSql) => sql`left join ${requestedReseller(callerSql)}`;
const inReseller = (callerSql: CallerSql) =>
  sql`organization.reseller_id = reseller.id and organization.deleted_at is null and ${callerSql.confinedTo(sql`organization.id`)}`;

/** Null where the reseller is missing or out of reach. */
export const RESELLER_ID = value<string | null>(sql`reseller.id`);
export function requireResellerRow(id: string | null): void {
  if (id === null) refuse(absent('reseller'));
}

const findOne = callerQuery((callerSql) => ({
  select: { reseller: RESELLER_ID, organization: organizationColumns },
  from: sql`from ${callerSql.table} ${reseller(callerSql)}
    left join ${organizations} as organization on ${inReseller(callerSql)} and organization.id = ${arg('id')}`,
}));

export async function findOrganization(caller: CallerContext, resellerId: string, id: string): Promise<Organization> {
  const [{ reseller, organization }] = await findOne(caller, { resellerId, id });
  requireResellerRow(reseller);
  return organization ?? refuse(absent('organization'));
}

const listed = lister(
  {
    ...namedListing('organization'),
    table: sql`${organizations} as organization`,
    owner: requestedReseller,
    rows: () => sql`organization.reseller_id = reseller.id`,
    visible: (callerSql) => sql`organization.deleted_at is null and ${callerSql.confinedTo(sql`organization.id`)}`,
    selected: organizationColumns,
  },
  requireResellerRow,
);
export const listOrganizations = (caller: CallerContext, resellerId: string, list: Parameters<typeof listed>[1]) =>
  listed(caller, list, { resellerId });

const insert = callerStatement((callerSql) =>
  insertSelect(
    organizations,
    ['id', 'resellerId', 'createdAt', ...changeable],
    sql`from ${callerSql.table} join ${requestedReseller(callerSql)}
      where caller.permitted and reseller.organization_count < ifnull(nullif(reseller.allowed_organizations, -1), 1e18)`,
  ),
);
/** Trigger organizations_counted. */
export const insertOrganization = (caller: CallerContext, organization: Organization) =>
  insert(caller, withKeys(organization));

const isUnchanged = (
  callerSql: CallerSql,
) => sql`caller.permitted and organization.id = ${arg('id')} and organization.updated_at = ${arg('readAt')}
  and organization.reseller_id = reseller.id and organization.deleted_at is null and ${withinReach(callerSql)}`;
const resellerJoined = sql`join ${resellers} as reseller on reseller.id = ${arg('resellerId')}`;

const update = callerStatement(
  (callerSql) => sql`update ${organizations} as organization set ${assignments(organizations, changeable)}
    from ${callerSql.table} ${resellerJoined} where ${isUnchanged(callerSql)}`,
);
export const updateOrganization = (caller: CallerContext, organization: Organization, readAt: number) =>
  update(caller, { ...withKeys(organization), readAt });

// Each reseller of the removed users must keep a `user.admin`.
const remove = callerStatement(
  (callerSql) => sql`update ${organizations} as organization
    set deleted_at = ${arg('now')}, updated_at = ${arg('now')}, deleted_by = ${arg('actor')}, deleted_in = ${arg('requestId')},
      deleted_address = ${arg('address')}, deleted_agent = ${arg('userAgent')}
    from ${callerSql.table} ${resellerJoined} where ${isUnchanged(callerSql)} and not (${removesLastAdmin})
      and not exists (${missingForOrganizationRemoval})`,
);
export const removeOrganization = (caller: CallerContext, organization: Organization) =>
  remove(caller, {
    id: organization.id,
    resellerId: organization.resellerId,
    now: caller.now,
    actor: caller.actor.name,
    requestId: caller.requestId,
    ...caller.origin,
    readAt: organization.updatedAt,
  });

const findMissingScope = callerQuery((callerSql) => ({
  select: { scope: value<string | null>(sql`(${missingForOrganizationRemoval} limit 1)`) },
  from: sql`from ${callerSql.table} ${resellerJoined}`,
}));
/** Refuses `grant_refused`. */
export async function requireRemovalRights(caller: CallerContext, { id, resellerId }: Organization): Promise<void> {
  const [{ scope }] = await findMissingScope(caller, { id, resellerId });
  if (scope !== null) refuse({ kind: 'grant_refused', scope });
}
