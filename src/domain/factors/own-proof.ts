import { findKept } from '../../db/commit/idempotency.ts';
import { openOwnAttempt } from '../../db/sign-in/sign-in.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { admitCaller } from '../../db/sql/query.ts';
import type { CurrentUser } from '../../db/users/current-user.ts';
import { refuse } from '../../model/failure.ts';
import { addressKey } from '../../model/fields.ts';
import { failSignIn } from '../sign-in/failure.ts';
import { refuseTooOften } from '../usage/rate-limited.ts';

export type Failed = 'wrong-password' | 'wrong-factor';

/**
 * Judges what somebody signed in shows once more: counted as a sign-in is, so that nobody guesses here what that forbids. The
 * change that it is for forgets the attempt; counting takes a round trip of its own, or many at once would be one. A second
 * factor is not enough where the user's own account does not accept the first proof. Refuses `sign_in_failed`, `rate_limited`,
 * `recent_sign_in_required`, and a caller who is none any more.
 */
export async function proveAgain<Shown>(
  caller: CallerContext,
  self: CurrentUser,
  failed: Failed,
  judge: () => Promise<Shown | null>,
): Promise<{ readonly shown: Shown; readonly attemptId: string }> {
  await yieldToKept(caller);
  if (failed === 'wrong-factor' && !self.countsAtHome) refuse({ kind: 'recent_sign_in_required' });
  const { newId, origin, now } = caller;
  const { id: userId, email } = self.user;
  // The session is the device: what strangers fail at blocks none. A secret that waits for its first code guards nothing.
  const devices = [{ userId, nonce: caller.actor.tokenId }];
  const method = failed === 'wrong-password' ? 'pwd' : self.totp?.confirmedAt ? 'session+otp' : 'otp';
  const attempt = { id: newId(), emailKey: addressKey(email), method, network: origin.address, devices, now };
  const waitMs = await openOwnAttempt(caller, attempt);
  if (waitMs !== null) await admitCaller(caller);
  refuseTooOften(waitMs);
  const shown = await judge();
  return shown === null ? failAgain(caller, self, failed) : { shown, attemptId: attempt.id };
}

/** Counts a failed re-authentication and refuses `sign_in_failed`. */
export async function failAgain(
  caller: CallerContext,
  { user: { id: userId, resellerId } }: CurrentUser,
  reason: Failed,
) {
  await yieldToKept(caller);
  return failSignIn(caller, { resellerId, userId, reason });
}

/** Refuses a repeated request, which gets the answer of the first: that this one has used the code up is no failure. */
async function yieldToKept(caller: CallerContext): Promise<void> {
  if (caller.idempotency !== null && (await findKept(caller, caller.idempotency.key)) !== null)
    refuse({ kind: 'request_in_progress' });
}
