import { endSessionsBehind } from '../../db/sessions/sessions.ts';
import { dropAttemptBehind } from '../../db/sign-in/attempts.ts';
import { changePassword as change } from '../../db/sign-in/own-sign-in.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { findCurrentUser } from '../../db/users/current-user.ts';
import { changeCurrentUser } from './own-change.ts';
import { reauthenticate } from './own-proof.ts';

/** Ends every session, the caller's too. */
export async function changePassword(
  caller: CallerContext,
  currentPassword: string,
  newPassword: string,
): Promise<void> {
  const self = await findCurrentUser(caller);
  const { user, passwordHash: readHash } = self;
  const judge = async () => ((await caller.checkPassword(currentPassword, readHash)).matches ? readHash : null);
  const { shown, attemptId } = await reauthenticate(caller, self, 'wrong-password', judge);
  const passwordHash = await caller.hashPassword(newPassword);
  const { db, actor, requestId, now, origin } = caller;
  const ending = {
    reason: 'password-changed',
    by: actor.name,
    from: actor.reseller,
    requestId,
    now,
    ...origin,
  } as const;
  await changeCurrentUser(caller, self, {
    changes: {},
    write: (after) => change(caller, after, { readAt: user.updatedAt, readHash: shown, passwordHash }),
    // At least one session ends: the caller's.
    follow: [dropAttemptBehind(db, attemptId), endSessionsBehind(db, user.id, ending)],
    audit: { type: 'account.password-changed', details: origin },
  });
}
