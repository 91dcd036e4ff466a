import { commit } from '../../db/commit/commit.ts';
import type { Call } from '../../db/sql/call.ts';
import { findSelf } from '../../db/users/current-user.ts';
import { readOwnExport } from '../../db/users/own-export.ts';
import { removeSelf } from '../../db/users/rehome.ts';
import type { OwnExport } from '../../model/users/own-export.ts';
import { type Reproof, requireRecentSignIn } from '../factors/recent-sign-in.ts';
import { retryChanged } from '../update.ts';
import { heardElsewhere, invitationsCancelled } from './shared-users.ts';

/** What is stored about the caller. Refuses `recent_sign_in_required`, `token_invalid`. */
export async function exportOwnData(call: Call): Promise<OwnExport> {
  await requireRecentSignIn(call);
  return readOwnExport(call);
}

/** Deletes the caller's account with all of its memberships. Refuses `recent_sign_in_required`. */
export async function deleteOwnAccount(call: Call, proof?: Reproof): Promise<void> {
  await requireRecentSignIn(call, proof);
  return retryChanged(async () => {
    const { user: before, elsewhere, invitedBy } = await findSelf(call);
    const event = { type: 'reseller.user.deleted', before, after: null } as const;
    await commit(call, {
      write: removeSelf(call, before),
      aboveBudget: true,
      event,
      resellerId: before.resellerId,
      elsewhere: [heardElsewhere(event, elsewhere), invitationsCancelled(before, invitedBy)],
      subject: before.id,
      result: null,
      refused: () => findSelf(call),
    });
  });
}
