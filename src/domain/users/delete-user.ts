import { type Change, commit } from '../../db/commit/commit.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import type { Located } from '../../db/users/located.ts';
import { endMembership } from '../../db/users/membership.ts';
import { refuseWrite } from '../../db/users/refusal.ts';
import { moveUser } from '../../db/users/rehome.ts';
import { removeUser } from '../../db/users/users.ts';
import { refuse } from '../../model/failure.ts';
import { requiredForRemoval } from '../../model/users/required-rights.ts';
import { GUEST_USER_FIELDS, type User } from '../../model/users/user.ts';
import { requireRecentOfSelf } from '../factors/recent-sign-in.ts';
import { applyChanges, retryChanged } from '../update.ts';
import { eventForOtherResellers, invitationsCancelled } from './shared-users.ts';
import { findUserAt, type UserPlace } from './user-place.ts';

/**
 * Deletes the person, or, where it accepted a membership elsewhere, only the membership here: the oldest other one becomes
 * its primary one. Refuses `not_found`, `grant_refused`, `last_admin`. `where`: see `findUserAt`.
 */
export async function deleteUser(caller: CallerContext, where: UserPlace, id: string): Promise<void> {
  await requireRecentOfSelf(caller, id);
  return retryChanged(async () => {
    const located = await findUserAt(caller, where, id);
    const { user: before, roles } = located;
    const required = requiredForRemoval({
      roles,
      role: before.role,
      organization: before.organization,
      portalAccess: before.allowCustomerPortalAccess,
    });
    await commit(caller, {
      ...removalOf(caller, located, {
        remove: () => removeUser(caller, before, required),
        move: (after) => moveUser(caller, before, after, required),
      }),
      aboveBudget: true,
      resellerId: where.resellerId,
      subject: id,
      result: null,
      refused: async () => {
        const { user: now } = await findUserAt(caller, where, id);
        if (now.updatedAt !== before.updatedAt) return;
        await refuseWrite(caller, before, required);
        refuse({ kind: 'last_admin' });
      },
    });
  });
}

/** How the user is written when its membership at home ends. */
export type Writes = {
  readonly remove: () => D1PreparedStatement;
  readonly move: (after: User) => D1PreparedStatement;
};

/** What ends a membership at home, and what each of the user's tenants hears of that. */
export function removalOf(
  caller: CallerContext,
  { user: before, elsewhere, invitedBy }: Located,
  { remove, move }: Writes,
): Pick<Change, 'write' | 'follow' | 'event' | 'elsewhere'> {
  const event = { type: 'reseller.user.deleted', before, after: null } as const;
  const [home] = elsewhere;
  if (home === undefined) return { write: remove(), event, elsewhere: [invitationsCancelled(before, invitedBy)] };
  const after = applyChanges(caller, before, { resellerId: home, ...GUEST_USER_FIELDS });
  return {
    write: move(after),
    follow: [endMembership(caller.db, { userId: before.id, resellerId: before.resellerId })],
    event,
    elsewhere: [eventForOtherResellers({ type: 'reseller.user.updated', before, after }, elsewhere)],
  };
}
