import { sql } from 'drizzle-orm';
import { actorName } from '../model/actor.ts';
import { refuse } from '../model/failure.ts';
import { fold } from '../model/fields.ts';
import type { Organization } from '../model/organization.ts';
import type { Call } from './call.ts';
import { callerStatement, type Row, read, withinReach } from './caller.ts';
import { columnsOf } from './columns.ts';
import { lister } from './listing.ts';
import { organizations, resellers } from './schema.ts';
import { arg, assignments, insertSelect } from './statement.ts';

/** An organization's columns, also where another query joins it as `organization`. */
export const organizationColumns = columnsOf(organizations, 'organization', [
  'id',
  'resellerId',
  'name',
  'email',
  'description',
  'allowedUsers',
  'addressLine1',
  'addressLine2',
  'city',
  'state',
  'country',
  'postalCode',
  'createdAt',
  'updatedAt',
]);
const changeable = [
  'name',
  'nameKey',
  'email',
  'emailKey',
  'description',
  'allowedUsers',
  'addressLine1',
  'addressLine2',
  'city',
  'state',
  'country',
  'postalCode',
  'updatedAt',
] as const;

const rowOf = (organization: Organization) => ({
  ...organization,
  nameKey: fold(organization.name),
  emailKey: fold(organization.email),
});

const reseller = sql`left join ${resellers} as reseller on reseller.id = ${arg('resellerId')} and ${withinReach}`;
const inReseller = sql`organization.reseller_id = reseller.id and organization.deleted_at is null`;

const one = callerStatement(
  (caller) => sql`select caller.permitted, reseller.id as reseller_id, ${organizationColumns.selected}
    from ${caller} ${reseller}
    left join ${organizations} as organization on ${inReseller} and organization.id = ${arg('id')}`,
);

/** The organization, or the refusal `not_found` of its reseller or itself. */
export async function findOrganization(call: Call, resellerId: string, id: string): Promise<Organization> {
  const [row] = await read(call, one(call, { resellerId, id }));
  resellerFound(row);
  return (row && organizationColumns.read(row)) ?? refuse({ kind: 'not_found', what: 'organization' });
}

/** Refuses where the query's `reseller_id` found no reseller. */
export function resellerFound(row: Row | undefined): void {
  if (row?.['reseller_id'] === null) refuse({ kind: 'not_found', what: 'reseller' });
}

const listed = lister(
  {
    alias: 'organization',
    selected: sql`reseller.id as reseller_id, ${organizationColumns.selected}`,
    from: (caller, conditions) =>
      sql`from ${caller} ${reseller} left join ${organizations} as organization on ${inReseller} and ${conditions}`,
    sorts: {
      createdAt: sql`organization.created_at`,
      updatedAt: sql`organization.updated_at`,
      name: sql`organization.name_key`,
      email: sql`organization.email_key`,
    },
    texts: {
      id: { column: sql`organization.id`, folded: true },
      name: { column: sql`organization.name_key`, folded: true },
      email: { column: sql`organization.email_key`, folded: true },
    },
    times: { createdAt: sql`organization.created_at`, updatedAt: sql`organization.updated_at` },
    searched: [sql`organization.name_key`, sql`organization.email_key`],
  },
  organizationColumns.read,
  resellerFound,
);
export const listOrganizations = (call: Call, resellerId: string, list: Parameters<typeof listed>[1]) =>
  listed(call, list, { resellerId });

const insert = callerStatement((caller) =>
  insertSelect(
    organizations,
    ['id', 'resellerId', 'createdAt', ...changeable],
    sql`from ${caller} join ${resellers} as reseller on reseller.id = ${arg('resellerId')} and ${withinReach}
      where caller.permitted and reseller.organization_count < ifnull(nullif(reseller.allowed_organizations, -1), 1e18)`,
  ),
);
export const insertOrganization = (call: Call, organization: Organization) => insert(call, rowOf(organization));

const asRead = sql`caller.permitted and organization.id = ${arg('id')} and organization.updated_at = ${arg('readAt')}
  and organization.reseller_id = reseller.id and organization.deleted_at is null and ${withinReach}`;
const ofItsReseller = sql`join ${resellers} as reseller on reseller.id = ${arg('resellerId')}`;

const update = callerStatement(
  (caller) => sql`update ${organizations} as organization set ${assignments(organizations, changeable)}
    from ${caller} ${ofItsReseller} where ${asRead}`,
);
export const updateOrganization = (call: Call, organization: Organization, readAt: number) =>
  update(call, { ...rowOf(organization), readAt });

const remove = callerStatement(
  (caller) => sql`update ${organizations} as organization
    set deleted_at = ${arg('now')}, deleted_by = ${arg('actor')}, deleted_in = ${arg('requestId')}
    from ${caller} ${ofItsReseller} where ${asRead}`,
);
export const removeOrganization = (call: Call, organization: Organization) =>
  remove(call, {
    id: organization.id,
    resellerId: organization.resellerId,
    now: call.now,
    actor: actorName(call.actor),
    requestId: call.requestId,
    readAt: organization.updatedAt,
  });
