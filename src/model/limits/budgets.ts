/** Bytes of the database that one tenant may add in a UTC day unless set otherwise: 30,000 changes of usual size. */
export const TENANT_MEGABYTES_DEFAULT = 100;
/** E-mails that one tenant may cause in a UTC day unless set otherwise. */
export const TENANT_EMAILS_DEFAULT = 10_000;
/** How many times the daily bytes sign-ins and token refreshes have: people still get in when an import used the budget. */
export const SIGN_IN_BYTES_TIMES = 1.25;
/** The share of the daily bytes that the sign-ins and tokens of one user may take: a thousand sign-ins, unless set otherwise. */
export const USER_BYTES_SHARE = 0.05;
/** How many times the daily bytes new factors, codes and webhook secrets have: less than sign-ins, which come first. */
export const OWN_BYTES_TIMES = 1.1;
/** What a row takes beside its texts: ids, times, its header and its index entries. Measured: a user takes 652 bytes. */
export const ROW_BYTES = 400;
/** The entry of the audit log that the end of a session writes; the session pays for it when it begins. */
export const ENDING_BYTES = 1000;
/** How long the daily rows are kept, for the operator to compare with. */
export const TENANT_DAYS_KEPT_MS = 35 * 24 * 60 * 60 * 1000;
/** How long those of users are kept: only today's bound anything. */
export const USER_DAYS_KEPT_MS = 24 * 60 * 60 * 1000;

/** Requests in a window of a tenant, as a multiple of what one credential has, unless set otherwise. */
export const RATE_LIMIT_TENANT_TIMES = 3;
/** Writes in a window of a tenant, as a share of the same: each costs the one database about ten times a read. */
export const RATE_LIMIT_TENANT_WRITES_SHARE = 0.5;
/** Heavy reads in a window of a tenant, as a share of the same: each may look at 10,000 rows. */
export const RATE_LIMIT_TENANT_HEAVY_SHARE = 0.1;
/** Heavy reads of a tenant that run at once in one isolate unless set otherwise: more only wait for the same database. */
export const HEAVY_READS_DEFAULT = 4;
/** A heavy read that has not ended by then was abandoned, and counts no more. */
export const HEAVY_READ_MAX_MS = 10 * 60 * 1000;
