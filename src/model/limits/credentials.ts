export const ACCESS_TOKEN_SECONDS = 15 * 60; // Bounds a stolen token.
export const TOKEN_LEEWAY_SECONDS = 30; // RFC 8725 §3.
export const TOKEN_MAX_CHARS = 8192; // Ours take about 1,000 with every scope.
export const TOKENS_CACHED_MAX = 2000; // About 2 MB per isolate.
export const API_KEY_CACHE_MS = 60_000; // Delay for added scopes; removed ones end at once.
export const JWKS_TIMEOUT_MS = 5_000; // A request waits for it.
export const JWKS_MAX_AGE_MS = 10 * 60 * 1000; // A withdrawn key ends within it.
export const JWKS_RETRY_MS = 5_000; // Spares a failing key server.
export const JWKS_CACHE_SECONDS = 300; // A new key is published this long before it signs.

// OWASP password storage.
export const ARGON2_MEMORY_KIB = 19_456;
export const ARGON2_PASSES = 2;
export const ARGON2_LANES = 1;
// Half of an isolate's 128 MiB.
export const ARGON2_MEMORY_MAX_KIB = 65_536;
export const ARGON2_PASSES_MAX = 8; // Room for costlier hashes.
export const ARGON2_LANES_MAX = 4; // Likewise.
export const AES_256_BYTES = 32;
export const PEPPER_MIN_CHARS = 32; // 128 bits even in hexadecimal.
// RFC 9106 §3.1.
export const ARGON2_SALT_BYTES = 16;
export const ARGON2_TAG_BYTES = 32;
export const CLIENTS_MAX = 100; // Each system and its successor, many times over.
export const SCOPES_MAX = 100; // Room for repetitions, which count once.
export const CLIENT_SECRET_BYTES = 32; // RFC 6749 §10.10: at least 160 bits.
