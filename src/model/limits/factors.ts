export const TOTP_SECRET_BYTES = 20; // RFC 4226 §4 R6.
// RFC 6238 §5.2, RFC 4226 §5.3.
export const TOTP_STEP_SECONDS = 30;
export const TOTP_DIGITS = 6;
export const TOTP_DRIFT_STEPS = 1; // RFC 6238 §5.2.
// Strangers have 20 guesses a day; 3 in a million codes are right.
export const FACTOR_FAILURES = [
  { windowMs: 15 * 60 * 1000, strangers: 5, network: 2, device: 5 },
  { windowMs: 2 * 60 * 60 * 1000, strangers: 10, network: 3, device: 10 },
  { windowMs: 24 * 60 * 60 * 1000, strangers: 20, network: 5, device: 20 },
];
export const FACTOR_FAILURES_NOTICE = 3;
export const FACTOR_FAILURES_NOTICE_MS = 24 * 60 * 60 * 1000;
export const RECOVERY_CODES = 10;
export const RECOVERY_CODE_CHARS = 24; // 120 bits (NIST SP 800-131A §1: 112).
export const RECOVERY_CODE_GROUP_CHARS = 4;
export const QR_QUIET_MODULES = 4;
export const QR_MODULE_PX = 4;
