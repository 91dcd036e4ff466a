import { EVENTS_KEPT_MS } from './work.ts';

export const JOB_LEASE_MS = 55_000;
export const JOB_RUN_MS = 15_000;
// Twelve statements each; D1 allows 1,000 per invocation.
export const PURGE_CHUNKS = 300;
export const JOB_CHUNKS = 30;
// Multiple of the chunk's duration: leaves D1 to requests.
export const CHUNK_PAUSE_TIMES = 19;
export const CHUNK_PAUSE_MIN_MS = 40;
export const CHUNK_PAUSE_MAX_MS = 1000;
export const PURGE_ROWS = 200;

export const DELIVERIES_KEPT_MS = EVENTS_KEPT_MS;
export const MAILS_KEPT_MS = EVENTS_KEPT_MS;
export const LINKS_KEPT_MS = EVENTS_KEPT_MS;
export const DEAD_LETTERS_KEPT_MS = EVENTS_KEPT_MS; // Not resolvable without the event.

export const DELETED_KEPT_MS = 30 * 24 * 60 * 60 * 1000;
export const DELETED_RESELLERS = 20;
export const BENEATH_ROWS = 20;
export const DELETED_MEMBERS = 100;
export const DELETED_LOOKED_AT = 1000;
export const DELETED_USERS = 25;
export const RESEAL_ROWS = 100; // Some 50 µs each.
export const RESEAL_LEFT_MAX = 10_000;
export const SIGN_OUTS_LOOKED_AT = 1000;
