import { findOrganization } from '../../db/resellers/organizations.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import type { UserInTenant } from '../../db/users/user-in-tenant.ts';
import { findUserInTenant, listUsers } from '../../db/users/users.ts';
import { absent, Refusal, refuse } from '../../model/failure.ts';
import { CREATION_ORDER, type Filter, type ListPage, type ListQuery } from '../../model/listing.ts';
import type { User } from '../../model/users/user.ts';

export type UserLocation = { readonly resellerId: string; readonly organizationId?: string };

export async function findUserAt(
  caller: CallerContext,
  { resellerId, organizationId }: UserLocation,
  id: string,
): Promise<UserInTenant> {
  if (organizationId === undefined) return findUserInTenant(caller, resellerId, id);
  const located = await findUserInTenant(caller, resellerId, id).catch(ifAbsent);
  if (located !== null && located.user.organization?.id === organizationId) return located;
  await findOrganization(caller, resellerId, organizationId);
  return refuse(absent('user'));
}

function ifAbsent(error: unknown): null {
  if (error instanceof Refusal && error.failure.kind === 'not_found' && error.failure.what === 'user') return null;
  throw error;
}

export async function listOrganizationUsers(
  caller: CallerContext,
  resellerId: string,
  organizationId: string,
  list: Pick<ListQuery, 'after' | 'limit'>,
): Promise<ListPage<User>> {
  const inOrganization: Filter = { field: 'organizationId', on: 'text', operator: 'eq', values: [organizationId] };
  const page = await listUsers(caller, resellerId, { ...CREATION_ORDER, ...list, filters: [inOrganization] });
  // A user in the list shows that the organization exists.
  if (page.rows.length === 0) await findOrganization(caller, resellerId, organizationId);
  return page;
}
