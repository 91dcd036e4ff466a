import { findStoredReply } from '../../db/commit/idempotency.ts';
import { beginCallerAttempt } from '../../db/sign-in/sign-in.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { admitCaller } from '../../db/sql/query.ts';
import type { CurrentUser } from '../../db/users/current-user.ts';
import { refuse } from '../../model/failure.ts';
import { addressKey } from '../../model/fields.ts';
import { failSignIn } from '../sign-in/failure.ts';
import { refuseIfBlocked } from '../usage/rate-limited.ts';

export type ReauthenticationFailure = 'wrong-password' | 'wrong-factor';

/**
 * Verifies a proof of a signed-in user. Counts a sign-in attempt first, in its own round trip, so that concurrent
 * guesses all count. The change that follows deletes the attempt.
 */
export async function reauthenticate<Proof>(
  caller: CallerContext,
  currentUser: CurrentUser,
  failure: ReauthenticationFailure,
  verify: () => Promise<Proof | null>,
): Promise<{ readonly proof: Proof; readonly attemptId: string }> {
  await refuseRepeatedRequest(caller);
  if (failure === 'wrong-factor' && !currentUser.countsAtHome) refuse({ kind: 'recent_sign_in_required' });
  const { newId, origin, now } = caller;
  const { id: userId, email } = currentUser.user;
  // The session is the device, so failures elsewhere do not block the user. An unconfirmed secret protects nothing.
  const devices = [{ userId, nonce: caller.actor.tokenId }];
  const method = failure === 'wrong-password' ? 'pwd' : currentUser.totp?.confirmedAt ? 'session+otp' : 'otp';
  const attempt = { id: newId(), emailKey: addressKey(email), method, network: origin.address, devices, now };
  const waitMs = await beginCallerAttempt(caller, attempt);
  if (waitMs !== null) await admitCaller(caller);
  refuseIfBlocked(waitMs);
  const proof = await verify();
  return proof === null ? failReauthentication(caller, currentUser, failure) : { proof, attemptId: attempt.id };
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
  if (caller.idempotency !== null && (await findStoredReply(caller, caller.idempotency.key)) !== null)
    refuse({ kind: 'request_in_progress' });
}
