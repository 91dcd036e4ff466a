export const BODY_MAX_BYTES = 64 * 1024; // The largest legal v3 body has 10 KiB.
export const IDEMPOTENCY_KEY_MAX_CHARS = 255; // Published by every API.
export const IDEMPOTENCY_RETENTION_MS = 24 * 60 * 60 * 1000; // A day of client retries.
export const REQUEST_ID_MAX_CHARS = 128; // A UUID or a prefixed trace id.
export const ISSUES_MAX = 50; // 64 KiB of fields could make 15 MB of issues.

// RFC 4291 §2.5: a household's /64.
export const IPV6_GROUPS = 8;
export const IPV6_NETWORK_GROUPS = 4;
export const IPV6_SITE_GROUPS = 3; // RFC 6177 §2: a customer's /48.
export const IPV6_SITE_FACTOR = 4; // A few busy networks; all 65,536 gain no more.
export const PATCH_MAX_OPERATIONS = 100; // Each role and field, several times over.
export const PATCH_VALUES_MAX = 100; // Twice what any field takes.
export const HTTPS_ONLY_SECONDS = 2 * 365 * 24 * 60 * 60; // As hstspreload.org recommends.
