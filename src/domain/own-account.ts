import type { Call } from '../db/call.ts';
import { commit } from '../db/commit.ts';
import { readOwnExport } from '../db/own-export.ts';
import { removeSelf } from '../db/rehoming.ts';
import { findSelf } from '../db/self.ts';
import type { OwnExport } from '../model/own-export.ts';
import { heardElsewhere, invitationsCancelled } from './elsewhere.ts';
import { type Reproof, requireRecentSignIn } from './recent-sign-in.ts';
import { retryChanged } from './update.ts';

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
