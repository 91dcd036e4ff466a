import { commit } from '../../db/commit/commit.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { findCurrentUser } from '../../db/users/current-user.ts';
import { readOwnExport } from '../../db/users/own-export.ts';
import { removeCurrentUser } from '../../db/users/rehome.ts';
import type { OwnExport } from '../../model/users/own-export.ts';
import { type Reproof, requireRecentSignIn } from '../factors/recent-sign-in.ts';
import { retryChanged } from '../update.ts';
import { eventForOtherResellers, invitationsCancelled } from './shared-users.ts';

/** What is stored about the caller. Refuses `recent_sign_in_required`, `token_invalid`. */
export async function exportOwnData(caller: CallerContext): Promise<OwnExport> {
  await requireRecentSignIn(caller);
  return readOwnExport(caller);
}

/** Deletes the caller's account with all of its memberships. Refuses `recent_sign_in_required`. */
export async function deleteOwnAccount(caller: CallerContext, proof?: Reproof): Promise<void> {
  await requireRecentSignIn(caller, proof);
  return retryChanged(async () => {
    const { user: before, elsewhere, invitedBy } = await findCurrentUser(caller);
    const event = { type: 'reseller.user.deleted', before, after: null } as const;
    await commit(caller, {
      write: removeCurrentUser(caller, before),
      aboveBudget: true,
      event,
      resellerId: before.resellerId,
      elsewhere: [...eventForOtherResellers(event, elsewhere), invitationsCancelled(before, invitedBy)],
      subject: before.id,
      result: null,
      refused: () => findCurrentUser(caller),
    });
  });
}
