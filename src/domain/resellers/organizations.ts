import { commit } from '../../db/commit/commit.ts';
import {
  findOrganization,
  insertOrganization,
  refuseRemoval,
  removeOrganization,
  updateOrganization,
} from '../../db/resellers/organizations.ts';
import { findReseller } from '../../db/resellers/resellers.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { refuse } from '../../model/failure.ts';
import { logFault } from '../../model/log.ts';
import { ORGANIZATION_DEFAULTS, type Organization } from '../../model/resellers/organization.ts';
import { applyChanges, defined, isUnchanged, retryChanged, timestamps } from '../update.ts';
import { removeChunk } from './removal.ts';

export { findOrganization as getOrganization, listOrganizations } from '../../db/resellers/organizations.ts';

type Details = Omit<Organization, 'id' | 'resellerId' | 'createdAt' | 'updatedAt'>;
/** What is undefined stays. */
export type OrganizationChanges = { readonly [K in keyof Details]?: Details[K] | undefined };
export type NewOrganization = OrganizationChanges & Pick<Details, 'name'>;

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

/** Refuses `not_found`, `name_taken`. */
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
 * The organization and its users are out of reach with the commit. The first users' rows go before the reply, so that
 * their addresses are free at once; the rest in the background. Refuses `not_found`, `grant_refused`, `last_admin`.
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
        await refuseRemoval(caller, before);
        refuse({ kind: 'last_admin' });
      },
    });
  });
  const removed = await removeChunk(caller.db, id, caller).catch((error) =>
    logFault('removal', error, caller.requestId),
  );
  caller.eventIds.push(...(removed?.eventIds ?? []));
  if (!removed?.done) caller.tasks.push({ organizationId: id });
}
