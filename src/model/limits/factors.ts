/** RFC 4226 §4 R6: recommended length of the shared secret, that of a SHA-1 hash. */
export const TOTP_SECRET_BYTES = 20;
/** RFC 6238 §5.2, RFC 4226 §5.3: what every authenticator app takes, some of them nothing else. */
export const TOTP_STEP_SECONDS = 30;
export const TOTP_DIGITS = 6;
/** RFC 6238 §5.2: steps that a clock may be off, to either side. */
export const TOTP_DRIFT_STEPS = 1;
/**
 * Wrong codes of one user by each second factor, behind each first one, in ever longer windows: of strangers who have that
 * first one, of a network that the user signed in from lately beside those, and of a browser that the user signed in with.
 * Strangers have 20 guesses a day; three in a million codes are right, the drift counted in.
 */
export const FACTOR_FAILURES = [
  { windowMs: 15 * 60 * 1000, strangers: 5, network: 2, device: 5 },
  { windowMs: 2 * 60 * 60 * 1000, strangers: 10, network: 3, device: 10 },
  { windowMs: 24 * 60 * 60 * 1000, strangers: 20, network: 5, device: 20 },
];
/** Wrong codes after which the user is told, once in a day: two are mistyped, or late. */
export const FACTOR_FAILURES_TOLD = 3;
export const FACTOR_FAILURES_TOLD_MS = 24 * 60 * 60 * 1000;
/** Recovery codes that somebody has at a time: enough to lose a telephone more than once. */
export const RECOVERY_CODES = 10;
/** Characters of a recovery code, 5 bits each: 120 bits, where 112 withstand a search with the hash (NIST SP 800-131A §1). */
export const RECOVERY_CODE_CHARS = 24;
/** Characters that are read and typed at a time. */
export const RECOVERY_CODE_GROUP_CHARS = 4;
/** ISO/IEC 18004: modules of quiet zone around a QR code. */
export const QR_QUIET_MODULES = 4;
/** Width of a QR code's module in CSS pixels: seen from an arm's length by any camera, and a code fits on a telephone. */
export const QR_MODULE_PX = 4;
