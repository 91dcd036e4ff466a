/** Endpoints of one owner: a batch of 50 events, each to 500 of a reseller's and 500 of the operator's, takes 500 of a thousand subrequests. */
export const WEBHOOKS_MAX = 500;
/** Ports that webhooks may go to unless more are set: https's own and its usual second, and those of http, which some serve TLS on. */
export const WEBHOOK_PORTS = [443, 8443, 80, 8080] as const;
/** The highest port of TCP. */
export const PORT_MAX = 65_535;
/** A receiver answers within this time or the attempt has failed. */
export const WEBHOOK_TIMEOUT_MS = 15_000;
/** Workers: open connections of one invocation. */
export const WEBHOOK_CONNECTIONS = 6;
/** Wait before each further attempt, after the first at once: 5 s to 24 h, about 75 h in all. */
export const WEBHOOK_RETRY_SECONDS = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400] as const;
/** Spread of each wait to both sides, so that receivers that come back are not hit all at once. */
export const WEBHOOK_RETRY_JITTER = 0.2;
/** Least wait after an answer 429, 502 or 504: whoever says so is overloaded. */
export const WEBHOOK_OVERLOADED_MS = 60_000;
/** A `Retry-After` is honoured up to so many times the planned wait. */
export const WEBHOOK_RETRY_AFTER_STEPS = 2;
/** How much of an answer is read, so that a secret in it is seen whole, and how much of that is kept. */
export const WEBHOOK_ANSWER_READ_BYTES = 2048;
export const WEBHOOK_ANSWER_KEPT_BYTES = 1024;
/** How long the rest of an answer is waited for once its status is known. */
export const WEBHOOK_ANSWER_MS = 2_000;
/** An endpoint is suspended after so long of nothing but failures … */
export const WEBHOOK_SUSPEND_AFTER_MS = 5 * 24 * 60 * 60 * 1000;
/** … unless those of that time lie closer together than this: that was one incident. */
export const WEBHOOK_BLIP_MS = 12 * 60 * 60 * 1000;
/** How long the token before a rotation signs along, unless set otherwise, and at the most. */
export const TOKEN_OVERLAP_DEFAULT_HOURS = 24;
export const TOKEN_OVERLAP_MAX_HOURS = 7 * 24;
/** Random bytes of a token that we make (Standard Webhooks: 24 to 64). */
export const WEBHOOK_TOKEN_BYTES = 32;
/** Deliveries that a consumer claims at once for each connection: fewer D1 calls, while few have to be given back. */
export const WEBHOOK_CLAIM_ROUNDS = 5;
/** A consumer serves an endpoint this long before it queues up again: with one more attempt, within `waitUntil`'s 30 s. */
export const WEBHOOK_DRAIN_MS = 10_000;
/** An endpoint whose consumer died is free again after this: the time above, an attempt and its record. */
export const WEBHOOK_LEASE_MS = 45_000;
/** How late a delivery must be before the sweep wakes its endpoint: the message may just be waiting its turn. */
export const WEBHOOK_OVERDUE_MS = 60_000;
/** Endpoints that one run of the sweep wakes: ten sends of a hundred. */
export const WEBHOOK_SWEEP_ENDPOINTS = 1000;
/** A recovery goes through so many events at a time, three D1 calls each … */
export const RECOVERY_CHUNK_EVENTS = 1000;
/** … and queues up again after so many of these. */
export const RECOVERY_CHUNKS = 100;
/** A recovery that has stood still for this long is woken by the sweep. */
export const RECOVERY_IDLE_MS = 60_000;
/** How many recoveries one run of the sweep wakes. */
export const RECOVERY_SWEEP = 100;
