export const TENANT_MEGABYTES_DEFAULT = 100; // Per UTC day: about 30,000 changes.
export const TENANT_EMAILS_DEFAULT = 10_000; // A status update to 10,000 subscribers.
export const SIGN_IN_BYTES_FACTOR = 1.25; // Sign-in works after an import has used up the day.
export const USER_BYTES_SHARE = 0.05; // A thousand sign-ins a day.
export const CREDENTIAL_BYTES_FACTOR = 1.1; // Below sign-ins, which come first.
export const ROW_BYTES = 400; // Measured: header, ids, times and index entries.
export const SESSION_END_BYTES = 1000; // Its audit entry, charged when the session begins.
export const TENANT_DAY_RETENTION_MS = 35 * 24 * 60 * 60 * 1000; // A month to compare with.
export const USER_DAY_RETENTION_MS = 24 * 60 * 60 * 1000; // Only today's row is a limit.

export const RATE_LIMIT_TENANT_FACTOR = 3; // One credential cannot use up the tenant's quota.
export const RATE_LIMIT_TENANT_WRITES_SHARE = 0.5; // A write costs D1 about ten reads.
export const RATE_LIMIT_TENANT_HEAVY_SHARE = 0.1; // Each reads up to 10,000 rows.
export const HEAVY_READS_DEFAULT = 4; // Per isolate; more only wait for D1.
export const HEAVY_READ_MAX_MS = 10 * 60 * 1000; // Above any request: an older read is abandoned.
