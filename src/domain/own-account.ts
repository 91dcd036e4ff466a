import type { Call } from '../db/call.ts';
import { commit } from '../db/commit.ts';
import { removeSelf } from '../db/rehoming.ts';
import { findSelf } from '../db/self.ts';
import { refuse } from '../model/failure.ts';
import { heardElsewhere, invitationsCancelled } from './elsewhere.ts';
import { retryChanged } from './update.ts';

export { readOwnExport as exportOwnData } from '../db/own-export.ts';

/** Deletes the caller's account with all of its memberships. Refuses `last_admin`. */
export function deleteOwnAccount(call: Call): Promise<void> {
  return retryChanged(async () => {
    const { user: before, elsewhere, invitedBy } = await findSelf(call);
    const event = { type: 'reseller.user.deleted', before, after: null } as const;
    await commit(call, {
      write: removeSelf(call, before),
      event,
      resellerId: before.resellerId,
      elsewhere: [heardElsewhere(event, elsewhere), invitationsCancelled(before, invitedBy)],
      subject: before.id,
      result: null,
      refused: async () => {
        const { user: now } = await findSelf(call);
        if (now.updatedAt === before.updatedAt) refuse({ kind: 'last_admin' });
      },
    });
  });
}
