export const STATUS_TITLE_MAX_CHARS = 200;
export const STATUS_BODY_MAX_CHARS = 10_000;
export const EXPANSION_CHUNK_USERS = 500;
export const EXPANSION_CHUNKS = 20; // Six concurrent runs stay below 1,000 subrequests.
export const EXPANSION_IDLE_MS = 60_000;
export const EXPANSION_SWEEP_ROWS = 100;
export const SUBSCRIPTION_TOKEN_MAX_CHARS = 260;
// One reminder a month.
export const CONFIRMATION_MAILS_MAX = 2;
export const CONFIRMATION_MAILS_WINDOW_MS = 30 * 24 * 60 * 60 * 1000;
export const SUBSCRIPTION_CHANGES_MAX = 50; // After that, only unsubscribing works.
export const SUBSCRIPTION_REQUESTS_MAX = 100;
export const STATUS_UPDATES_MAX = 20;
export const STATUS_UPDATES_WINDOW_MS = 60 * 60 * 1000;
