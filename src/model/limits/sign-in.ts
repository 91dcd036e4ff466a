/** Absolute life of a session, however often its tokens are refreshed. */
export const SESSION_LIFE_MS = 30 * 24 * 60 * 60 * 1000;
/** Sessions of one user in one tenant at a time: several devices and clients many times over; the oldest ends for the next. */
export const SESSIONS_MAX = 50;
/** Sessions of one user that a list shows, in all of its tenants; ending some shows the rest. */
export const SESSIONS_SHOWN_MAX = 1000;
/** Random bytes of a browser's cookies, of an authorization code, and of each half of a refresh token. */
export const OPAQUE_TOKEN_BYTES = 32;
/** Longest such token looked at: ours have 43 characters, refresh tokens 87. */
export const OPAQUE_TOKEN_MAX_CHARS = 100;
/** Longest `User-Agent` kept with a session: enough to tell one's browsers apart. */
export const USER_AGENT_MAX_CHARS = 256;
/** How long a failure to sign in counts. */
export const SIGN_IN_WINDOW_MS = 15 * 60 * 1000;
/**
 * Failures as one user in the window: of all strangers together, of a network that the user signed in from lately beside
 * those, and of a browser that the user signed in with. Strangers have 672 guesses a day at an account, and 288 more on each
 * such network.
 */
export const SIGN_IN_FAILURES_MAX = 7;
export const KNOWN_NETWORK_FAILURES_MAX = 3;
export const DEVICE_FAILURES_MAX = 10;
/** Failures of strangers from one network address in the window: as many users as a few people mistype. */
export const SIGN_IN_ADDRESS_FAILURES_MAX = 50;
/** The same three as a row, as for second factors: of what is tried first, be it a password or a passkey. */
export const PASSWORD_FAILURES = [
  {
    windowMs: SIGN_IN_WINDOW_MS,
    strangers: SIGN_IN_FAILURES_MAX,
    network: KNOWN_NETWORK_FAILURES_MAX,
    device: DEVICE_FAILURES_MAX,
  },
];
/** How long a network stays known after a sign-in from there, and how many of a user: home, work and where one travels. */
export const KNOWN_NETWORK_MS = 30 * 24 * 60 * 60 * 1000;
export const KNOWN_NETWORKS_MAX = 5;
/** How long a browser stays known after a sign-in: those of people who come once in a season. */
export const DEVICE_LIFE_MS = 180 * 24 * 60 * 60 * 1000;
/** Users whom one browser is known to: the accounts of one person, or the people at one desk. */
export const DEVICE_USERS_MAX = 5;
/** Longest cookie that says so: with all of them, each some 90 characters, it has about 700. */
export const DEVICE_TOKEN_MAX_CHARS = 1000;
/** Failed sign-ins are counted for so long, and enter the audit log when requests that began in the hour have ended. */
export const SIGN_IN_FAILURES_HOUR_MS = 60 * 60 * 1000;
export const SIGN_IN_FAILURES_SETTLED_MS = 60 * 1000;
/** Rows per reseller and hour; further failures share one row per reason, so the audit log stays bounded. */
export const SIGN_IN_FAILURE_ROWS_MAX = 200;
/** Rows of them that one batch moves into the audit log; more than the reasons that there are. */
export const SIGN_IN_FAILURES_CHUNK = 100;
/** Sessions of disabled accounts that one statement ends, each with its row in the audit log. */
export const SIGNED_OUT_CHUNK = 200;
/** How long somebody may be on the way through the pages. */
export const FLOW_LIFE_MS = 15 * 60 * 1000;
/**
 * Ways through the pages that one network may begin in that time: an office in the morning. Each is a row until it runs
 * out.
 */
export const FLOWS_MAX = 500;
/**
 * Ways through the pages, and attempts to sign in, that begin in a minute from all networks together: a hundred a second, more
 * than the one database writes for long. So many of them are there at a time as fit in their life, 90,000 each.
 */
export const SIGN_INS_PER_MINUTE = 6000;
/** Longest life of a browser's session: a working day and its evening. */
export const BROWSER_SESSION_MS = 12 * 60 * 60 * 1000;
/** Days without a refresh after which a session ends: a holiday. At most its life. */
export const SESSION_IDLE_DEFAULT_DAYS = 14;
export const SESSION_IDLE_MAX_DAYS = 30;
/**
 * Minutes without a visit after which a browser's session ends: a long meeting. At most its life, at least two notes of
 * a visit.
 */
export const BROWSER_IDLE_DEFAULT_MINUTES = 120;
export const BROWSER_IDLE_MIN_MINUTES = 10;
export const BROWSER_IDLE_MAX_MINUTES = 12 * 60;
/** How often a browser's visits are written down: a page costs no write but now and then. */
export const BROWSER_VISIT_NOTED_MS = 5 * 60 * 1000;
/**
 * How old a sign-in may be by which a user changes how to sign in: a browser left open, or a stolen token, is no
 * consent.
 */
export const RECENT_SIGN_IN_MS = 15 * 60 * 1000;
/** Longest code of an authenticator, or recovery code, looked at: with spaces and hyphens. */
export const FACTOR_CODE_MAX_CHARS = 64;
/** How long the token works by which an administrator lets a user choose a password: handed on at once, if at all. */
export const RESET_TOKEN_LIFE_MS = 24 * 60 * 60 * 1000;
