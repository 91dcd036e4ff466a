/** Upper ends of the latency histogram's buckets: from one read of D1 nearby to what callers give up on. Each is a column. */
export const REQUEST_BUCKETS_MS = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 10_000];
/** How long an isolate gathers counts before it adds them to the database, and so how much is lost with one that dies. */
export const REQUEST_COUNTS_GATHERED_MS = 10_000;
/** Cloudflare's limit for one D1 database. */
export const DATABASE_MAX_BYTES = 10_000_000_000;
/** Open events of the outbox that are counted; what matters of more is that they are many. */
export const OUTBOX_COUNTED_MAX = 10_000;
/** Endpoints with deliveries under way that are asked for their oldest, at about 3 µs each. */
export const OLDEST_DELIVERY_ENDPOINTS = 5000;
/** How long browsers may remember what another origin may ask: the most that Chromium heeds. */
export const CORS_MAX_AGE_SECONDS = 7200;
