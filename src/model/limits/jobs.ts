import { EVENT_RETENTION_MS } from './work.ts';

export const JOB_LEASE_MS = 55_000; // Ends before the next minute.
export const JOB_RUN_MS = 15_000; // Jobs of a minute end before the next.
// Twelve statements each; D1 allows 1,000 per invocation.
export const PURGE_CHUNKS = 300;
export const JOB_CHUNKS = 30;
// Multiple of the chunk's duration: jobs take 5 % of D1.
export const CHUNK_PAUSE_FACTOR = 19;
export const CHUNK_PAUSE_MIN_MS = 40;
export const CHUNK_PAUSE_MAX_MS = 1000; // A run of slow chunks still advances.
export const PURGE_ROWS = 200; // 2 to 4 ms, which requests wait for.

// As long as the events behind them.
export const DELIVERY_RETENTION_MS = EVENT_RETENTION_MS;
export const MAIL_RETENTION_MS = EVENT_RETENTION_MS;
export const LINK_RETENTION_MS = EVENT_RETENTION_MS; // An expired link still offers a new one.
export const DEAD_LETTER_RETENTION_MS = EVENT_RETENTION_MS; // Not resolvable without the event.

export const DELETED_RETENTION_MS = 30 * 24 * 60 * 60 * 1000; // Above the life of sessions and deliveries.
export const DELETED_RESELLERS_PER_RUN = 20; // One that waits delays no other.
export const DELETED_RESELLER_CHUNK_ROWS = 20; // Of each table: in total as PURGE_ROWS.
export const DELETED_MEMBERS_CHUNK = 100; // Each writes an event too.
export const DELETED_RESELLERS_SCANNED = 1000; // Older ones have no members left.
export const DELETED_USERS_CHUNK = 25; // Each takes rows of many tables.
export const RESEAL_ROWS = 100; // About 5 ms of CPU.
export const RESEAL_LEFT_MAX = 10_000; // Enough to show that the old key is needed.
export const SIGN_OUTS_SCANNED = 1000; // Older ones have no sessions left.
