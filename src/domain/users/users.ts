import { commit } from '../../db/commit/commit.ts';
import { findOrganization } from '../../db/resellers/organizations.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { disableMembership } from '../../db/users/membership.ts';
import { findUser, insertUser, updateUser } from '../../db/users/users.ts';
import { refuseUserSeat, refuseUserWrite } from '../../db/users/write-refusal.ts';
import { refuse } from '../../model/failure.ts';
import { isSameAddress } from '../../model/fields.ts';
import { type MembershipRights, requiredForChange, rightsGained } from '../../model/users/required-rights.ts';
import { SUBSCRIBER_ROLE } from '../../model/users/role.ts';
import type { User } from '../../model/users/user.ts';
import { refuseApplication, refuseOwn } from '../factors/credential-guard.ts';
import { resetIfRightsGained } from '../factors/credentials-reset.ts';
import { requireRecentSignInForSelf, requireRecentSignInToGrant } from '../factors/recent-sign-in.ts';
import { applyChanges, defined, isUnchanged, retryChanged, timestamps } from '../update.ts';
import { eventForOtherResellers, invitationsCancelled } from './shared-users.ts';
import { findUserAt, type UserLocation } from './user-location.ts';

export { listUsers } from '../../db/users/users.ts';
export { deleteUser } from './delete-user.ts';
export { listOrganizationUsers } from './user-location.ts';

const DETAIL_DEFAULTS = {
  firstName: '',
  lastName: '',
  company: '',
  allowCustomerPortalAccess: true,
  jobTitle: '',
  phone: '',
  language: 'en',
} as const;
const SIGN_IN_DEFAULTS = {
  twoFactorEnabled: false,
  googleSsoEnabled: false,
  lastLoginAt: null,
  disabled: false,
  verifiedAt: null,
  emailVerifiedAt: null,
} as const;
export const USER_DEFAULTS = { organization: null, ...DETAIL_DEFAULTS, ...SIGN_IN_DEFAULTS };

/** Disabling a membership is never over budget. The budget limits enabling, and so how often the two repeat. */
export const ABOVE_BUDGET = { aboveBudget: true } as const;

type UserDetails = Pick<User, keyof typeof DETAIL_DEFAULTS | 'email' | 'role'>;
type OptionalDetails = { readonly [K in keyof UserDetails]?: UserDetails[K] | undefined };
/** A `password` of null: the user is invited by mail and chooses one. */
export type NewUser = OptionalDetails &
  Pick<UserDetails, 'email' | 'role'> & { readonly organizationId: string | null; readonly password: string | null };
/** Undefined fields stay unchanged; an `organizationId` of null removes the user from its organization. */
export type UserChanges = OptionalDetails & {
  readonly organizationId?: string | null | undefined;
  readonly disabled?: boolean | undefined;
};

export function getUser(caller: CallerContext, resellerId: string, id: string): Promise<User> {
  return findUser(caller, resellerId, id);
}

export async function createUser(caller: CallerContext, resellerId: string, input: NewUser): Promise<User> {
  const { password, organizationId, ...details } = input;
  // An extra round trip, for the reply only; the write checks again.
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
    disabled: false,
  });
  await requireRecentSignInToGrant(caller, required);
  await commit(caller, {
    write: insertUser(caller, user, password === null ? null : await caller.hashPassword(password), required),
    event: { type: 'reseller.user.created', before: null, after: user },
    resellerId,
    subject: user.id,
    result: user,
    refused: () => refuseUserSeat(caller, user, required),
  });
  return user;
}

export function updateUserDetails(
  caller: CallerContext,
  location: UserLocation,
  id: string,
  changes: UserChanges,
): Promise<User> {
  const { organizationId, ...details } = changes;
  const { resellerId } = location;
  return retryChanged(async () => {
    const { user: before, roles, otherMemberships, invitedBy, preparedScopes } = await findUserAt(caller, location, id);
    const { role, organization: currentOrganization, allowCustomerPortalAccess: portalAccess } = before;
    const standing = { roles, role, organization: currentOrganization, portalAccess, disabled: before.disabled };
    const disabled = details.disabled ?? before.disabled;
    if (disabled !== before.disabled) refuseOwn(caller, id);
    const addressChange = await computeAddressChange(caller, before, standing, details.email);
    const organization = await findNewOrganization(caller, before, organizationId);
    const standingAfter = {
      roles,
      role: details.role ?? role,
      organization,
      portalAccess: details.allowCustomerPortalAccess ?? portalAccess,
      disabled,
    };
    const gained = rightsGained(standing, standingAfter);
    await requireRecentSignInToGrant(caller, gained);
    const reset = resetIfRightsGained(caller, { before, addressChange, preparedScopes }, gained);
    const after = applyChanges(caller, before, { ...details, ...addressChange, ...reset?.changes, organization });
    if (isUnchanged(before, after)) return before;
    const required = requiredForChange(standing, standingAfter);
    const event = { type: 'reseller.user.updated', before, after } as const;
    await commit(caller, {
      write: updateUser(caller, after, before.updatedAt, required),
      follow: disabled === before.disabled ? [] : [disableMembership(caller, { userId: id, resellerId }, disabled)],
      event,
      resellerId,
      elsewhere: [
        ...eventForOtherResellers(event, otherMemberships),
        invitationsCancelled(before, addressChange ? invitedBy : []),
      ],
      ...reset?.effects,
      ...(disabled && !before.disabled && addressChange === null && ABOVE_BUDGET),
      // A subscriber is asked to confirm again. `chargeOf` cannot count that mail: the event has no roles.
      emails:
        (reset?.effects.emails ?? 0) +
        ((addressChange !== null || disabled < before.disabled) && roles.includes(SUBSCRIBER_ROLE) ? 1 : 0),
      subject: id,
      result: after,
      refused: async () => {
        const { user: now } = await findUserAt(caller, location, id);
        if (now.updatedAt !== before.updatedAt) return;
        if (!disabled) await refuseUserSeat(caller, after, required);
        await refuseUserWrite(caller, after, required);
        refuse({ kind: 'last_admin' });
      },
    });
    if (reset) caller.emailIds.push(reset.mailId);
    return after;
  });
}

async function findNewOrganization(caller: CallerContext, before: User, organizationId: string | null | undefined) {
  if (organizationId === undefined || organizationId === before.organization?.id) return before.organization;
  return organizationId === null ? null : findOrganization(caller, before.resellerId, organizationId);
}

/**
 * Null if the address stays. An invited user must follow the link sent there; an active user's address is trusted. The
 * trigger `users_moved_identities` deletes external identities.
 */
export async function computeAddressChange(
  caller: CallerContext,
  before: User,
  standing: MembershipRights,
  email: string | undefined,
) {
  if (email === undefined || isSameAddress(email, before.email)) return null;
  refuseApplication(caller);
  await requireRecentSignInForSelf(caller, before.id);
  await requireRecentSignInToGrant(caller, requiredForChange(null, standing));
  const verification = { verifiedAt: before.verifiedAt === null ? null : caller.now, emailVerifiedAt: null };
  return { email, ...verification, googleSsoEnabled: false };
}
