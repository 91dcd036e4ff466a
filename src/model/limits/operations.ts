export const REQUEST_BUCKETS_MS = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 10_000]; // One column each.
export const REQUEST_COUNTS_FLUSH_MS = 10_000;
export const DATABASE_MAX_BYTES = 10_000_000_000; // Cloudflare's limit.
export const OUTBOX_COUNTED_MAX = 10_000;
export const OLDEST_DELIVERY_ENDPOINTS = 5000;
export const CORS_MAX_AGE_SECONDS = 7200; // Chromium's maximum.
