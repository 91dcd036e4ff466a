export const WEBHOOKS_MAX = 500; // 50 events to 1,000 endpoints take 500 subrequests.
export const WEBHOOK_PORTS = [443, 8443, 80, 8080] as const; // http ports too: some serve TLS on them.
export const PORT_MAX = 65_535; // TCP's.
export const WEBHOOK_TIMEOUT_MS = 15_000; // After a run still within `waitUntil`'s 30 s.
export const WEBHOOK_CONNECTIONS = 6; // Workers' limit.
// 75 h in total.
export const WEBHOOK_RETRY_SECONDS = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400] as const;
export const WEBHOOK_RETRY_JITTER = 0.2; // Recovering receivers get no burst.
export const WEBHOOK_OVERLOADED_MS = 60_000; // After 429, 502 and 504.
export const WEBHOOK_RETRY_AFTER_FACTOR = 2; // A `Retry-After` cannot stall the schedule.
// Reads more, so that a secret is masked whole.
export const WEBHOOK_RESPONSE_READ_BYTES = 2048;
export const WEBHOOK_RESPONSE_STORED_BYTES = 1024;
export const WEBHOOK_RESPONSE_BODY_MS = 2_000; // The status already decides.
export const WEBHOOK_SUSPEND_AFTER_MS = 5 * 24 * 60 * 60 * 1000; // Above the 75 h of retries.
export const WEBHOOK_INCIDENT_MS = 12 * 60 * 60 * 1000; // Closer failures are one incident.
export const TOKEN_OVERLAP_DEFAULT_HOURS = 24; // A day to deploy the new token.
export const TOKEN_OVERLAP_MAX_HOURS = 7 * 24; // Bounds a leaked token.
export const WEBHOOK_TOKEN_BYTES = 32; // Standard Webhooks: 24 to 64.
export const WEBHOOK_CLAIM_ROUNDS = 5; // Saves D1 calls; few claims are given back.
export const WEBHOOK_RUN_MS = 10_000; // With an attempt within `waitUntil`'s 30 s.
export const WEBHOOK_LEASE_MS = 45_000; // Above a run, an attempt and its record.
export const WEBHOOK_OVERDUE_MS = 60_000; // Earlier, its message may still be queued.
export const WEBHOOK_SWEEP_ENDPOINTS = 1000; // Ten sends of a queue.
export const RECOVERY_CHUNK_EVENTS = 1000; // Three D1 calls each time.
export const RECOVERY_CHUNKS = 100; // 300 of 1,000 subrequests.
export const RECOVERY_IDLE_MS = 60_000; // Above the gap between chunks.
export const RECOVERY_SWEEP_ROWS = 100; // One send of a queue.
