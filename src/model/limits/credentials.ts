export const ACCESS_TOKEN_SECONDS = 15 * 60;
export const TOKEN_LEEWAY_SECONDS = 30; // RFC 8725 §3.
export const TOKEN_MAX_CHARS = 8192;
export const TOKENS_CACHED_MAX = 2000;
export const API_KEY_CACHE_MS = 60_000; // Delay for added scopes; removed ones end at once.
export const JWKS_TIMEOUT_MS = 5_000;
export const JWKS_MAX_AGE_MS = 10 * 60 * 1000;
export const JWKS_RETRY_MS = 5_000;
export const JWKS_CACHE_SECONDS = 300; // A new key is published this long before it signs.

// OWASP password storage.
export const ARGON2_MEMORY_KIB = 19_456;
export const ARGON2_PASSES = 2;
export const ARGON2_LANES = 1;
// Half of an isolate's 128 MiB.
export const ARGON2_MEMORY_MAX_KIB = 65_536;
export const ARGON2_PASSES_MAX = 8;
export const ARGON2_LANES_MAX = 4;
export const AES_256_BYTES = 32;
export const PEPPER_MIN_CHARS = 32;
// RFC 9106 §3.1.
export const ARGON2_SALT_BYTES = 16;
export const ARGON2_TAG_BYTES = 32;
export const CLIENTS_MAX = 100;
export const SCOPES_MAX = 100;
export const CLIENT_SECRET_BYTES = 32;
