import { useRecoveryCode, useTotpStep } from '../../db/factors/factors.ts';
import type { SignInUser } from '../../db/sign-in/lookup.ts';
import type { AuthenticationMethod } from '../../model/sessions/session.ts';
import type { SignInCrypto } from '../../model/sign-in/crypto.ts';
import type { AnonymousContext } from './anonymous-context.ts';

export type Factor = { readonly code?: string | undefined; readonly recoveryCode?: string | undefined };

/** `use` marks the factor as used. It changes no row if the factor was used before. */
export type UsedFactor = { readonly method: AuthenticationMethod; readonly use: D1PreparedStatement };

/** `codeHash` may not belong to any recovery code; the database decides. */
export type VerifiedCode = { readonly step: number } | { readonly codeHash: string };

export function needsFactor({ totp, passkeys }: Pick<SignInUser, 'totp' | 'passkeys'>): boolean {
  return totp !== null || passkeys > 0;
}

export function factorMethod({ code, recoveryCode }: Factor): UsedFactor['method'] | null {
  if (code !== undefined) return 'otp';
  return recoveryCode === undefined ? null : 'recovery';
}

/** Binds a sealed secret to its user. */
export function totpPurpose(userId: string): string {
  return `totp ${userId}`;
}

export async function verifyFactor(
  anonymous: AnonymousContext,
  { member: { id: userId }, totp }: SignInUser,
  factor: Factor,
): Promise<UsedFactor | null> {
  const { db, now } = anonymous;
  const code = await verifyCode(anonymous, userId, totp, factor);
  if (code === null) return null;
  if ('step' in code) return { method: 'otp', use: useTotpStep(db, userId, code.step) };
  return { method: 'recovery', use: useRecoveryCode(db, { userId, now, ...code }) };
}

export async function verifyTotpCode(
  proofs: Parameters<typeof verifyCode>[0],
  userId: string,
  totp: SignInUser['totp'],
  code: string,
): Promise<number | null> {
  const read = await verifyCode(proofs, userId, totp, { code });
  return read !== null && 'step' in read ? read.step : null;
}

export async function verifyCode(
  proofs: Pick<SignInCrypto, 'unseal' | 'matchingStep' | 'recoveryCodeHash'> & { readonly now: number },
  userId: string,
  totp: SignInUser['totp'],
  { code, recoveryCode }: Factor,
): Promise<VerifiedCode | null> {
  if (code !== undefined) {
    if (totp === null) return null;
    const secret = await proofs.unseal(totp.sealedSecret, totpPurpose(userId));
    const step = proofs.matchingStep(secret, code, proofs.now, totp.lastStep);
    return step === null ? null : { step };
  }
  return recoveryCode === undefined ? null : { codeHash: await proofs.recoveryCodeHash(recoveryCode) };
}
