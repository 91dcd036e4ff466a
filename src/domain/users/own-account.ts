import { commit } from '../../db/commit/commit.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { findCurrentUser } from '../../db/users/current-user.ts';
import { readOwnExport } from '../../db/users/own-export.ts';
import { removeCurrentUser } from '../../db/users/rehome.ts';
import type { OwnExport } from '../../model/users/own-export.ts';
import { type Reauthentication, requireRecentSignIn } from '../factors/recent-sign-in.ts';
import { retryChanged } from '../update.ts';
import { eventForOtherResellers, invitationsCancelled } from './shared-users.ts';

export async function exportOwnData(caller: CallerContext): Promise<OwnExport> {
  await requireRecentSignIn(caller);
  return readOwnExport(caller);
}

export async function deleteOwnAccount(caller: CallerContext, proof?: Reauthentication): Promise<void> {
  await requireRecentSignIn(caller, proof);
  return retryChanged(async () => {
    const { user: before, otherMemberships, invitedBy } = await findCurrentUser(caller);
    const event = { type: 'reseller.user.deleted', before, after: null } as const;
    await commit(caller, {
      write: removeCurrentUser(caller, before),
      aboveBudget: true,
      event,
      resellerId: before.resellerId,
      elsewhere: [...eventForOtherResellers(event, otherMemberships), invitationsCancelled(before, invitedBy)],
      subject: before.id,
      result: null,
      refused: () => findCurrentUser(caller),
    });
  });
}
