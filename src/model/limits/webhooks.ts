export const WEBHOOKS_MAX = 500; // 50 events to 1,000 endpoints take 500 subrequests.
export const WEBHOOK_PORTS = [443, 8443, 80, 8080] as const; // http ports too: some serve TLS on them.
export const PORT_MAX = 65_535;
export const WEBHOOK_TIMEOUT_MS = 15_000;
export const WEBHOOK_CONNECTIONS = 6; // Workers' limit.
// 75 h in total.
export const WEBHOOK_RETRY_SECONDS = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400] as const;
export const WEBHOOK_RETRY_JITTER = 0.2;
export const WEBHOOK_OVERLOADED_MS = 60_000; // After 429, 502 and 504.
export const WEBHOOK_RETRY_AFTER_FACTOR = 2;
// Reads more, so that a secret is masked whole.
export const WEBHOOK_RESPONSE_READ_BYTES = 2048;
export const WEBHOOK_RESPONSE_STORED_BYTES = 1024;
export const WEBHOOK_RESPONSE_BODY_MS = 2_000;
export const WEBHOOK_SUSPEND_AFTER_MS = 5 * 24 * 60 * 60 * 1000;
export const WEBHOOK_INCIDENT_MS = 12 * 60 * 60 * 1000; // Closer failures are one incident.
export const TOKEN_OVERLAP_DEFAULT_HOURS = 24;
export const TOKEN_OVERLAP_MAX_HOURS = 7 * 24;
export const WEBHOOK_TOKEN_BYTES = 32; // Standard Webhooks: 24 to 64.
export const WEBHOOK_CLAIM_ROUNDS = 5;
export const WEBHOOK_RUN_MS = 10_000;
export const WEBHOOK_LEASE_MS = 45_000; // Above a run, an attempt and its record.
export const WEBHOOK_OVERDUE_MS = 60_000;
export const WEBHOOK_SWEEP_ENDPOINTS = 1000;
export const RECOVERY_CHUNK_EVENTS = 1000;
export const RECOVERY_CHUNKS = 100;
export const RECOVERY_IDLE_MS = 60_000;
export const RECOVERY_SWEEP_ROWS = 100;
