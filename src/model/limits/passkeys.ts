/** WebAuthn Level 3 §15.1: how long a browser waits for somebody who has to unlock the authenticator first. */
export const PASSKEY_TIMEOUT_MS = 5 * 60 * 1000;
/** WebAuthn §4: longest credential id. */
export const PASSKEY_ID_MAX_BYTES = 1023;
/** The same in base64url. */
export const PASSKEY_ID_MAX_CHARS = Math.ceil((PASSKEY_ID_MAX_BYTES * 4) / 3);
/** WebAuthn §5.4.3: longest user handle. */
export const USER_HANDLE_MAX_BYTES = 64;
/** What a browser says about a ceremony: challenge, type and origin take less than 500. */
export const CLIENT_DATA_MAX_BYTES = 2048;
/** An assertion's data has 37 bytes and its extensions, of which we ask for none. */
export const AUTHENTICATOR_DATA_MAX_BYTES = 1024;
/** Room for certificates that are sent without being asked for; without them it has less than 2 KiB. */
export const ATTESTATION_OBJECT_MAX_BYTES = 16 * 1024;
/** A public key as the database has it; the largest, RSA with 4096 bits, takes 530. */
export const PASSKEY_PUBLIC_KEY_MAX_BYTES = 1024;
/** The longest signature, as RSA with 4096 bits makes it. */
export const SIGNATURE_MAX_BYTES = 512;
/** Ways to reach an authenticator: six are registered, the longest name has ten letters. */
export const TRANSPORTS_MAX = 16;
export const TRANSPORT_MAX_CHARS = 32;
/** Passkeys of one user: each device and a few keys on a ring, and all of them fit in one question to the browser. */
export const PASSKEYS_MAX = 20;
/** Longest name of a passkey: enough to tell one's devices apart. */
export const PASSKEY_NAME_MAX_CHARS = 60;
