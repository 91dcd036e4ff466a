import { commit } from '../../db/commit/commit.ts';
import { findOrganization } from '../../db/resellers/organizations.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { refusePlace } from '../../db/users/refusal.ts';
import { findUser, insertUser, updateUser } from '../../db/users/users.ts';
import { isSameAddress } from '../../model/fields.ts';
import { type MembershipRights, requiredForChange, rightsGained } from '../../model/users/required-rights.ts';
import { SUBSCRIBER_ROLE } from '../../model/users/role.ts';
import type { User } from '../../model/users/user.ts';
import { refuseApplication } from '../factors/credential-guard.ts';
import { resetIfGained } from '../factors/credentials-reset.ts';
import { requireRecentOfSelf, requireRecentToGive } from '../factors/recent-sign-in.ts';
import { applyChanges, defined, isUnchanged, retryChanged, timestamps } from '../update.ts';
import { eventForOtherResellers, invitationsCancelled } from './shared-users.ts';
import { findUserAt, type UserPlace } from './user-place.ts';

export { listUsers } from '../../db/users/users.ts';
export { deleteUser } from './delete-user.ts';
export { listOrganizationUsers } from './user-place.ts';

/** What a user is where nobody says otherwise. */
const details = {
  firstName: '',
  lastName: '',
  company: '',
  allowCustomerPortalAccess: true,
  jobTitle: '',
  phone: '',
  language: 'en',
} as const;
const never = {
  twoFactorEnabled: false,
  googleSsoEnabled: false,
  lastLoginAt: null,
  verifiedAt: null,
  emailVerifiedAt: null,
} as const;
/** Somebody of no organization who has not come yet. */
export const USER_DEFAULTS = { organization: null, ...details, ...never };

type Details = Pick<User, keyof typeof details | 'email' | 'role'>;
type GivenDetails = { readonly [K in keyof Details]?: Details[K] | undefined };
/** A `password` of null: the user is invited by mail and chooses one. */
export type NewUser = GivenDetails &
  Pick<Details, 'email' | 'role'> & { readonly organizationId: string | null; readonly password: string | null };
/** What is undefined stays; an `organizationId` of null takes the user out of its organization. */
export type UserChanges = GivenDetails & { readonly organizationId?: string | null | undefined };

/** Refuses `not_found` of the reseller or the user. */
export function getUser(caller: CallerContext, resellerId: string, id: string): Promise<User> {
  return findUser(caller, resellerId, id);
}

/** Refuses `not_found` (reseller, organization), `limit_reached`, `email_taken`, `grant_refused`, `recent_sign_in_required`. */
export async function createUser(caller: CallerContext, resellerId: string, input: NewUser): Promise<User> {
  const { password, organizationId, ...details } = input;
  // The one more round trip shows the organization in the reply; the guard in the write still decides.
  const organization = organizationId === null ? null : await findOrganization(caller, resellerId, organizationId);
  const user: User = {
    id: caller.newId(),
    resellerId,
    ...USER_DEFAULTS,
    ...defined(details),
    organization,
    verifiedAt: password === null ? null : caller.now,
    ...timestamps(caller),
  };
  const required = requiredForChange(null, {
    roles: [],
    role: user.role,
    organization,
    portalAccess: user.allowCustomerPortalAccess,
  });
  await requireRecentToGive(caller, required);
  await commit(caller, {
    write: insertUser(caller, user, password === null ? null : await caller.hashPassword(password), required),
    event: { type: 'reseller.user.created', before: null, after: user },
    resellerId,
    subject: user.id,
    result: user,
    refused: () => refusePlace(caller, user, required),
  });
  return user;
}

/**
 * Refuses `not_found`, `limit_reached` (of the organization moved to), `email_taken`, `grant_refused`,
 * `recent_sign_in_required`, `user_required`. `where`: see `findUserAt`.
 */
export function updateUserDetails(
  caller: CallerContext,
  where: UserPlace,
  id: string,
  changes: UserChanges,
): Promise<User> {
  const { organizationId, ...details } = changes;
  const { resellerId } = where;
  return retryChanged(async () => {
    const { user: before, roles, elsewhere, invitedBy, preparedScopes } = await findUserAt(caller, where, id);
    const { role, organization: led, allowCustomerPortalAccess: portalAccess } = before;
    const standing = { roles, role, organization: led, portalAccess };
    const moved = await addressAfter(caller, before, standing, details.email);
    const organization = await organizationAfter(caller, before, organizationId);
    const risen = {
      roles,
      role: details.role ?? role,
      organization,
      portalAccess: details.allowCustomerPortalAccess ?? portalAccess,
    };
    const gained = rightsGained(standing, risen);
    await requireRecentToGive(caller, gained);
    const reset = resetIfGained(caller, { before, moved, preparedScopes }, gained);
    const after = applyChanges(caller, before, { ...details, ...moved, ...reset?.changes, organization });
    if (isUnchanged(before, after)) return before;
    const required = requiredForChange(standing, risen);
    const event = { type: 'reseller.user.updated', before, after } as const;
    await commit(caller, {
      write: updateUser(caller, after, before.updatedAt, required),
      event,
      resellerId,
      elsewhere: [eventForOtherResellers(event, elsewhere), invitationsCancelled(before, moved ? invitedBy : [])],
      ...reset?.beside,
      // The event does not say the roles, by which a moved subscriber is asked again.
      emails: (reset?.beside.emails ?? 0) + (moved !== null && roles.includes(SUBSCRIBER_ROLE) ? 1 : 0),
      subject: id,
      result: after,
      refused: async () => {
        const { user: now } = await findUserAt(caller, where, id);
        if (now.updatedAt === before.updatedAt) await refusePlace(caller, after, required);
      },
    });
    if (reset) caller.emailIds.push(reset.mailId);
    return after;
  });
}

async function organizationAfter(caller: CallerContext, before: User, organizationId: string | null | undefined) {
  if (organizationId === undefined || organizationId === before.organization?.id) return before.organization;
  return organizationId === null ? null : findOrganization(caller, before.resellerId, organizationId);
}

/**
 * The changes that a new address makes to a user; null if the address stays. Changing one's own, or that of a user who may
 * make credentials, needs a recent sign-in; an application changes none.
 * The tenant vouches for the address of an active user; an invited one has to follow the link sent there. Outside identities
 * go by a trigger, `users_moved_identities`.
 */
export async function addressAfter(
  caller: CallerContext,
  before: User,
  standing: MembershipRights,
  email: string | undefined,
) {
  if (email === undefined || isSameAddress(email, before.email)) return null;
  refuseApplication(caller);
  await requireRecentOfSelf(caller, before.id);
  await requireRecentToGive(caller, requiredForChange(null, standing));
  const proved = { verifiedAt: before.verifiedAt === null ? null : caller.now, emailVerifiedAt: null };
  return { email, ...proved, googleSsoEnabled: false };
}
