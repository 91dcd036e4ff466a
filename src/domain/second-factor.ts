import type { Candidate } from '../db/candidates.ts';
import { useRecoveryCode, useTotpStep } from '../db/factors.ts';
import type { Method } from '../model/session.ts';
import type { Visitor } from './visitor.ts';

/** What somebody shows beside the password; nothing where nothing was sent. */
export type Factor = { readonly code?: string | undefined; readonly recoveryCode?: string | undefined };

/** A factor that is good as far as can be seen before it is used up. */
export type Shown = { readonly method: Method; readonly use: D1PreparedStatement };

/** Whether a password alone is not enough. */
export function needsFactor({ totp, passkeys }: Candidate): boolean {
  return totp !== null || passkeys > 0;
}

/** Judges a second factor: null where it is none. Using it up decides about codes that come twice. */
export async function judgeFactor(
  visitor: Visitor,
  { member: { id: userId }, totp }: Candidate,
  { code, recoveryCode }: Factor,
): Promise<Shown | null> {
  const { session, now } = visitor;
  if (code !== undefined) {
    if (totp === null) return null;
    const step = visitor.matchingStep(await visitor.unseal(totp.sealedSecret), code, now, totp.lastStep);
    return step === null ? null : { method: 'otp', use: useTotpStep(session, userId, step) };
  }
  if (recoveryCode === undefined) return null;
  const codeHash = await visitor.recoveryCodeHash(recoveryCode);
  return { method: 'recovery', use: useRecoveryCode(session, { userId, codeHash, now }) };
}
