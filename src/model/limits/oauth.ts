export const REDIRECT_URIS_MAX = 10; // One per installation.
export const REDIRECT_URI_MAX_CHARS = 2048;
export const STATE_MAX_CHARS = 1024;
export const AUTHORIZATION_PARAMETER_MAX_CHARS = 640; // All scopes take 600.
export const AUTHORIZATION_VALUE_MAX_CHARS = 128;
// `state`, `redirect_uri` and as much again.
export const AUTHORIZATION_MAX_CHARS = STATE_MAX_CHARS + 2 * REDIRECT_URI_MAX_CHARS;
// RFC 7636 §4.1.
export const CODE_VERIFIER_MIN_CHARS = 43;
export const CODE_VERIFIER_MAX_CHARS = 128;
export const CODE_LIFE_MS = 60 * 1000; // RFC 6749 §4.1.2: at most ten minutes.
export const CONSENT_LIFE_MS = 15 * 60 * 1000;
export const CONSENTS_SHOWN_MAX = 1000;
export const ID_TOKEN_SECONDS = 5 * 60;
