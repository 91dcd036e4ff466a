import { commit } from '../../db/commit/commit.ts';
import { deletePasskeyAfter, deleteSparePasskey, listPasskeys } from '../../db/factors/own-passkeys.ts';
import { disableLastPasskey } from '../../db/sign-in/own-sign-in.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { admitCaller } from '../../db/sql/query.ts';
import { findCurrentUser } from '../../db/users/current-user.ts';
import { absent, refuse } from '../../model/failure.ts';
import { retryChanged } from '../update.ts';
import { changeCurrentUser } from './change-current-user.ts';
import { type Reauthentication, requireRecentSignIn } from './recent-sign-in.ts';

export { listPasskeys, type OwnPasskey } from '../../db/factors/own-passkeys.ts';

/** Removing the last second factor turns two-factor sign-in off. */
export async function removePasskey(
  caller: CallerContext,
  passkeyId: string,
  proof: Reauthentication = {},
): Promise<void> {
  await requireRecentSignIn(caller, proof, { removesFactor: true });
  return retryChanged(async () => {
    const currentUser = await findCurrentUser(caller);
    const { user, totp, passkeys } = currentUser;
    const passkey = (await listPasskeys(caller)).find(({ id }) => id === passkeyId) ?? refuse(absent('passkey'));
    const audit = { type: 'account.passkey-removed', details: { name: passkey.name, ...caller.origin } } as const;
    if (passkeys > 1 || totp?.confirmedAt) {
      return commit(caller, {
        write: deleteSparePasskey(caller, passkeyId),
        aboveBudget: true,
        event: null,
        resellerId: user.resellerId,
        audit: { event: audit, notified: user.id },
        subject: user.id,
        result: null,
        refused: () => admitCaller(caller),
      });
    }
    await changeCurrentUser(caller, currentUser, {
      changes: { twoFactorEnabled: false },
      write: (after) => disableLastPasskey(caller, after, { readAt: user.updatedAt, passkeyId }),
      follow: [deletePasskeyAfter(caller.db, { id: passkeyId, userId: user.id })],
      audit,
    });
  });
}
