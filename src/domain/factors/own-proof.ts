import { findKept } from '../../db/commit/idempotency.ts';
import { openOwnAttempt } from '../../db/sign-in/sign-in.ts';
import { admitCaller } from '../../db/sql/caller.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import type { CurrentUser } from '../../db/users/current-user.ts';
import { refuse } from '../../model/failure.ts';
import { addressKey } from '../../model/fields.ts';
import { failSignIn } from '../sign-in/failure.ts';
import { refuseIfBlocked } from '../usage/rate-limited.ts';

export type ReauthenticationFailure = 'wrong-password' | 'wrong-factor';

/**
 * Verifies a proof of a signed-in user, counted as a sign-in attempt, which the change that follows deletes. Counting
 * is a round trip of its own, so that concurrent guesses all count.
 */
export async function reauthenticate<Shown>(
  caller: CallerContext,
  self: CurrentUser,
  failed: ReauthenticationFailure,
  judge: () => Promise<Shown | null>,
): Promise<{ readonly shown: Shown; readonly attemptId: string }> {
  await refuseRepeatedRequest(caller);
  if (failed === 'wrong-factor' && !self.countsAtHome) refuse({ kind: 'recent_sign_in_required' });
  const { newId, origin, now } = caller;
  const { id: userId, email } = self.user;
  // The session is the device, so failures elsewhere do not block the user. An unconfirmed secret protects nothing.
  const devices = [{ userId, nonce: caller.actor.tokenId }];
  const method = failed === 'wrong-password' ? 'pwd' : self.totp?.confirmedAt ? 'session+otp' : 'otp';
  const attempt = { id: newId(), emailKey: addressKey(email), method, network: origin.address, devices, now };
  const waitMs = await openOwnAttempt(caller, attempt);
  if (waitMs !== null) await admitCaller(caller);
  refuseIfBlocked(waitMs);
  const shown = await judge();
  return shown === null ? failReauthentication(caller, self, failed) : { shown, attemptId: attempt.id };
}

export async function failReauthentication(
  caller: CallerContext,
  { user: { id: userId, resellerId } }: CurrentUser,
  reason: ReauthenticationFailure,
) {
  await refuseRepeatedRequest(caller);
  return failSignIn(caller, { resellerId, userId, reason });
}

/** A repeated request gets the first one's reply; the used-up code is no failure. */
async function refuseRepeatedRequest(caller: CallerContext): Promise<void> {
  if (caller.idempotency !== null && (await findKept(caller, caller.idempotency.key)) !== null)
    refuse({ kind: 'request_in_progress' });
}
