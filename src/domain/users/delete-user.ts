import { type Change, commit } from '../../db/commit/commit.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { endMembershipAfter } from '../../db/users/membership.ts';
import { changePrimaryReseller } from '../../db/users/rehome.ts';
import type { UserInTenant } from '../../db/users/user-in-tenant.ts';
import { removeUser } from '../../db/users/users.ts';
import { refuseUserWrite } from '../../db/users/write-refusal.ts';
import { refuse } from '../../model/failure.ts';
import { requiredForRemoval } from '../../model/users/required-rights.ts';
import { GUEST_USER_FIELDS, type User } from '../../model/users/user.ts';
import { requireRecentSignInForSelf } from '../factors/recent-sign-in.ts';
import { applyChanges, retryChanged } from '../update.ts';
import { eventForOtherResellers, invitationsCancelled } from './shared-users.ts';
import { findUserAt, type UserLocation } from './user-location.ts';

/** Deletes the user, or only this membership if the user accepted another, which becomes the primary one. */
export async function deleteUser(caller: CallerContext, location: UserLocation, id: string): Promise<void> {
  await requireRecentSignInForSelf(caller, id);
  return retryChanged(async () => {
    const located = await findUserAt(caller, location, id);
    const { user: before, roles } = located;
    const required = requiredForRemoval({
      roles,
      role: before.role,
      organization: before.organization,
      portalAccess: before.allowCustomerPortalAccess,
      disabled: before.disabled,
    });
    await commit(caller, {
      ...homeRemoval(caller, located, {
        remove: () => removeUser(caller, before, required),
        move: (after) => changePrimaryReseller(caller, before, after, required),
      }),
      aboveBudget: true,
      resellerId: location.resellerId,
      subject: id,
      result: null,
      refused: async () => {
        const { user: now } = await findUserAt(caller, location, id);
        if (now.updatedAt !== before.updatedAt) return;
        await refuseUserWrite(caller, before, required);
        refuse({ kind: 'last_admin' });
      },
    });
  });
}

export type HomeRemovalWrites = {
  readonly remove: () => D1PreparedStatement;
  readonly move: (after: User) => D1PreparedStatement;
};

export function homeRemoval(
  caller: CallerContext,
  { user: before, otherMemberships, invitedBy }: UserInTenant,
  { remove, move }: HomeRemovalWrites,
): Pick<Change, 'write' | 'follow' | 'event' | 'elsewhere'> {
  const event = { type: 'reseller.user.deleted', before, after: null } as const;
  const [home] = otherMemberships;
  if (home === undefined) return { write: remove(), event, elsewhere: [invitationsCancelled(before, invitedBy)] };
  const after = applyChanges(caller, before, { ...home, ...GUEST_USER_FIELDS });
  return {
    write: move(after),
    follow: [endMembershipAfter(caller.db, { userId: before.id, resellerId: before.resellerId })],
    event,
    elsewhere: eventForOtherResellers({ type: 'reseller.user.updated', before, after }, otherMemberships),
  };
}
