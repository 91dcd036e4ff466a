import { findOrganization } from '../../db/resellers/organizations.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import type { Located } from '../../db/users/located.ts';
import { listUsers, locateUser } from '../../db/users/users.ts';
import { absent, Refusal, refuse } from '../../model/failure.ts';
import { CREATION_ORDER, type Filter, type ListPage, type ListQuery } from '../../model/listing.ts';
import type { User } from '../../model/users/user.ts';

/** Where a user is looked for: anywhere in the reseller or, where one is named, in that organization only. */
export type UserPlace = { readonly resellerId: string; readonly organizationId?: string };

/** The user at that place. Refuses `not_found` of the reseller, the organization or the user. */
export async function findUserAt(
  caller: CallerContext,
  { resellerId, organizationId }: UserPlace,
  id: string,
): Promise<Located> {
  if (organizationId === undefined) return locateUser(caller, resellerId, id);
  const found = await locateUser(caller, resellerId, id).catch(ifAbsent);
  if (found !== null && found.user.organization?.id === organizationId) return found;
  await findOrganization(caller, resellerId, organizationId);
  return refuse(absent('user'));
}

function ifAbsent(error: unknown): null {
  if (error instanceof Refusal && error.failure.kind === 'not_found' && error.failure.what === 'user') return null;
  throw error;
}

/** The users of one organization, page by page. Refuses `not_found` of the reseller or the organization. */
export async function listOrganizationUsers(
  caller: CallerContext,
  resellerId: string,
  organizationId: string,
  list: Pick<ListQuery, 'after' | 'limit'>,
): Promise<ListPage<User>> {
  const inside: Filter = { field: 'organizationId', on: 'text', operator: 'eq', values: [organizationId] };
  const page = await listUsers(caller, resellerId, { ...CREATION_ORDER, ...list, filters: [inside] });
  // Whoever finds somebody has found the organization.
  if (page.rows.length === 0) await findOrganization(caller, resellerId, organizationId);
  return page;
}
