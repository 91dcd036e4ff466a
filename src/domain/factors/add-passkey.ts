import { enableTwoFactorByPasskey, insertPasskeyAfter, type NewPasskey } from '../../db/factors/add-passkey.ts';
import { findUserPasskeys } from '../../db/factors/passkeys.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { findCurrentUser } from '../../db/users/current-user.ts';
import type { Passkey } from '../../model/factors/passkey.ts';
import { invalid, refuse } from '../../model/failure.ts';
import { PASSKEYS_MAX } from '../../model/limits/index.ts';
import { fullName } from '../../model/users/user.ts';
import { retryChanged } from '../update.ts';
import { changeCurrentUser } from './change-current-user.ts';
import { requireRecentSignIn } from './recent-sign-in.ts';
import { endSingleFactorSessions } from './single-factor-sessions.ts';

export async function preparePasskeyRegistration(caller: CallerContext): Promise<{
  readonly user: { readonly id: string; readonly email: string; readonly name: string };
  readonly existing: readonly Passkey[];
}> {
  const { user } = await findCurrentUser(caller);
  const { id, email } = user;
  return { user: { id, email, name: fullName(user) }, existing: await findUserPasskeys(caller.db, id) };
}

/** The passkey works as a second factor and as a complete sign-in. */
export async function addPasskey(caller: CallerContext, passkey: NewPasskey): Promise<void> {
  await requireRecentSignIn(caller);
  return retryChanged(async () => {
    const currentUser = await findCurrentUser(caller);
    const { id: userId, updatedAt: readAt } = currentUser.user;
    if (currentUser.passkeys >= PASSKEYS_MAX)
      refuse(invalid('body', 'credential', `At most ${PASSKEYS_MAX} are kept.`));
    await changeCurrentUser(caller, currentUser, {
      changes: { twoFactorEnabled: true },
      write: (after) => enableTwoFactorByPasskey(caller, after, { readAt, passkeyId: passkey.id }),
      follow: [insertPasskeyAfter(caller.db, userId, passkey, caller.now)],
      sweep: (entry) => endSingleFactorSessions(caller, currentUser, entry),
      audit: { type: 'account.passkey-added', details: { name: passkey.name, ...caller.origin } },
    });
  });
}
