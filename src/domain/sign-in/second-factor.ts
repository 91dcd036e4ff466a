import { useRecoveryCode, useTotpStep } from '../../db/factors/factors.ts';
import type { SignInUser } from '../../db/sign-in/lookup.ts';
import type { AuthenticationMethod } from '../../model/sessions/session.ts';
import type { SignInCrypto } from '../../model/sign-in/crypto.ts';
import type { AnonymousContext } from './anonymous-context.ts';

/** What somebody shows beside the password; nothing where nothing was sent. */
export type Factor = { readonly code?: string | undefined; readonly recoveryCode?: string | undefined };

/** A factor that is good as far as can be seen before it is used up. */
export type UsedFactor = { readonly method: AuthenticationMethod; readonly use: D1PreparedStatement };

/** The same of a code: the time step that it is of, or the hash of a recovery code that may be one. */
export type Code = { readonly step: number } | { readonly codeHash: string };

/** Whether a password alone is not enough. */
export function needsFactor({ totp, passkeys }: Pick<SignInUser, 'totp' | 'passkeys'>): boolean {
  return totp !== null || passkeys > 0;
}

/** By which method a factor would count; null where nothing was sent. */
export function methodOf({ code, recoveryCode }: Factor): UsedFactor['method'] | null {
  if (code !== undefined) return 'otp';
  return recoveryCode === undefined ? null : 'recovery';
}

/** What an authenticator's secret is sealed for: in another user's row it opens nothing. */
export function totpPurpose(userId: string): string {
  return `totp ${userId}`;
}

/** Judges a second factor: null where it is none. Using it up decides about codes that come twice. */
export async function judgeFactor(
  anonymous: AnonymousContext,
  { member: { id: userId }, totp }: SignInUser,
  factor: Factor,
): Promise<UsedFactor | null> {
  const { db, now } = anonymous;
  const code = await readCode(anonymous, userId, totp, factor);
  if (code === null) return null;
  if ('step' in code) return { method: 'otp', use: useTotpStep(db, userId, code.step) };
  return { method: 'recovery', use: useRecoveryCode(db, { userId, now, ...code }) };
}

/** The time step that a code of the authenticator is of; null where it is of none. */
export async function readStep(
  proofs: Parameters<typeof readCode>[0],
  userId: string,
  totp: SignInUser['totp'],
  code: string,
): Promise<number | null> {
  const read = await readCode(proofs, userId, totp, { code });
  return read !== null && 'step' in read ? read.step : null;
}

/** What a code stands for; null where it is none. Whether a recovery code is one, the database knows. */
export async function readCode(
  proofs: Pick<SignInCrypto, 'unseal' | 'matchingStep' | 'recoveryCodeHash'> & { readonly now: number },
  userId: string,
  totp: SignInUser['totp'],
  { code, recoveryCode }: Factor,
): Promise<Code | null> {
  if (code !== undefined) {
    if (totp === null) return null;
    const secret = await proofs.unseal(totp.sealedSecret, totpPurpose(userId));
    const step = proofs.matchingStep(secret, code, proofs.now, totp.lastStep);
    return step === null ? null : { step };
  }
  return recoveryCode === undefined ? null : { codeHash: await proofs.recoveryCodeHash(recoveryCode) };
}
