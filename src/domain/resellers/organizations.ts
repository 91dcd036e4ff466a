import { commit } from '../../db/commit/commit.ts';
import {
  findOrganization,
  insertOrganization,
  refuseRemoval,
  removeOrganization,
  updateOrganization,
} from '../../db/resellers/organizations.ts';
import { findReseller } from '../../db/resellers/resellers.ts';
import type { Call } from '../../db/sql/call.ts';
import { refuse } from '../../model/failure.ts';
import { UNLIMITED } from '../../model/limits/index.ts';
import { logFault } from '../../model/log.ts';
import type { Organization } from '../../model/resellers/organization.ts';
import { changed, createdNow, given, isUnchanged, retryChanged } from '../update.ts';
import { removeChunk } from './removal.ts';

export { findOrganization as getOrganization, listOrganizations } from '../../db/resellers/organizations.ts';

type Details = Omit<Organization, 'id' | 'resellerId' | 'createdAt' | 'updatedAt'>;
/** What is undefined stays. */
export type OrganizationChanges = { readonly [K in keyof Details]?: Details[K] | undefined };
export type NewOrganization = OrganizationChanges & Pick<Details, 'name'>;

/** What an organization is where nobody says otherwise. */
const plain: Omit<Details, 'name'> = {
  email: '',
  description: '',
  allowedUsers: UNLIMITED,
  addressLine1: '',
  addressLine2: '',
  city: '',
  state: '',
  country: '',
  postalCode: '',
  companyName: '',
  industry: '',
  sector: '',
  numberOfEmployees: null,
  secrecyApplies: false,
  sensitiveAttributes: '',
  technicalInterface: false,
};

/** Refuses `not_found` (the reseller), `limit_reached`, `name_taken`. */
export async function createOrganization(
  call: Call,
  resellerId: string,
  input: NewOrganization,
): Promise<Organization> {
  const organization = { id: call.newId(), resellerId, ...plain, ...given(input), ...createdNow(call) };
  await commit(call, {
    write: insertOrganization(call, organization),
    event: { type: 'reseller.organization.created', before: null, after: organization },
    resellerId,
    subject: organization.id,
    result: organization,
    refused: async () => {
      await findReseller(call, resellerId);
      refuse({ kind: 'limit_reached', what: 'organizations' });
    },
  });
  return organization;
}

/** Refuses `not_found`, `name_taken`. */
export function updateOrganizationDetails(
  call: Call,
  resellerId: string,
  id: string,
  changes: OrganizationChanges,
): Promise<Organization> {
  return retryChanged(async () => {
    const before = await findOrganization(call, resellerId, id);
    const after = changed(call, before, changes);
    if (isUnchanged(before, after)) return before;
    await commit(call, {
      write: updateOrganization(call, after, before.updatedAt),
      event: { type: 'reseller.organization.updated', before, after },
      resellerId,
      subject: id,
      result: after,
      refused: () => findOrganization(call, resellerId, id),
    });
    return after;
  });
}

/**
 * The organization and its users are out of reach with the commit. The first users' rows go before the reply, so that
 * their addresses are free at once; the rest in the background. Refuses `not_found`, `grant_refused`, `last_admin`.
 */
export async function deleteOrganization(call: Call, resellerId: string, id: string): Promise<void> {
  await retryChanged(async () => {
    const before = await findOrganization(call, resellerId, id);
    await commit(call, {
      write: removeOrganization(call, before),
      aboveBudget: true,
      event: { type: 'reseller.organization.deleted', before, after: null },
      resellerId,
      subject: id,
      result: null,
      refused: async () => {
        const now = await findOrganization(call, resellerId, id);
        if (now.updatedAt !== before.updatedAt) return;
        await refuseRemoval(call, before);
        refuse({ kind: 'last_admin' });
      },
    });
  });
  const removed = await removeChunk(call.session, id, call).catch((error) =>
    logFault('removal', error, call.requestId),
  );
  call.raised.push(...(removed?.eventIds ?? []));
  if (!removed?.done) call.wakes.push({ organizationId: id });
}
