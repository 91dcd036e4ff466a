import { type Change, commit } from '../../db/commit/commit.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { advanceUserVersion } from '../../db/users/membership.ts';
import {
  acceptInvitation,
  type CallerMembership,
  endOwnMembership,
  findOwnMembership,
  recordRefusalAfter,
} from '../../db/users/own-memberships.ts';
import { changeOwnPrimaryReseller } from '../../db/users/rehome.ts';
import { absent, refuse } from '../../model/failure.ts';
import { stateFrom } from '../../model/users/member.ts';
import type { User } from '../../model/users/user.ts';
import { type Reauthentication, requireRecentSignIn } from '../factors/recent-sign-in.ts';
import { applyChanges, retryChanged } from '../update.ts';
import { homeRemoval } from './delete-user.ts';
import { viewFor } from './shared-users.ts';

export { listOwnMemberships, type OwnMembership } from '../../db/users/own-memberships.ts';

type MembershipChange = Pick<Change, 'write' | 'follow' | 'event' | 'elsewhere'>;

/** Refuses `link_required` if another credential set the caller's password or address. */
export async function acceptMembership(
  caller: CallerContext,
  resellerId: string,
  proof?: Reauthentication,
): Promise<void> {
  await requireRecentSignIn(caller, proof);
  return changeMembership(caller, resellerId, (own) => {
    requireAnswerable(own);
    const after = applyChanges(caller, own.user, {});
    const accepted = viewIn(resellerId, { ...own, user: after, state: null });
    return {
      write: acceptInvitation(caller, resellerId, own.user),
      follow: [advanceUserVersion(caller.db, after)],
      event: { type: 'reseller.user.updated', before: viewIn(resellerId, own), after: accepted },
    };
  });
}

/** The tenant cannot repeat the invitation for a while. */
export async function declineMembership(
  caller: CallerContext,
  resellerId: string,
  proof?: Reauthentication,
): Promise<void> {
  await requireRecentSignIn(caller, proof);
  return changeMembership(caller, resellerId, (own) => {
    requireAnswerable(own);
    const { write, event, follow = [] } = membershipEnd(caller, resellerId, own);
    const refused = { userId: own.user.id, resellerId, now: caller.now };
    return { write, event, follow: [recordRefusalAfter(caller.db, refused), ...follow] };
  });
}

/** If it is the primary one, another becomes primary (`nextPrimaryReseller`). */
export async function leaveMembership(
  caller: CallerContext,
  resellerId: string,
  proof?: Reauthentication,
): Promise<void> {
  await requireRecentSignIn(caller, proof);
  return changeMembership(caller, resellerId, (own) => {
    const { user, state, otherMemberships } = own;
    if (state === 'pending') refuse(absent('membership'));
    const lastOne = () => refuse({ kind: 'last_membership' });
    if (otherMemberships.length === 0) return lastOne();
    if (user.resellerId !== resellerId) return membershipEnd(caller, resellerId, own);
    return homeRemoval(caller, own, {
      remove: lastOne,
      move: (after) => changeOwnPrimaryReseller(caller, user, after),
    });
  });
}

function changeMembership(
  caller: CallerContext,
  resellerId: string,
  answer: (own: CallerMembership) => MembershipChange,
): Promise<void> {
  return retryChanged(async () => {
    const own = await findOwnMembership(caller, resellerId);
    await commit(caller, {
      ...answer(own),
      aboveBudget: true,
      resellerId,
      subject: own.user.id,
      result: null,
      refused: () => findOwnMembership(caller, resellerId),
    });
  });
}

/** An invitation; a person whose password or address another credential set answers by the mailed link. */
function requireAnswerable({ state, preparedScopes }: CallerMembership): void {
  if (state !== 'pending') refuse(absent('membership'));
  if (preparedScopes !== null) refuse({ kind: 'link_required' });
}

function membershipEnd(caller: CallerContext, resellerId: string, own: CallerMembership): MembershipChange {
  return {
    write: endOwnMembership(caller, resellerId, own.user),
    follow: [advanceUserVersion(caller.db, applyChanges(caller, own.user, {}))],
    event: { type: 'reseller.user.deleted', before: viewIn(resellerId, own), after: null },
  };
}

function viewIn(resellerId: string, { user, roles, state }: Pick<CallerMembership, 'user' | 'roles' | 'state'>): User {
  return viewFor(resellerId, { ...user, roles, ...stateFrom(state) });
}
