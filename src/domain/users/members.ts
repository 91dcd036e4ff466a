import { isDeepStrictEqual } from 'node:util';
import { commit } from '../../db/commit/commit.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { findMember } from '../../db/users/members.ts';
import { assignRoles, leaveReseller, touchUser, updateMember } from '../../db/users/membership.ts';
import { refusePlace, refuseWrite } from '../../db/users/refusal.ts';
import { insertUser } from '../../db/users/users.ts';
import { type Failure, Refusal, refuse } from '../../model/failure.ts';
import type { Member } from '../../model/users/member.ts';
import {
  GUEST_MEMBERSHIP,
  type MembershipRights,
  requiredForChange,
  requiredForRemoval,
  rightsGained,
} from '../../model/users/required-rights.ts';
import type { Role } from '../../model/users/role.ts';
import { resetIfGained } from '../factors/credentials-reset.ts';
import { requireRecentOfSelf, requireRecentToGive } from '../factors/recent-sign-in.ts';
import { applyChanges, isUnchanged, retryChanged, timestamps } from '../update.ts';
import { joinMember } from './join.ts';
import { eventForOtherResellers, eventsForHome, invitationsCancelled, viewFor } from './shared-users.ts';
import { addressAfter, deleteUser, USER_DEFAULTS } from './users.ts';

export { listMembers } from '../../db/users/members.ts';

/** A user of an account: its whole name, its address and what it may do there. */
export type MemberDetails = { readonly name: string; readonly email: string; readonly roles: readonly Role[] };
/** What is undefined stays. */
export type MemberChanges = { readonly [K in keyof MemberDetails]?: MemberDetails[K] | undefined };

/** Why somebody cannot be made who may be there already. */
const JOINABLE: ReadonlySet<Failure['kind']> = new Set(['email_taken', 'limit_reached']);

/** Refuses `not_found` of the reseller or the user. */
export async function getMember(caller: CallerContext, resellerId: string, id: string): Promise<Member> {
  return (await findMember(caller, resellerId, id)).member;
}

/**
 * A new user of this reseller, invited by mail; or, where somebody has the address and the caller sees that one's own
 * reseller too, that user as a member here. Refuses `not_found`, `email_taken`, `limit_reached`, `grant_refused`,
 * `recent_sign_in_required`.
 */
export async function createMember(caller: CallerContext, resellerId: string, input: MemberDetails): Promise<Member> {
  const roles = [...new Set<Role>(['account.user', ...input.roles])];
  const member: Member = {
    ...USER_DEFAULTS,
    id: caller.newId(),
    resellerId,
    ...namesOf(input.name),
    email: input.email,
    role: 'user',
    roles,
    ...timestamps(caller),
  };
  const required = requiredForChange(null, { ...GUEST_MEMBERSHIP, roles });
  await requireRecentToGive(caller, required);
  try {
    await commit(caller, {
      write: insertUser(caller, member, null, required),
      follow: [assignRoles(caller.db, { userId: member.id, resellerId }, roles)],
      event: { type: 'reseller.user.created', before: null, after: viewFor(resellerId, member) },
      resellerId,
      subject: member.id,
      result: member,
      refused: () => refusePlace(caller, member, required),
    });
    return member;
  } catch (error) {
    // Whoever joins takes no place.
    if (!(error instanceof Refusal && JOINABLE.has(error.failure.kind))) throw error;
    return joinMember(caller, resellerId, { email: input.email, roles }, error.failure);
  }
}

/**
 * Changes a member to what `change` makes of it; roles count in this reseller only, name and address belong to the user's
 * own. Refuses `not_found`, `not_primary`, `email_taken`, `last_admin`, `grant_refused`, `recent_sign_in_required`,
 * `user_required`.
 */
