import { commit } from '../../db/commit/commit.ts';
import { dropIdentitiesBehind } from '../../db/factors/factors.ts';
import { allowIdentities, unlinkIdentities } from '../../db/sign-in/own-sign-in.ts';
import type { Call } from '../../db/sql/call.ts';
import { admitCaller } from '../../db/sql/caller.ts';
import { findSelf } from '../../db/users/current-user.ts';
import { absent, refuse } from '../../model/failure.ts';
import { retryChanged } from '../update.ts';
import { changeSelf } from './own-change.ts';
import { type Reproof, requireRecentSignIn } from './recent-sign-in.ts';

/** Signs in by an outside identity no more, nor is one linked until the user allows it. Refuses `not_found` where there is none. */
export async function unlinkIdentity(call: Call, proof: Reproof = {}): Promise<void> {
  await requireRecentSignIn(call, proof);
  return retryChanged(async () => {
    const self = await findSelf(call);
    const { id, googleSsoEnabled, updatedAt: readAt } = self.user;
    if (!googleSsoEnabled) refuse(absent('identity'));
    await changeSelf(call, self, {
      changes: { googleSsoEnabled: false },
      write: (after) => unlinkIdentities(call, after, { readAt }),
      follow: [dropIdentitiesBehind(call.session, id)],
      audit: { type: 'account.google-unlinked', details: call.origin },
    });
  });
}

/** Lets an outside identity be linked again after one was unlinked. Refuses `changed_meanwhile` where none was. */
export async function allowIdentity(call: Call): Promise<void> {
  await requireRecentSignIn(call);
  const { user } = await findSelf(call);
  await commit(call, {
    write: allowIdentities(call),
    aboveBudget: true,
    event: null,
    resellerId: user.resellerId,
    audit: { event: { type: 'account.google-allowed', details: call.origin } },
    subject: user.id,
    result: null,
    refused: () => admitCaller(call),
  });
}
