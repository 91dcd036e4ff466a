import type { Call } from '../db/call.ts';
import { commit } from '../db/commit.ts';
import { findOrganization } from '../db/organizations.ts';
import { insertUser, refusePlace, removeUser, updateUser } from '../db/users.ts';
import { fold } from '../model/fields.ts';
import type { User } from '../model/user.ts';
import { changed, createdNow, given, retryChanged } from './update.ts';
import { findUserAt, type UserPlace } from './user-place.ts';

export { findUser as getUser, listUsers } from '../db/users.ts';
export { listOrganizationUsers } from './user-place.ts';

/** What a user is where nobody says otherwise. */
const plain = {
  firstName: '',
  lastName: '',
  company: '',
  allowCustomerPortalAccess: true,
  jobTitle: '',
  phone: '',
  language: 'en',
} as const;

type Details = Pick<User, keyof typeof plain | 'email' | 'role'>;
type GivenDetails = { readonly [K in keyof Details]?: Details[K] | undefined };
/** A `password` of null: the user is invited by mail and chooses one. */
export type NewUser = GivenDetails &
  Pick<Details, 'email' | 'role'> & { readonly organizationId: string | null; readonly password: string | null };
/** What is undefined stays; an `organizationId` of null takes the user out of its organization. */
export type UserChanges = GivenDetails & { readonly organizationId?: string | null | undefined };

/** Refuses `not_found` (reseller, organization), `limit_reached`, `email_taken`. */
export async function createUser(call: Call, resellerId: string, input: NewUser): Promise<User> {
  const { password, organizationId, ...details } = input;
  // The one more round trip shows the organization in the reply; the guard in the write still decides.
  const organization = organizationId === null ? null : await findOrganization(call, resellerId, organizationId);
  const user: User = {
    id: call.newId(),
    resellerId,
    organization,
    ...plain,
    ...given(details),
    twoFactorEnabled: false,
    googleSsoEnabled: false,
    lastLoginAt: null,
    verifiedAt: password === null ? null : call.now,
    ...createdNow(call),
  };
  await commit(call, {
    write: insertUser(call, user, password === null ? null : await call.hashPassword(password)),
    event: { type: 'reseller.user.created', before: null, after: user },
    resellerId,
    subject: user.id,
    result: user,
    refused: () => refusePlace(call, resellerId, organizationId),
  });
  return user;
}

/** Refuses `not_found`, `limit_reached` (of the organization moved to), `email_taken`. `where`: see `findUserAt`. */
export function updateUserDetails(call: Call, where: UserPlace, id: string, changes: UserChanges): Promise<User> {
  const { organizationId, ...details } = changes;
  const { resellerId } = where;
  return retryChanged(async () => {
    const before = await findUserAt(call, where, id);
    const after = changed(call, before, {
      ...details,
      verifiedAt: verifiedAfter(call, before, details.email),
      organization: await organizationAfter(call, before, organizationId),
    });
    await commit(call, {
      write: updateUser(call, after, before.updatedAt),
      event: { type: 'reseller.user.updated', before, after },
      resellerId,
      subject: id,
      result: after,
      refused: async () => {
        const now = await findUserAt(call, where, id);
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

/** Whoever sets the address of a verified user vouches for the new one; an invited one has to follow the link sent there. */
function verifiedAfter(call: Call, before: User, email: string | undefined): number | null {
  const moved = email !== undefined && fold(email) !== fold(before.email);
  return moved && before.verifiedAt !== null ? call.now : before.verifiedAt;
}

/** Refuses `not_found`. `where`: see `findUserAt`. */
export function deleteUser(call: Call, where: UserPlace, id: string): Promise<void> {
  return retryChanged(async () => {
    const before = await findUserAt(call, where, id);
    await commit(call, {
      write: removeUser(call, before),
      event: { type: 'reseller.user.deleted', before, after: null },
      resellerId: where.resellerId,
      subject: id,
      result: null,
      refused: () => findUserAt(call, where, id),
    });
  });
}
