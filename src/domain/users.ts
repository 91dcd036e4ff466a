import type { Call } from '../db/call.ts';
import { commit } from '../db/commit.ts';
import { findOrganization } from '../db/organizations.ts';
import { findUser, insertUser, refusePlace, removeUser, updateUser } from '../db/users.ts';
import type { User } from '../model/user.ts';
import { changed, createdNow, retryChanged } from './update.ts';

export { findUser as getUser, listUsers } from '../db/users.ts';

type Details = Pick<User, 'firstName' | 'lastName' | 'email' | 'role' | 'company' | 'allowCustomerPortalAccess'>;
export type NewUser = Details & { readonly organizationId: string | null; readonly password: string };
/** What is undefined stays; an `organizationId` of null takes the user out of its organization. */
export type UserChanges = { readonly [K in keyof Details]?: Details[K] | undefined } & {
  readonly organizationId?: string | null | undefined;
};

/** Refuses `not_found` (reseller, organization), `limit_reached`, `email_taken`. */
export async function createUser(call: Call, resellerId: string, input: NewUser): Promise<User> {
  const { password, organizationId, ...details } = input;
  // The one more round trip shows the organization in the reply; the guard in the write still decides.
  const organization = organizationId === null ? null : await findOrganization(call, resellerId, organizationId);
  const user: User = {
    id: call.newId(),
    resellerId,
    organization,
    ...details,
    twoFactorEnabled: false,
    googleSsoEnabled: false,
    lastLoginAt: null,
    ...createdNow(call),
  };
  await commit(call, {
    write: insertUser(call, user, await call.hashPassword(password)),
    event: { type: 'reseller.user.created', before: null, after: user },
    resellerId,
    subject: user.id,
    result: user,
    refused: () => refusePlace(call, resellerId, organizationId),
  });
  return user;
}

/** Refuses `not_found`, `limit_reached` (of the organization moved to), `email_taken`. */
export function updateUserDetails(call: Call, resellerId: string, id: string, changes: UserChanges): Promise<User> {
  const { organizationId, ...details } = changes;
  return retryChanged(async () => {
    const before = await findUser(call, resellerId, id);
    const after = changed(call, before, {
      ...details,
      organization: await organizationAfter(call, before, organizationId),
    });
    await commit(call, {
      write: updateUser(call, after, before.updatedAt),
      event: { type: 'reseller.user.updated', before, after },
      resellerId,
      subject: id,
      result: after,
      refused: async () => {
        const now = await findUser(call, resellerId, id);
        if (now.updatedAt === before.updatedAt) await refusePlace(call, resellerId, after.organization?.id ?? null);
      },
    });
    return after;
  });
}

async function organizationAfter(call: Call, before: User, organizationId: string | null | undefined) {
  if (organizationId === undefined || organizationId === before.organization?.id) return before.organization;
  return organizationId === null ? null : findOrganization(call, before.resellerId, organizationId);
}

/** Refuses `not_found`. */
export function deleteUser(call: Call, resellerId: string, id: string): Promise<void> {
  return retryChanged(async () => {
    const before = await findUser(call, resellerId, id);
    await commit(call, {
      write: removeUser(call, before),
      event: { type: 'reseller.user.deleted', before, after: null },
      resellerId,
      subject: id,
      result: null,
      refused: () => findUser(call, resellerId, id),
    });
  });
}
