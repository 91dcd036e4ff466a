// Fully escaped, both fit BODY_MAX_BYTES.
export const STATUS_TITLE_MAX_CHARS = 200;
export const STATUS_BODY_MAX_CHARS = 10_000;
export const EXPANSION_CHUNK_USERS = 500; // Their ids take five sends of a queue.
export const EXPANSION_CHUNKS = 20; // Six concurrent runs stay below 1,000 subrequests.
export const EXPANSION_IDLE_MS = 60_000; // Above the gap between chunks.
export const EXPANSION_SWEEP_ROWS = 100; // One send of a queue.
export const SUBSCRIPTION_TOKEN_MAX_CHARS = 260; // Ours have 194 after a key id of up to 32.
// One reminder a month.
export const CONFIRMATION_MAILS_MAX = 2;
export const CONFIRMATION_MAILS_WINDOW_MS = 30 * 24 * 60 * 60 * 1000;
export const SUBSCRIPTION_CHANGES_MAX = 50; // After that, only unsubscribing works.
export const SUBSCRIPTION_REQUESTS_MAX = 100; // An office and its mail scanners.
export const STATUS_UPDATES_MAX = 20; // One every three minutes.
export const STATUS_UPDATES_WINDOW_MS = 60 * 60 * 1000;
