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
export const FACTOR_FAILURES_NOTICE = 3; // Two may be mistyped or late.
export const FACTOR_FAILURES_NOTICE_MS = 24 * 60 * 60 * 1000; // One notice a day.
export const RECOVERY_CODES = 10; // Enough for several lost phones.
export const RECOVERY_CODE_CHARS = 24; // 120 bits (NIST SP 800-131A §1: 112).
export const RECOVERY_CODE_GROUP_CHARS = 4; // Easy to read and type.
export const QR_QUIET_MODULES = 4; // ISO/IEC 18004.
export const QR_MODULE_PX = 4; // Fits a phone; any camera reads it.

export const PASSKEY_TIMEOUT_MS = 5 * 60 * 1000; // WebAuthn Level 3 §15.1.
export const PASSKEY_ID_MAX_BYTES = 1023; // WebAuthn §4.
export const PASSKEY_ID_MAX_CHARS = Math.ceil((PASSKEY_ID_MAX_BYTES * 4) / 3);
export const USER_HANDLE_MAX_BYTES = 64; // WebAuthn §5.4.3.
export const CLIENT_DATA_MAX_BYTES = 2048; // Challenge, type and origin take under 500.
export const AUTHENTICATOR_DATA_MAX_BYTES = 1024; // 37 bytes and extensions, none requested.
export const ATTESTATION_OBJECT_MAX_BYTES = 16 * 1024; // Under 2 KiB without certificates.
export const PASSKEY_PUBLIC_KEY_MAX_BYTES = 1024; // RSA-4096, the largest, takes 530.
export const SIGNATURE_MAX_BYTES = 512; // RSA-4096.
// Six are registered, the longest of ten letters.
export const TRANSPORTS_MAX = 16;
export const TRANSPORT_MAX_CHARS = 32;
export const PASSKEYS_MAX = 20; // They fit one browser request.
export const PASSKEY_NAME_MAX_CHARS = 60; // Enough to tell devices apart.
