import { commit } from '../../db/commit/commit.ts';
import {
  findOrganization,
  insertOrganization,
  removeOrganization,
  requireRemovalRights,
  updateOrganization,
} from '../../db/resellers/organizations.ts';
import { findReseller } from '../../db/resellers/resellers.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { refuse } from '../../model/failure.ts';
import { logFault } from '../../model/log.ts';
import { ORGANIZATION_DEFAULTS, type Organization } from '../../model/resellers/organization.ts';
import { applyChanges, defined, isUnchanged, retryChanged, timestamps } from '../update.ts';
import { removeOrganizationChunk } from './deleted-organizations.ts';

export { findOrganization as getOrganization, listOrganizations } from '../../db/resellers/organizations.ts';

type OrganizationDetails = Omit<Organization, 'id' | 'resellerId' | 'createdAt' | 'updatedAt'>;
export type OrganizationChanges = { readonly [K in keyof OrganizationDetails]?: OrganizationDetails[K] | undefined };
export type NewOrganization = OrganizationChanges & Pick<OrganizationDetails, 'name'>;

/** Refuses `not_found` (the reseller), `limit_reached`, `name_taken`. */
export async function createOrganization(
  caller: CallerContext,
  resellerId: string,
  input: NewOrganization,
): Promise<Organization> {
  const organization = {
    id: caller.newId(),
    resellerId,
    ...ORGANIZATION_DEFAULTS,
    ...defined(input),
    ...timestamps(caller),
  };
  await commit(caller, {
    write: insertOrganization(caller, organization),
    event: { type: 'reseller.organization.created', before: null, after: organization },
    resellerId,
    subject: organization.id,
    result: organization,
    refused: async () => {
      await findReseller(caller, resellerId);
      refuse({ kind: 'limit_reached', what: 'organizations' });
    },
  });
  return organization;
}

export function updateOrganizationDetails(
  caller: CallerContext,
  resellerId: string,
  id: string,
  changes: OrganizationChanges,
): Promise<Organization> {
  return retryChanged(async () => {
    const before = await findOrganization(caller, resellerId, id);
    const after = applyChanges(caller, before, changes);
    if (isUnchanged(before, after)) return before;
    await commit(caller, {
      write: updateOrganization(caller, after, before.updatedAt),
      event: { type: 'reseller.organization.updated', before, after },
      resellerId,
      subject: id,
      result: after,
      refused: () => findOrganization(caller, resellerId, id),
    });
    return after;
  });
}

/**
 * The first users are deleted before the reply, so that their addresses are free; the rest in the background. All are
 * unreachable once committed.
 */
export async function deleteOrganization(caller: CallerContext, resellerId: string, id: string): Promise<void> {
  await retryChanged(async () => {
    const before = await findOrganization(caller, resellerId, id);
    await commit(caller, {
      write: removeOrganization(caller, before),
      aboveBudget: true,
      event: { type: 'reseller.organization.deleted', before, after: null },
      resellerId,
      subject: id,
      result: null,
      refused: async () => {
        const now = await findOrganization(caller, resellerId, id);
        if (now.updatedAt !== before.updatedAt) return;
        await requireRemovalRights(caller, before);
        refuse({ kind: 'last_admin' });
      },
    });
  });
  const removed = await removeOrganizationChunk(caller.db, id, caller).catch((error) =>
    logFault('removal', error, caller.requestId),
  );
  caller.eventIds.push(...(removed?.eventIds ?? []));
  if (!removed?.done) caller.tasks.push({ organizationId: id });
}
