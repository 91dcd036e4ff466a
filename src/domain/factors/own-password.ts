import { endSessionsBehind } from '../../db/sessions/sessions.ts';
import { dropAttemptBehind } from '../../db/sign-in/attempts.ts';
import { changePassword as change } from '../../db/sign-in/own-sign-in.ts';
import type { Call } from '../../db/sql/call.ts';
import { findSelf } from '../../db/users/current-user.ts';
import { changeSelf } from './own-change.ts';
import { proveAgain } from './own-proof.ts';

/** Sets another password and ends every session, the caller's too. Refuses `sign_in_failed`, `rate_limited`. */
export async function changePassword(call: Call, currentPassword: string, newPassword: string): Promise<void> {
  const self = await findSelf(call);
  const { user, passwordHash: readHash } = self;
  const judge = async () => ((await call.checkPassword(currentPassword, readHash)).matches ? readHash : null);
  const { shown, attemptId } = await proveAgain(call, self, 'wrong-password', judge);
  const passwordHash = await call.hashPassword(newPassword);
  const { session, actor, requestId, now, origin } = call;
  const ending = {
    reason: 'password-changed',
    by: actor.name,
    from: actor.reseller,
    requestId,
    now,
    ...origin,
  } as const;
  await changeSelf(call, self, {
    changes: {},
    write: (after) => change(call, after, { readAt: user.updatedAt, readHash: shown, passwordHash }),
    // One at least ends: that by which the caller is signed in.
    follow: [dropAttemptBehind(session, attemptId), endSessionsBehind(session, user.id, ending)],
    audit: { type: 'account.password-changed', details: origin },
  });
}
