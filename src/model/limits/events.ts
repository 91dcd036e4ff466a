export const AUDIT_RETENTION_MS = 365 * 24 * 60 * 60 * 1000; // Auditors commonly ask for a year.

export const EXPORT_CHUNK_ROWS = 500; // At most 35 MB, usually 1 MB.
export const EXPORT_ROWS = 2000; // Read three times, within REQUEST_ROWS_MAX.

// 20,000 rows a minute; each call as short as one of the purge.
export const SEAL_ROWS = 100;
export const SEAL_CHUNKS = 200;
