// From one D1 read to a caller's timeout; one column each.
export const REQUEST_BUCKETS_MS = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 10_000];
export const REQUEST_COUNTS_FLUSH_MS = 10_000; // A dying isolate loses as much.
export const DATABASE_MAX_BYTES = 10_000_000_000; // Cloudflare's limit.
export const OUTBOX_COUNTED_MAX = 10_000; // Enough to raise an alarm.
export const OLDEST_DELIVERY_ENDPOINTS = 5000; // 15 ms of D1.
export const CORS_MAX_AGE_SECONDS = 7200; // Chromium's maximum.
