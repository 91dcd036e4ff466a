/** How long rows of the audit log are kept: a year is what auditors commonly ask back for; events are in it all that time. */
export const AUDIT_KEPT_MS = 365 * 24 * 60 * 60 * 1000;

/** Rows of an export read at once: at most 35 MB with two snapshots of 35 KB each, 1 MB as a rule. */
export const EXPORT_CHUNK_ROWS = 500;
/** Rows that one export looks at: twice to find its end, and once to be read. */
export const EXPORT_ROWS = 2000;

/** Rows sealed in one D1 call, as quick as a statement of the purge, and the most calls of one run: up to 20,000 rows a minute. */
export const SEAL_ROWS = 100;
export const SEAL_CHUNKS = 200;
