import { commit } from '../../db/commit/commit.ts';
import { allowIdentities, unlinkIdentities } from '../../db/sign-in/own-sign-in.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { admitCaller } from '../../db/sql/query.ts';
import { findCurrentUser } from '../../db/users/current-user.ts';
import { absent, refuse } from '../../model/failure.ts';
import { retryChanged } from '../update.ts';
import { changeCurrentUser } from './change-current-user.ts';
import { type Reauthentication, requireRecentSignIn } from './recent-sign-in.ts';

/** No identity can be linked until the user allows it again. */
export async function unlinkIdentity(caller: CallerContext, proof: Reauthentication = {}): Promise<void> {
  await requireRecentSignIn(caller, proof);
  return retryChanged(async () => {
    const currentUser = await findCurrentUser(caller);
    const { googleSsoEnabled, updatedAt: readAt } = currentUser.user;
    if (!googleSsoEnabled) refuse(absent('identity'));
    await changeCurrentUser(caller, currentUser, {
      changes: { googleSsoEnabled: false },
      write: (after) => unlinkIdentities(caller, after, { readAt }),
      audit: { type: 'account.google-unlinked', details: caller.origin },
    });
  });
}

/** Refuses `changed_meanwhile` if none was unlinked. */
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
