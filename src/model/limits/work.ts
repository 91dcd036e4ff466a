export const UPDATE_TRIES = 12; // Twelve concurrent writers all succeed.
export const REMOVAL_CHUNK_USERS = 50; // At most 2 MB in one parameter.
export const REMOVAL_RUN_MS = 10_000; // Well within `waitUntil`'s 30 s.
export const REMOVAL_IDLE_MS = 60_000; // Above the gap between chunks.
export const REMOVAL_SWEEP_ROWS = 100; // One send of a queue.

export const RELAY_GRACE_MS = 30_000; // The message sent at commit comes first.
export const RELAY_BACKOFF_MS = 60_000; // One run of the sweep; doubles.
export const RELAY_TRIES = 12; // 34 h in total.
export const RELAY_SWEEP_EVENTS = 1000; // Ten sends of a queue.
// Limits of Queues.
export const QUEUE_SEND_MESSAGES = 100;
export const QUEUE_DELAY_MAX_SECONDS = 86_400;
export const IDS_PER_PARAMETER = 500; // 70 KB; a parameter has at most 2 MB.
export const BODIES_PER_PARAMETER = 20; // Less than 1 MB.

export const EVENT_RETENTION_MS = 30 * 24 * 60 * 60 * 1000; // Published by the v3 API.
export const CLOCK_SKEW_MS = 1_000; // Between machines of Cloudflare.

export const ID_SPREAD_MS = 60_000; // Above the gap between an id and its commit.
