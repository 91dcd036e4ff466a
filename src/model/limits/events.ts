export const AUDIT_RETENTION_MS = 365 * 24 * 60 * 60 * 1000; // Auditors commonly ask for a year.

export const EXPORT_CHUNK_ROWS = 500;
export const EXPORT_ROWS = 2000;

export const SEAL_ROWS = 100;
export const SEAL_CHUNKS = 200;
