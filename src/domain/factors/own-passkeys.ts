import { commit } from '../../db/commit/commit.ts';
import { dropPasskeyBehind, dropSparePasskey, listPasskeys } from '../../db/factors/own-passkeys.ts';
import { disableLastPasskey } from '../../db/sign-in/own-sign-in.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { admitCaller } from '../../db/sql/query.ts';
import { findCurrentUser } from '../../db/users/current-user.ts';
import { absent, refuse } from '../../model/failure.ts';
import { retryChanged } from '../update.ts';
import { changeCurrentUser } from './own-change.ts';
import { type Reproof, requireRecentSignIn } from './recent-sign-in.ts';

export { listPasskeys, type Passkey } from '../../db/factors/own-passkeys.ts';

/** Takes a passkey away; with the last second factor two-factor sign-in goes too. Refuses `not_found`. */
export async function removePasskey(caller: CallerContext, passkeyId: string, proof: Reproof = {}): Promise<void> {
  await requireRecentSignIn(caller, proof, { lowers: true });
  return retryChanged(async () => {
    const self = await findCurrentUser(caller);
    const { user, totp, passkeys } = self;
    const passkey = (await listPasskeys(caller)).find(({ id }) => id === passkeyId) ?? refuse(absent('passkey'));
    const audit = { type: 'account.passkey-removed', details: { name: passkey.name, ...caller.origin } } as const;
    if (passkeys > 1 || totp?.confirmedAt) {
      return commit(caller, {
        write: dropSparePasskey(caller, passkeyId),
        aboveBudget: true,
        event: null,
        resellerId: user.resellerId,
        audit: { event: audit, notified: user.id },
        subject: user.id,
        result: null,
        refused: () => admitCaller(caller),
      });
    }
    await changeCurrentUser(caller, self, {
      changes: { twoFactorEnabled: false },
      write: (after) => disableLastPasskey(caller, after, { readAt: user.updatedAt, passkeyId }),
      follow: [dropPasskeyBehind(caller.db, { id: passkeyId, userId: user.id })],
      audit,
    });
  });
}
