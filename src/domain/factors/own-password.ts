import { endSessionsAfter } from '../../db/sessions/sessions.ts';
import { deleteAttemptAfter } from '../../db/sign-in/attempts.ts';
import { changePassword as change } from '../../db/sign-in/own-sign-in.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { findCurrentUser } from '../../db/users/current-user.ts';
import { changeCurrentUser } from './change-current-user.ts';
import { reauthenticate } from './reauthentication.ts';

/** Ends every session, the caller's too. */
export async function changePassword(
  caller: CallerContext,
  currentPassword: string,
  newPassword: string,
): Promise<void> {
  const currentUser = await findCurrentUser(caller);
  const { user, passwordHash: readHash } = currentUser;
  const verify = async () => ((await caller.checkPassword(currentPassword, readHash)).matches ? readHash : null);
  const { proof, attemptId } = await reauthenticate(caller, currentUser, 'wrong-password', verify);
  const passwordHash = await caller.hashPassword(newPassword);
  const { db, actor, requestId, now, origin } = caller;
  const sessionEnd = {
    reason: 'password-changed',
    by: actor.name,
    from: actor.reseller,
    requestId,
    now,
    ...origin,
  } as const;
  await changeCurrentUser(caller, currentUser, {
    changes: {},
    write: (after) => change(caller, after, { readAt: user.updatedAt, readHash: proof, passwordHash }),
    // At least one session ends: the caller's.
    follow: [deleteAttemptAfter(db, attemptId), endSessionsAfter(db, user.id, sessionEnd)],
    audit: { type: 'account.password-changed', details: origin },
  });
}
