/** RFC 4226 §4 R6: recommended length of the shared secret, that of a SHA-1 hash. */
export const TOTP_SECRET_BYTES = 20;
/** RFC 6238 §5.2, RFC 4226 §5.3: what every authenticator app takes, some of them nothing else. */
export const TOTP_STEP_SECONDS = 30;
export const TOTP_DIGITS = 6;
/** RFC 6238 §5.2: steps that a clock may be off, to either side. */
export const TOTP_DRIFT_STEPS = 1;
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
