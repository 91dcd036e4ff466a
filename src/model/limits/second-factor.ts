/** RFC 4226 §4 R6: recommended length of the shared secret, that of a SHA-1 hash. */
export const TOTP_SECRET_BYTES = 20;
/** RFC 6238 §5.2, RFC 4226 §5.3: what every authenticator app takes, some of them nothing else. */
export const TOTP_STEP_SECONDS = 30;
export const TOTP_DIGITS = 6;
/** RFC 6238 §5.2: steps that a clock may be off, to either side. */
export const TOTP_DRIFT_STEPS = 1;
