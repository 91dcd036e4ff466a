/** common.md: life of an access token. */
export const ACCESS_TOKEN_SECONDS = 15 * 60;
/** common.md, RFC 8725 §3: clock difference allowed when a token is checked. */
export const TOKEN_LEEWAY_SECONDS = 30;
/** Longest token looked at; ours have about 1,000 characters with every scope. */
export const TOKEN_MAX_CHARS = 8192;
/** Verified tokens remembered per isolate, about 1 KiB each. */
export const TOKENS_REMEMBERED_MAX = 2000;
/** How long an API key stands for the scopes that its client had; what is withdrawn counts at once, what is added after this. */
export const API_KEY_REMEMBERED_MS = 60_000;
/** How long an outside issuer's key server may take, and how long its keys are used without asking again. */
export const JWKS_TIMEOUT_MS = 5_000;
export const JWKS_MAX_AGE_MS = 10 * 60 * 1000;
/** After a failure it is left alone this long, whatever tokens come meanwhile. */
export const JWKS_RETRY_MS = 5_000;
/** How long others may cache our own public keys: a new key must be published this long before it signs. */
export const JWKS_CACHE_SECONDS = 300;

/** OWASP password storage: argon2id with 19 MiB, two passes, one lane. */
export const ARGON2_MEMORY_KIB = 19_456;
export const ARGON2_PASSES = 2;
export const ARGON2_LANES = 1;
/** Dearest hash that a password is checked against: half of an isolate's 128 MiB, and room to make today's dearer. */
export const ARGON2_MEMORY_MAX_KIB = 65_536;
export const ARGON2_PASSES_MAX = 8;
export const ARGON2_LANES_MAX = 4;
/** Length of an AES-256 key. */
export const AES_256_BYTES = 32;
/** Shortest pepper: 32 characters are more than anybody guesses. */
export const PEPPER_MIN_CHARS = 32;
/** RFC 9106 §3.1: salt and tag lengths. */
export const ARGON2_SALT_BYTES = 16;
export const ARGON2_TAG_BYTES = 32;
/** API clients of one reseller: one for each system and its successor, many times over. */
export const CLIENTS_MAX = 100;
/** Scopes that a list may name: room for repetitions, which count once. */
export const SCOPES_MAX = 100;
/** Random bytes of an API client's secret. */
export const CLIENT_SECRET_BYTES = 32;
