/** How often an update is tried again when another one came between its read and its write. */
export const UPDATE_TRIES = 12;
/** Users removed in one batch when their organization goes; their snapshots, under 35 KB each, are one parameter of 2 MB. */
export const REMOVAL_CHUNK_USERS = 50;
/** A removal goes on this long before it queues up again: well within `waitUntil`'s 30 s. */
export const REMOVAL_RUN_MS = 10_000;
/** A removal that has stood still for this long is woken by the sweep, so many in one run. */
export const REMOVAL_IDLE_MS = 60_000;
export const REMOVAL_SWEEP = 100;

/** How long the sweep leaves an event to the message that was sent right after its commit. */
export const RELAY_GRACE_MS = 30_000;
/** Between two attempts of the sweep to relay one event, doubled each time … */
export const RELAY_BACKOFF_MS = 60_000;
/** … and given up (recorded as a dead letter) after so many: about 34 hours. */
export const RELAY_TRIES = 12;
/** Events relayed in one run of the sweep: ten sends of a hundred. */
export const RELAY_SWEEP_EVENTS = 1000;
/** Queues: messages in one sendBatch, longest delay. */
export const QUEUE_SEND_MESSAGES = 100;
export const QUEUE_DELAY_MAX_SECONDS = 86_400;
/** A bound parameter has 2 MB in D1: rows of three ids in one JSON parameter take about 70 KB … */
export const IDS_PER_PARAMETER = 500;
/** … and webhook bodies, each at most about 40 KB in their longest escapes, less than 1 MB. */
export const BODIES_PER_PARAMETER = 20;

/** common.md: how far back the events feed reaches. */
export const EVENTS_KEPT_MS = 30 * 24 * 60 * 60 * 1000;
/** Whoever takes up what is due at once may have a clock that is this much behind. */
export const CLOCK_SKEW_MS = 1_000;

/** Before this much earlier no event can have been committed, whatever clock its id came from. */
export const ID_SPREAD_MS = 60_000;
