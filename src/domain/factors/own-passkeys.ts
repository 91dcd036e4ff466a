import { commit } from '../../db/commit/commit.ts';
import { dropPasskeyBehind, dropSparePasskey, listPasskeys } from '../../db/factors/own-passkeys.ts';
import { disableLastPasskey } from '../../db/sign-in/own-sign-in.ts';
import type { Call } from '../../db/sql/call.ts';
import { admitCaller } from '../../db/sql/caller.ts';
import { findSelf } from '../../db/users/current-user.ts';
import { absent, refuse } from '../../model/failure.ts';
import { retryChanged } from '../update.ts';
import { changeSelf } from './own-change.ts';
import { type Reproof, requireRecentSignIn } from './recent-sign-in.ts';

export { listPasskeys, type Passkey } from '../../db/factors/own-passkeys.ts';

/** Takes a passkey away; with the last second factor two-factor sign-in goes too. Refuses `not_found`. */
export async function removePasskey(call: Call, passkeyId: string, proof: Reproof = {}): Promise<void> {
  await requireRecentSignIn(call, proof, { lowers: true });
  return retryChanged(async () => {
    const self = await findSelf(call);
    const { user, totp, passkeys } = self;
    const passkey = (await listPasskeys(call)).find(({ id }) => id === passkeyId) ?? refuse(absent('passkey'));
    const audit = { type: 'account.passkey-removed', details: { name: passkey.name, ...call.origin } } as const;
    if (passkeys > 1 || totp?.confirmedAt) {
      return commit(call, {
        write: dropSparePasskey(call, passkeyId),
        aboveBudget: true,
        event: null,
        resellerId: user.resellerId,
        audit: { event: audit, notified: user.id },
        subject: user.id,
        result: null,
        refused: () => admitCaller(call),
      });
    }
    await changeSelf(call, self, {
      changes: { twoFactorEnabled: false },
      write: (after) => disableLastPasskey(call, after, { readAt: user.updatedAt, passkeyId }),
      follow: [dropPasskeyBehind(call.session, { id: passkeyId, userId: user.id })],
      audit,
    });
  });
}
