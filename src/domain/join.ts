import type { Call } from '../db/call.ts';
import { commit } from '../db/commit.ts';
import { findJoinable } from '../db/members.ts';
import { joinReseller, touchUser } from '../db/membership.ts';
import { refuseWrite } from '../db/refusal.ts';
import { type Failure, refuse } from '../model/failure.ts';
import type { Member } from '../model/member.ts';
import { type Role, scopesOf } from '../model/role.ts';
import type { Scope } from '../model/scope.ts';
import type { User } from '../model/user.ts';
import { seenAt } from './elsewhere.ts';
import { changed, retryChanged } from './update.ts';

/**
 * Makes whoever has this address a member of the reseller, where the caller sees that one's own reseller too; else refuses
 * `otherwise`. Refuses `not_found`, `email_taken`, `grant_refused` as well.
 */
export function joinMember(
  call: Call,
  resellerId: string,
  { email, roles }: { readonly email: string; readonly roles: readonly Role[] },
  otherwise: Failure,
): Promise<Member> {
  const granted = scopesOf(roles);
  return retryChanged(async () => {
    const user = await findJoinable(call, resellerId, email);
    if (user === null || user.resellerId === resellerId) refuse(otherwise);
    const member: Member = { ...changed(call, user, {}), roles };
    await commit(call, {
      write: joinReseller(call, member, { resellerId, readAt: user.updatedAt, granted }),
      follow: [touchUser(call.session, member)],
      event: { type: 'reseller.user.created', before: null, after: seenAt(resellerId, member) },
      resellerId,
      subject: member.id,
      result: member,
      refused: () => refuseGrant(call, resellerId, user, granted),
    });
    return member;
  });
}

/** Refuses `grant_refused` where that is the reason. */
async function refuseGrant(call: Call, resellerId: string, user: User, granted: readonly Scope[]) {
  const now = await findJoinable(call, resellerId, user.email);
  if (now?.updatedAt === user.updatedAt) await refuseWrite(call, { ...user, resellerId, organization: null }, granted);
}
