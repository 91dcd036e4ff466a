import { EVENTS_KEPT_MS } from './work.ts';

/** A job whose run died is free again after this: for the next minute's. */
export const JOB_LEASE_MS = 55_000;
/** A job takes no further chunk after this, so that a minute's jobs are done when the next one's begin. */
export const JOB_RUN_MS = 15_000;
/** Chunks of one run, of the purge and of each other job, with up to twelve statements: D1 takes 1,000 of one invocation. */
export const PURGE_CHUNKS = 300;
export const JOB_CHUNKS = 30;
/** After a chunk the database is everybody else's for so many times as long as the chunk took, within these bounds. */
export const CHUNK_PAUSE_TIMES = 19;
export const CHUNK_PAUSE_MIN_MS = 40;
export const CHUNK_PAUSE_MAX_MS = 1000;
/** Rows of one statement of the purge: a request that comes meanwhile waits for as long as they take, 2 to 4 ms. */
export const PURGE_ROWS = 200;

/** How long deliveries, their attempts and recoveries are kept: as long as the events behind them. */
export const DELIVERIES_KEPT_MS = EVENTS_KEPT_MS;
/** How long the record of a mail is kept: as long as the event behind it. */
export const MAILS_KEPT_MS = EVENTS_KEPT_MS;
/** How long a link that has run out still leads to a page that offers a new one. */
export const LINKS_KEPT_MS = EVENTS_KEPT_MS;
/** How long a message that was given up is kept: without the event behind it nobody can make up for it. */
export const DEAD_LETTERS_KEPT_MS = EVENTS_KEPT_MS;

/** How long deleted resellers and organizations are kept: by then their sessions, deliveries and mails have run out. */
export const DELETED_KEPT_MS = 30 * 24 * 60 * 60 * 1000;
/** Deleted resellers that one run goes about: one that has to wait for something keeps no other waiting. */
export const DELETED_RESELLERS = 20;
/** Rows of each table beneath a deleted reseller that go in one chunk: there are fifteen of them. */
export const BENEATH_ROWS = 20;
/** Members of a deleted reseller that are released at a time. */
export const DELETED_MEMBERS = 100;
/** Of the deleted resellers, the latest are checked for members still to release: those before have none left. */
export const DELETED_LOOKED_AT = 1000;
/** Users of a deleted reseller that go at a time. */
export const DELETED_USERS = 25;
/** Secrets that are sealed anew at a time: opening and sealing one takes some 50 µs. */
export const RESEAL_ROWS = 100;
/** Secrets of a kind that a run counts as left: enough to say that the old key is needed, and read in a few ms. */
export const RESEAL_LEFT_MAX = 10_000;
/** Of the resellers and API clients that had others signed out, the latest are checked for sessions still to end. */
export const SIGN_OUTS_LOOKED_AT = 1000;