export function updateMemberDetails(
  caller: CallerContext,
  resellerId: string,
  id: string,
  change: (member: Member) => MemberChanges,
): Promise<Member> {
  return retryChanged(async () => {
    const { member: before, elsewhere, invitedBy, preparedScopes } = await findMember(caller, resellerId, id);
    const { name, email, roles: asked = before.roles } = change(before);
    const roles = [...new Set(asked)];
    const atHome = before.resellerId === resellerId;
    if (!atHome && (name !== undefined || email !== undefined)) refuse({ kind: 'not_primary' });
    const standing = standingAt(resellerId, before);
    const risen = { ...standing, roles };
    const moved = await addressAfter(caller, before, standing, email);
    const gained = rightsGained(standing, risen);
    await requireRecentToGive(caller, gained);
    const reset = resetIfGained(caller, { before, moved, preparedScopes }, gained);
    const names = name === undefined ? null : namesOf(name);
    const after: Member = {
      ...applyChanges<Member>(caller, before, { ...names, email, ...moved, ...reset?.changes }),
      roles,
    };
    if (isUnchanged(before, after)) return before;
    const required = requiredForChange(standing, risen);
    // Roles are the whole reseller's: nobody who looks after one customer changes any.
    const keepsRoles = isDeepStrictEqual(roles, before.roles);
    const event = {
      type: 'reseller.user.updated',
      before: viewFor(resellerId, before),
      after: viewFor(resellerId, after),
    } as const;
    await commit(caller, {
      write: updateMember(caller, after, { resellerId, readAt: before.updatedAt, required, keepsRoles }),
      follow: [assignRoles(caller.db, { userId: id, resellerId }, roles)],
      event,
      resellerId,
      elsewhere: [
        eventForOtherResellers(event, atHome ? elsewhere : []),
        ...(reset && !atHome ? eventsForHome(resellerId, before, after, elsewhere) : []),
        invitationsCancelled(before, moved ? invitedBy : []),
      ],
      ...reset?.beside,
      subject: id,
      result: after,
      refused: async () => {
        const { member: now } = await findMember(caller, resellerId, id);
        if (now.updatedAt !== before.updatedAt) return;
        const organization = atHome && keepsRoles ? before.organization : null;
        await refuseWrite(caller, { ...after, resellerId, organization }, required);
        refuse({ kind: 'last_admin' });
      },
    });
    if (reset) caller.emailIds.push(reset.mailId);
    return after;
  });
}

/** Takes a user out of this reseller; where that is its own, see `deleteUser`. Refuses `not_found`, `grant_refused`, `last_admin`. */
export async function deleteMember(caller: CallerContext, resellerId: string, id: string): Promise<void> {
  await requireRecentOfSelf(caller, id);
  return retryChanged(async () => {
    const { member: before } = await findMember(caller, resellerId, id);
    if (before.resellerId === resellerId) return deleteUser(caller, { resellerId }, id);
    const required = requiredForRemoval(standingAt(resellerId, before));
    const given = { resellerId, readAt: before.updatedAt, required };
    await commit(caller, {
      write: leaveReseller(caller, id, given),
      aboveBudget: true,
      follow: [touchUser(caller.db, applyChanges(caller, before, {}))],
      event: { type: 'reseller.user.deleted', before: viewFor(resellerId, before), after: null },
      resellerId,
      subject: id,
      result: null,
      refused: async () => {
        const { member: now } = await findMember(caller, resellerId, id);
        if (now.updatedAt !== before.updatedAt) return;
        await refuseWrite(caller, { ...before, resellerId, organization: null }, required);
        refuse({ kind: 'last_admin' });
      },
    });
  });
}

/** What gives a member rights in this reseller: v3's role and the organization count at home only. */
function standingAt(resellerId: string, { roles, ...member }: Member): MembershipRights {
  if (member.resellerId !== resellerId) return { ...GUEST_MEMBERSHIP, roles };
  return {
    roles,
    role: member.role,
    organization: member.organization,
    portalAccess: member.allowCustomerPortalAccess,
  };
}

/** A whole name as first and last, so that both together are the whole again. */
function namesOf(name: string): { firstName: string; lastName: string } {
  const [firstName = '', ...rest] = name.split(' ');
  return { firstName, lastName: rest.join(' ') };
}
