export const REDIRECT_URIS_MAX = 10; // One per installation.
export const REDIRECT_URI_MAX_CHARS = 2048; // Browsers and proxies carry as much.
export const STATE_MAX_CHARS = 1024; // Stored during sign-in.
export const AUTHORIZATION_PARAMETER_MAX_CHARS = 640; // All scopes take 600.
export const AUTHORIZATION_VALUE_MAX_CHARS = 128; // A random value or a few words.
// `state`, `redirect_uri` and as much again.
export const AUTHORIZATION_MAX_CHARS = STATE_MAX_CHARS + 2 * REDIRECT_URI_MAX_CHARS;
// RFC 7636 §4.1.
export const CODE_VERIFIER_MIN_CHARS = 43;
export const CODE_VERIFIER_MAX_CHARS = 128;
export const CODE_LIFE_MS = 60 * 1000; // RFC 6749 §4.1.2: at most ten minutes.
export const CONSENT_LIFE_MS = 15 * 60 * 1000; // Time to read the request.
export const CONSENTS_SHOWN_MAX = 1000; // Withdrawing some shows the rest.
export const ID_TOKEN_SECONDS = 5 * 60; // Clients read it on arrival.
