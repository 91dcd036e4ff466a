export const OIDC_TIMEOUT_MS = 5_000;
export const OIDC_RESPONSE_MAX_BYTES = 256 * 1024;
export const OIDC_METADATA_MAX_AGE_MS = 60 * 60 * 1000; // As long as Google's own.
export const OIDC_RETRY_MS = 5_000;
export const OIDC_ID_TOKEN_MAX_AGE_SECONDS = 10 * 60;
export const OIDC_SUBJECT_MAX_CHARS = 255; // OpenID Connect Core §2.
export const OIDC_NAME_MAX_CHARS = 40;
