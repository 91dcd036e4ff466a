import { createHmac } from 'node:crypto';
import { HOTP, Secret, TOTP } from 'otpauth/bare';
import { TOTP_DIGITS, TOTP_DRIFT_STEPS, TOTP_SECRET_BYTES, TOTP_STEP_SECONDS } from '../../model/limits/index.ts';
import { sameDigest } from './digest.ts';

const algorithm = 'SHA1';

/** A fresh secret for an authenticator app: 160 random bits in base32. */
export function newTotpSecret(): string {
  return new Secret({ size: TOTP_SECRET_BYTES }).base32;
}

/** The `otpauth` address that an app reads from a QR code; issuer and account are what it shows. */
export function otpauthUri(secret: string, { issuer, account }: { issuer: string; account: string }): string {
  const settings = { algorithm, digits: TOTP_DIGITS, period: TOTP_STEP_SECONDS };
  // A colon in the label parts issuer and account.
  const name = issuer
    .split(':')
    .map((part) => part.trim())
    .join(' ');
  return new TOTP({ ...settings, secret, issuer: name, label: account }).toString();
}

/**
 * The time step (RFC 6238 §4.2) whose code this is, within the drift that is allowed and later than `afterStep`, the
 * last one that a code was taken of; else null. Spaces in a code count for nothing,
 * and neither does the width that a Japanese keyboard gives its digits.
 */
export function matchingStep(secret: string, code: string, nowMs: number, afterStep: number): number | null {
  const given = code.normalize('NFKC').replace(/\s/g, '');
  const now = TOTP.counter({ period: TOTP_STEP_SECONDS, timestamp: nowMs });
  let matching: number | null = null;
  // All are looked at, the latest last: a code that two steps share is not to be taken twice.
  for (let step = now - TOTP_DRIFT_STEPS; step <= now + TOTP_DRIFT_STEPS; step += 1) {
    if (sameDigest(given, codeOf(secret, step)) && step > afterStep) matching = step;
  }
  return matching;
}

function codeOf(secret: string, step: number): string {
  return HOTP.generate({ secret: Secret.fromBase32(secret), counter: step, algorithm, digits: TOTP_DIGITS, hmac });
}

/** Ours, because the library's own brings every hash there is. */
function hmac(name: string, key: Uint8Array, message: Uint8Array): Uint8Array {
  return createHmac(name, key).update(message).digest();
}
