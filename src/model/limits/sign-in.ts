export const SESSION_LIFE_MS = 30 * 24 * 60 * 60 * 1000; // Bounds a stolen refresh token.
export const SESSIONS_MAX = 50; // The oldest ends first.
export const SESSIONS_SHOWN_MAX = 1000; // Ending some shows the rest.
export const OPAQUE_TOKEN_BYTES = 32; // RFC 6749 §10.10: at least 160 bits.
export const OPAQUE_TOKEN_MAX_CHARS = 100; // Refresh tokens have 87.
export const USER_AGENT_MAX_CHARS = 256; // Enough to tell browsers apart.
// Strangers have 672 guesses a day, 288 more on each known network.
export const SIGN_IN_WINDOW_MS = 15 * 60 * 1000;
export const SIGN_IN_FAILURES_MAX = 7;
export const KNOWN_NETWORK_FAILURES_MAX = 3;
export const DEVICE_FAILURES_MAX = 10;
export const SIGN_IN_ADDRESS_FAILURES_MAX = 50; // Several users' typing errors.
export const PASSWORD_FAILURES = [
  {
    windowMs: SIGN_IN_WINDOW_MS,
    strangers: SIGN_IN_FAILURES_MAX,
    network: KNOWN_NETWORK_FAILURES_MAX,
    device: DEVICE_FAILURES_MAX,
  },
];
// Home, work and travel, as long as a session lives.
export const KNOWN_NETWORK_MS = 30 * 24 * 60 * 60 * 1000;
export const KNOWN_NETWORKS_MAX = 5;
export const DEVICE_LIFE_MS = 180 * 24 * 60 * 60 * 1000; // Seasonal users.
export const DEVICE_USERS_MAX = 5; // One user's accounts, or one desk.
export const DEVICE_TOKEN_MAX_CHARS = 1000; // Five users take about 700.
// Recorded after the hour's last request.
export const SIGN_IN_FAILURES_HOUR_MS = 60 * 60 * 1000;
export const SIGN_IN_FAILURES_GRACE_MS = 60 * 1000;
export const SIGN_IN_FAILURE_ROWS_MAX = 200; // Bounds the audit log; further ones share rows.
export const SIGN_IN_FAILURES_CHUNK = 100; // Above the number of reasons.
export const SIGNED_OUT_CHUNK = 200; // As PURGE_ROWS.
export const FLOW_LIFE_MS = 15 * 60 * 1000; // Time to find a phone or a mail.
export const FLOWS_MAX = 500; // Per network: an office in the morning.
export const SIGN_INS_PER_MINUTE = 6000; // What D1 can write.
export const BROWSER_SESSION_MS = 12 * 60 * 60 * 1000; // A working day and its evening.
// Covers a holiday.
export const SESSION_IDLE_DEFAULT_DAYS = 14;
export const SESSION_IDLE_MAX_DAYS = 30; // SESSION_LIFE_MS.
// Covers a long meeting.
export const BROWSER_IDLE_DEFAULT_MINUTES = 120;
export const BROWSER_IDLE_MIN_MINUTES = 10; // Two visit updates.
export const BROWSER_IDLE_MAX_MINUTES = 12 * 60; // BROWSER_SESSION_MS.
export const BROWSER_VISIT_UPDATE_MS = 5 * 60 * 1000; // Most pages cost no write.
export const RECENT_SIGN_IN_MS = 15 * 60 * 1000; // Guards against an unattended browser.
export const FACTOR_CODE_MAX_CHARS = 64; // The longest code, with spaces and hyphens.
export const RESET_TOKEN_LIFE_MS = 24 * 60 * 60 * 1000; // Handed over the same day.

export const OIDC_TIMEOUT_MS = 5_000; // A user waits for up to three.
export const OIDC_RESPONSE_MAX_BYTES = 256 * 1024; // The largest known, key lists, have 20 KiB.
export const OIDC_METADATA_MAX_AGE_MS = 60 * 60 * 1000; // As long as Google's own.
export const OIDC_RETRY_MS = 5_000; // Spares a failing provider.
export const OIDC_ID_TOKEN_MAX_AGE_SECONDS = 10 * 60; // It comes straight from the provider.
export const OIDC_SUBJECT_MAX_CHARS = 255; // OpenID Connect Core §2.
export const OIDC_NAME_MAX_CHARS = 40; // One line of a button on a phone.
