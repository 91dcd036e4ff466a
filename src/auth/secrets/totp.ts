import { createHmac } from 'node:crypto';
import { HOTP, Secret, TOTP } from 'otpauth/bare';
import { TOTP_DIGITS, TOTP_DRIFT_STEPS, TOTP_SECRET_BYTES, TOTP_STEP_SECONDS } from '../../model/limits/index.ts';
import { sameDigest } from './digest.ts';

const algorithm = 'SHA1';

export function newTotpSecret(): string {
  return new Secret({ size: TOTP_SECRET_BYTES }).base32;
}

export function otpauthUri(secret: string, { issuer, account }: { issuer: string; account: string }): string {
  const settings = { algorithm, digits: TOTP_DIGITS, period: TOTP_STEP_SECONDS };
  // A colon separates issuer and account.
  const name = issuer
    .split(':')
    .map((part) => part.trim())
    .join(' ');
  return new TOTP({ ...settings, secret, issuer: name, label: account }).toString();
}

/** RFC 6238 §4.2. Null: no step after `afterStep` matches. */
export function matchingStep(secret: string, code: string, nowMs: number, afterStep: number): number | null {
  const digits = code.normalize('NFKC').replace(/\s/g, '');
  const now = TOTP.counter({ period: TOTP_STEP_SECONDS, timestamp: nowMs });
  let matching: number | null = null;
  // The latest wins: a code shared by two steps must not work twice.
  for (let step = now - TOTP_DRIFT_STEPS; step <= now + TOTP_DRIFT_STEPS; step += 1) {
    if (sameDigest(digits, codeOf(secret, step)) && step > afterStep) matching = step;
  }
  return matching;
}

function codeOf(secret: string, step: number): string {
  return HOTP.generate({ secret: Secret.fromBase32(secret), counter: step, algorithm, digits: TOTP_DIGITS, hmac });
}

/** The library's own bundles every hash. */
function hmac(name: string, key: Uint8Array, message: Uint8Array): Uint8Array {
  return createHmac(name, key).update(message).digest();
}
