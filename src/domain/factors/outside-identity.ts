import { commit } from '../../db/commit/commit.ts';
import { allowIdentities, unlinkIdentities } from '../../db/sign-in/own-sign-in.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { admitCaller } from '../../db/sql/query.ts';
import { findCurrentUser } from '../../db/users/current-user.ts';
import { absent, refuse } from '../../model/failure.ts';
import { retryChanged } from '../update.ts';
import { changeCurrentUser } from './own-change.ts';
import { type Reproof, requireRecentSignIn } from './recent-sign-in.ts';

/** Signs in by an outside identity no more, nor is one linked until the user allows it. Refuses `not_found` where there is none. */
export async function unlinkIdentity(caller: CallerContext, proof: Reproof = {}): Promise<void> {
  await requireRecentSignIn(caller, proof);
  return retryChanged(async () => {
    const self = await findCurrentUser(caller);
    const { googleSsoEnabled, updatedAt: readAt } = self.user;
    if (!googleSsoEnabled) refuse(absent('identity'));
    await changeCurrentUser(caller, self, {
      changes: { googleSsoEnabled: false },
      write: (after) => unlinkIdentities(caller, after, { readAt }),
      audit: { type: 'account.google-unlinked', details: caller.origin },
    });
  });
}

/** Lets an outside identity be linked again after one was unlinked. Refuses `changed_meanwhile` where none was. */
export async function allowIdentity(caller: CallerContext): Promise<void> {
  await requireRecentSignIn(caller);
  const { user } = await findCurrentUser(caller);
  await commit(caller, {
    write: allowIdentities(caller),
    aboveBudget: true,
    event: null,
    resellerId: user.resellerId,
    audit: { event: { type: 'account.google-allowed', details: caller.origin } },
    subject: user.id,
    result: null,
    refused: () => admitCaller(caller),
  });
}
