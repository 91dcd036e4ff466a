import { isDeepStrictEqual } from 'node:util';
import { commit } from '../../db/commit/commit.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { findMember } from '../../db/users/members.ts';
import {
  advanceUserVersion,
  assignRoles,
  disableMembership,
  leaveReseller,
  updateMember,
} from '../../db/users/membership.ts';
import { insertUser } from '../../db/users/users.ts';
import { refuseUserSeat, refuseUserWrite } from '../../db/users/write-refusal.ts';
import { type Failure, Refusal, refuse } from '../../model/failure.ts';
import { type Member, stateFrom } from '../../model/users/member.ts';
import {
  GUEST_MEMBERSHIP,
  type MembershipRights,
  requiredForChange,
  requiredForRemoval,
  rightsGained,
} from '../../model/users/required-rights.ts';
import type { Role } from '../../model/users/role.ts';
import { refuseOwn } from '../factors/credential-guard.ts';
import { resetIfRightsGained } from '../factors/credentials-reset.ts';
import { requireRecentSignInForSelf, requireRecentSignInToGrant } from '../factors/recent-sign-in.ts';
import { applyChanges, isUnchanged, retryChanged, timestamps } from '../update.ts';
import { inviteExistingUser } from './invite-existing-user.ts';
import { eventForOtherResellers, eventsForHomeReseller, invitationsCancelled, viewFor } from './shared-users.ts';
import { ABOVE_BUDGET, computeAddressChange, deleteUser, USER_DEFAULTS } from './users.ts';

export { listMembers } from '../../db/users/members.ts';

export type MemberDetails = { readonly name: string; readonly email: string; readonly roles: readonly Role[] };
export type MemberChanges = { readonly [K in keyof MemberDetails]?: MemberDetails[K] | undefined } & {
  readonly disabled?: boolean | undefined;
};

const POSSIBLY_EXISTING: ReadonlySet<Failure['kind']> = new Set(['email_taken', 'limit_reached']);

export async function getMember(caller: CallerContext, resellerId: string, id: string): Promise<Member> {
  return (await findMember(caller, resellerId, id)).member;
}

/** Invites a new user by mail, or an existing one as `inviteExistingUser` does. */
export async function createMember(caller: CallerContext, resellerId: string, input: MemberDetails): Promise<Member> {
  const roles = [...new Set<Role>(['account.user', ...input.roles])];
  const member: Member = {
    ...USER_DEFAULTS,
    id: caller.newId(),
    resellerId,
    ...splitName(input.name),
    email: input.email,
    role: 'user',
    roles,
    ...timestamps(caller),
  };
  const required = requiredForChange(null, { ...GUEST_MEMBERSHIP, roles });
  await requireRecentSignInToGrant(caller, required);
  try {
    await commit(caller, {
      write: insertUser(caller, member, null, required),
      follow: [assignRoles(caller.db, { userId: member.id, resellerId }, roles)],
      event: { type: 'reseller.user.created', before: null, after: viewFor(resellerId, member) },
      resellerId,
      subject: member.id,
      result: member,
      refused: () => refuseUserSeat(caller, member, required),
    });
    return member;
  } catch (error) {
    // An existing user takes no seat.
    if (!(error instanceof Refusal && POSSIBLY_EXISTING.has(error.failure.kind))) throw error;
    return inviteExistingUser(caller, resellerId, { email: input.email, roles }, error.failure);
  }
}

