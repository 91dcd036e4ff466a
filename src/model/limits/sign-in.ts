export const SESSION_LIFE_MS = 30 * 24 * 60 * 60 * 1000;
export const SESSIONS_MAX = 50; // The oldest ends first.
export const SESSIONS_SHOWN_MAX = 1000;
export const OPAQUE_TOKEN_BYTES = 32;
export const OPAQUE_TOKEN_MAX_CHARS = 100;
export const USER_AGENT_MAX_CHARS = 256;
export const SIGN_IN_WINDOW_MS = 15 * 60 * 1000;
// Strangers have 672 guesses a day, 288 more on each known network.
export const SIGN_IN_FAILURES_MAX = 7;
export const KNOWN_NETWORK_FAILURES_MAX = 3;
export const DEVICE_FAILURES_MAX = 10;
export const SIGN_IN_ADDRESS_FAILURES_MAX = 50;
export const PASSWORD_FAILURES = [
  {
    windowMs: SIGN_IN_WINDOW_MS,
    strangers: SIGN_IN_FAILURES_MAX,
    network: KNOWN_NETWORK_FAILURES_MAX,
    device: DEVICE_FAILURES_MAX,
  },
];
export const KNOWN_NETWORK_MS = 30 * 24 * 60 * 60 * 1000;
export const KNOWN_NETWORKS_MAX = 5;
export const DEVICE_LIFE_MS = 180 * 24 * 60 * 60 * 1000;
export const DEVICE_USERS_MAX = 5;
export const DEVICE_TOKEN_MAX_CHARS = 1000;
// Recorded after the hour's last request.
export const SIGN_IN_FAILURES_HOUR_MS = 60 * 60 * 1000;
export const SIGN_IN_FAILURES_GRACE_MS = 60 * 1000;
export const SIGN_IN_FAILURE_ROWS_MAX = 200;
export const SIGN_IN_FAILURES_CHUNK = 100;
export const SIGNED_OUT_CHUNK = 200;
export const FLOW_LIFE_MS = 15 * 60 * 1000;
export const FLOWS_MAX = 500; // Per network.
export const SIGN_INS_PER_MINUTE = 6000; // What D1 can write.
export const BROWSER_SESSION_MS = 12 * 60 * 60 * 1000;
// Covers a holiday.
export const SESSION_IDLE_DEFAULT_DAYS = 14;
export const SESSION_IDLE_MAX_DAYS = 30;
// Covers a long meeting.
export const BROWSER_IDLE_DEFAULT_MINUTES = 120;
export const BROWSER_IDLE_MIN_MINUTES = 10;
export const BROWSER_IDLE_MAX_MINUTES = 12 * 60;
export const BROWSER_VISIT_UPDATE_MS = 5 * 60 * 1000;
export const RECENT_SIGN_IN_MS = 15 * 60 * 1000; // Guards against an unattended browser.
export const FACTOR_CODE_MAX_CHARS = 64;
export const RESET_TOKEN_LIFE_MS = 24 * 60 * 60 * 1000;
