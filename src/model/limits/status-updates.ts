/** accounts.md: longest title and body of a status update; in their longest escapes they fit the 64 KiB of a request. */
export const STATUS_TITLE_MAX_CHARS = 200;
export const STATUS_BODY_MAX_CHARS = 10_000;
/** Subscribers whose mails are written in one batch, whose ids go in five sends of a queue … */
export const EXPANSION_CHUNK_USERS = 500;
/** … and chunks, of seven calls each, before it queues up again: six at once stay below a thousand subrequests. */
export const EXPANSION_CHUNKS = 20;
/** A status update whose mails are not written on for this long is woken by the sweep, so many in one run. */
export const EXPANSION_IDLE_MS = 60_000;
export const EXPANSION_SWEEP = 100;
/**
 * Longest token of a subscription's links looked at: ours have 194 characters behind the name of their key, which has
 * up to 32.
 */
export const SUBSCRIPTION_TOKEN_MAX_CHARS = 260;
/**
 * How often a reseller may ask one address to confirm status updates, however often it gives the role: one repetition
 * for a mail that was overlooked, and again after a month. Mails are kept for longer.
 */
export const CONFIRMATION_MAILS_MAX = 2;
export const CONFIRMATION_MAILS_WINDOW_MS = 30 * 24 * 60 * 60 * 1000;
/** How often one address may change its mind about a reseller's updates; then only unsubscribing is possible. */
export const SUBSCRIPTION_CHANGES_MAX = 50;
/**
 * Requests to subscribe or unsubscribe in `RATE_WINDOW_SECONDS` about one subscription or, where the link is none of
 * ours, from one address.
 */
export const SUBSCRIPTION_REQUESTS_MAX = 100;
/**
 * Status updates of one reseller in an hour: an incident told of every three minutes; each is a mail to everybody
 * subscribed.
 */
export const STATUS_UPDATES_MAX = 20;
export const STATUS_UPDATES_WINDOW_MS = 60 * 60 * 1000;