/** Roles apply to this reseller; only the user's own reseller changes name and address (`not_primary`). */
export function updateMemberDetails(
  caller: CallerContext,
  resellerId: string,
  id: string,
  change: (member: Member) => MemberChanges,
): Promise<Member> {
  return retryChanged(async () => {
    const { member: before, otherMemberships, invitedBy, preparedScopes } = await findMember(caller, resellerId, id);
    const was = before.membership === 'disabled';
    const { name, email, roles: requestedRoles = before.roles, disabled = was } = change(before);
    if (disabled !== was) refuseOwn(caller, id);
    const roles = [...new Set(requestedRoles)];
    const atHome = before.resellerId === resellerId;
    if (!atHome && (name !== undefined || email !== undefined)) refuse({ kind: 'not_primary' });
    const standing = standingIn(resellerId, before);
    const standingAfter = { ...standing, roles, disabled };
    const addressChange = await computeAddressChange(caller, before, standing, email);
    const gained = rightsGained(standing, standingAfter);
    await requireRecentSignInToGrant(caller, gained);
    const reset = resetIfRightsGained(caller, { before, addressChange, preparedScopes }, gained);
    const names = name === undefined ? null : splitName(name);
    const { membership: _, ...next } = applyChanges<Member>(caller, before, {
      ...names,
      email,
      ...addressChange,
      ...reset?.changes,
    });
    const state = stateFrom(before.membership === 'pending' ? 'pending' : disabled && 'disabled');
    const after: Member = { ...next, roles, disabled: atHome ? disabled : before.disabled, ...state };
    if (isUnchanged(before, after)) return before;
    const required = requiredForChange(standing, standingAfter);
    // Roles apply to the whole reseller: administrators of one organization change none.
    const keepsRoles = isDeepStrictEqual(roles, before.roles);
    const event = {
      type: 'reseller.user.updated',
      before: viewFor(resellerId, before),
      after: viewFor(resellerId, after),
    } as const;
    await commit(caller, {
      write: updateMember(caller, after, { resellerId, readAt: before.updatedAt, required, keepsRoles }),
      follow: [
        assignRoles(caller.db, { userId: id, resellerId }, roles),
        ...(disabled === was ? [] : [disableMembership(caller, { userId: id, resellerId }, disabled)]),
      ],
      event,
      resellerId,
      elsewhere: [
        ...eventForOtherResellers(event, atHome ? otherMemberships : []),
        ...(reset && !atHome ? eventsForHomeReseller(resellerId, before, after, otherMemberships) : []),
        invitationsCancelled(before, addressChange ? invitedBy : []),
      ],
      ...reset?.effects,
      ...(disabled && !was && addressChange === null && ABOVE_BUDGET),
      subject: id,
      result: after,
      refused: async () => {
        const { member: now } = await findMember(caller, resellerId, id);
        if (now.updatedAt !== before.updatedAt) return;
        const organization = atHome && keepsRoles ? before.organization : null;
        await refuseUserWrite(caller, { ...after, resellerId, organization }, required);
        refuse(was && !disabled ? { kind: 'limit_reached', what: 'users' } : { kind: 'last_admin' });
      },
    });
    if (reset) caller.emailIds.push(reset.mailId);
    return after;
  });
}

export async function deleteMember(caller: CallerContext, resellerId: string, id: string): Promise<void> {
  await requireRecentSignInForSelf(caller, id);
  return retryChanged(async () => {
    const { member: before } = await findMember(caller, resellerId, id);
    if (before.resellerId === resellerId) return deleteUser(caller, { resellerId }, id);
    const required = requiredForRemoval(standingIn(resellerId, before));
    const departure = { resellerId, readAt: before.updatedAt, required };
    await commit(caller, {
      write: leaveReseller(caller, id, departure),
      aboveBudget: true,
      follow: [advanceUserVersion(caller.db, applyChanges(caller, before, {}))],
      event: { type: 'reseller.user.deleted', before: viewFor(resellerId, before), after: null },
      resellerId,
      subject: id,
      result: null,
      refused: async () => {
        const { member: now } = await findMember(caller, resellerId, id);
        if (now.updatedAt !== before.updatedAt) return;
        await refuseUserWrite(caller, { ...before, resellerId, organization: null }, required);
        refuse({ kind: 'last_admin' });
      },
    });
  });
}

/** v3's role and the organization count only in the user's own reseller. */
function standingIn(resellerId: string, { roles, ...member }: Member): MembershipRights {
  const disabled = member.membership === 'disabled';
  if (member.resellerId !== resellerId) return { ...GUEST_MEMBERSHIP, roles, disabled };
  return {
    disabled,
    roles,
    role: member.role,
    organization: member.organization,
    portalAccess: member.allowCustomerPortalAccess,
  };
}

/** `fullName` joins the parts again. */
function splitName(name: string): { firstName: string; lastName: string } {
  const [firstName = '', ...rest] = name.split(' ');
  return { firstName, lastName: rest.join(' ') };
}
