import { commit } from '../../db/commit/commit.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { findInvitableUser } from '../../db/users/members.ts';
import { advanceUserVersion, insertMembership } from '../../db/users/membership.ts';
import { refuseUserWrite } from '../../db/users/write-refusal.ts';
import { type Failure, refuse } from '../../model/failure.ts';
import { isSameAddress } from '../../model/fields.ts';
import type { Member } from '../../model/users/member.ts';
import { GUEST_MEMBERSHIP, type RequiredRights, requiredForChange } from '../../model/users/required-rights.ts';
import type { Role } from '../../model/users/role.ts';
import type { User } from '../../model/users/user.ts';
import { applyChanges, retryChanged } from '../update.ts';
import { viewFor } from './shared-users.ts';

/**
 * Invites an existing user whose own reseller the caller can see; else refuses `fallback`. The membership gives no
 * rights until accepted.
 */
export function inviteExistingUser(
  caller: CallerContext,
  resellerId: string,
  { email, roles }: { readonly email: string; readonly roles: readonly Role[] },
  fallback: Failure,
): Promise<Member> {
  const required = requiredForChange(null, { ...GUEST_MEMBERSHIP, roles });
  return retryChanged(async () => {
    const user = await findInvitableUser(caller, resellerId, email);
    // Another user's address may have the same key.
    if (user === null || user.resellerId === resellerId || !isSameAddress(user.email, email)) refuse(fallback);
    const member: Member = { ...applyChanges(caller, user, {}), roles, membership: 'pending' };
    await commit(caller, {
      write: insertMembership(caller, member, { resellerId, readAt: user.updatedAt, required }),
      follow: [advanceUserVersion(caller.db, member)],
      event: { type: 'reseller.user.created', before: null, after: viewFor(resellerId, member) },
      resellerId,
      subject: member.id,
      result: member,
      refused: () => refuseInvitation(caller, { resellerId, user, required }, fallback),
    });
    return member;
  });
}

type ExistingUserInvitation = { readonly resellerId: string; readonly user: User; readonly required: RequiredRights };

/** Refuses `fallback` if the user declined recently. */
async function refuseInvitation(
  caller: CallerContext,
  { resellerId, user, required }: ExistingUserInvitation,
  fallback: Failure,
) {
  const now = await findInvitableUser(caller, resellerId, user.email);
  if (now?.updatedAt !== user.updatedAt) return;
  await refuseUserWrite(caller, { ...user, resellerId, organization: null }, required);
  refuse(fallback);
}
