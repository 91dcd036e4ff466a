/** Every number of the product, with its unit in its name and its reason beside it. */
export * from './limits/status.ts';
export * from './limits/storage.ts';

/** common.md: a body over 64 KiB is refused; the largest legal v3 body is under 10 KiB. */
export const BODY_MAX_BYTES = 64 * 1024;
/** common.md: longest `Idempotency-Key`. */
export const IDEMPOTENCY_KEY_MAX_CHARS = 255;
/** common.md: how long the first answer to an idempotency key is kept. */
export const IDEMPOTENCY_KEPT_MS = 24 * 60 * 60 * 1000;
/** Longest `X-Request-Id` taken over from a caller: room for a UUID or a trace id with its prefix. */
export const REQUEST_ID_MAX_CHARS = 128;

/** v3.md: longest name, e-mail address, description and other one-line text. */
export const TEXT_MAX_CHARS = 256;
/** v3.md: shortest and longest password. */
export const PASSWORD_MIN_CHARS = 8;
export const PASSWORD_MAX_CHARS = 256;
/** reseller.md: shortest password of a customer's user. */
export const STRONG_PASSWORD_MIN_CHARS = 12;
/** v3.md: `allowedUsers` and `allowedOrganizations` are int32; −1 means no limit. */
export const QUOTA_MAX = 2_147_483_647;
export const UNLIMITED = -1;
/** v3.md: longest webhook address. */
export const URL_MAX_CHARS = 2048;

/** v3.md: rows of a page. */
export const PAGE_DEFAULT_ROWS = 25;
export const PAGE_MAX_ROWS = 100;
/** reseller.md: how much of a list comes at once. */
export const WHOLE_LIST_MAX_ROWS = 1000;
/** Most employees of a customer: int32, as other counts. */
export const EMPLOYEES_MAX = 2_147_483_647;
/** Numbered pages skip rows one by one; past this many a cursor is the only sensible way. */
export const PAGE_MAX_NUMBER = 100_000;
/** D1 binds at most 100 parameters a statement; twenty filters leave room for the rest. */
export const FILTERS_MAX = 20;
/** Values of one `in` list; they travel as one JSON parameter. */
export const FILTER_VALUES_MAX = 100;
/** Longest value of a filter: a full name, made of two fields and a space. */
export const FILTER_MAX_CHARS = 2 * TEXT_MAX_CHARS + 1;
/** Problems named in one refusal; more help nobody, and 64 KiB of them would make 15 MB. */
export const ISSUES_MAX = 50;
/** Compiled list queries kept per isolate; one for each combination of sort and filters in use. */
export const COMPILED_LISTS_MAX = 200;

/** common.md: life of an access token. */
export const ACCESS_TOKEN_SECONDS = 15 * 60;
/** common.md, RFC 8725 §3: clock difference allowed when a token is checked. */
export const TOKEN_LEEWAY_SECONDS = 30;
/** Longest token looked at; ours have about 1,000 characters with every scope. */
export const TOKEN_MAX_CHARS = 8192;
/** Verified tokens remembered per isolate, about 1 KiB each. */
export const TOKENS_REMEMBERED_MAX = 2000;
/** How long an API key stands for the scopes that its client had; what is withdrawn counts at once, what is added after this. */
export const API_KEY_REMEMBERED_MS = 60_000;
/** API keys that one address has looked up in `RATE_WINDOW_SECONDS`: far more than any back office has. */
export const API_KEY_LOOKUPS_MAX = 100;
/** How long an outside issuer's key server may take, and how long its keys are used without asking again. */
export const JWKS_TIMEOUT_MS = 5_000;
export const JWKS_MAX_AGE_MS = 10 * 60 * 1000;
/** After a failure it is left alone this long, whatever tokens come meanwhile. */
export const JWKS_RETRY_MS = 5_000;
/** How long others may cache our own public keys: a new key must be published this long before it signs. */
export const JWKS_CACHE_SECONDS = 300;

/** v3.md: length of the rate limit's window, and the requests a credential has in it unless set otherwise. */
export const RATE_WINDOW_SECONDS = 10;
export const RATE_LIMIT_DEFAULT = 1000;
/** RFC 4291 §2.5: groups of an IPv6 address, and how many of them name a network, whose hosts are one household's to choose. */
export const IPV6_GROUPS = 8;
export const IPV6_NETWORK_GROUPS = 4;
/** Credentials counted per isolate and window; the oldest are forgotten first. */
export const RATE_COUNTED_MAX = 10_000;

/** OWASP password storage: argon2id with 19 MiB, two passes, one lane. */
export const ARGON2_MEMORY_KIB = 19_456;
export const ARGON2_PASSES = 2;
export const ARGON2_LANES = 1;
/** Length of an AES-256 key. */
export const AES_256_BYTES = 32;
/** Shortest pepper: 32 characters are more than anybody guesses. */
export const PEPPER_MIN_CHARS = 32;
/** RFC 9106 §3.1: salt and tag lengths. */
export const ARGON2_SALT_BYTES = 16;
export const ARGON2_TAG_BYTES = 32;

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
/** Events a feed page holds unless asked otherwise, and at the most. */
export const FEED_DEFAULT_ROWS = 100;
export const FEED_MAX_ROWS = 500;

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
/** Whoever takes up what is due at once may have a clock that is this much behind. */
export const CLOCK_SKEW_MS = 1_000;
/** How late a delivery must be before the sweep wakes its endpoint: the message may just be waiting its turn. */
export const WEBHOOK_OVERDUE_MS = 60_000;
/** Endpoints that one run of the sweep wakes: ten sends of a hundred. */
export const WEBHOOK_SWEEP_ENDPOINTS = 1000;

/** Before this much earlier no event can have been committed, whatever clock its id came from. */
export const ID_SPREAD_MS = 60_000;
/** A recovery goes through so many events at a time, three D1 calls each … */
export const RECOVERY_CHUNK_EVENTS = 1000;
/** … and queues up again after so many of these. */
export const RECOVERY_CHUNKS = 100;
/** A recovery that has stood still for this long is woken by the sweep. */
export const RECOVERY_IDLE_MS = 60_000;
/** How many recoveries one run of the sweep wakes. */
export const RECOVERY_SWEEP = 100;

/** How long deliveries, their attempts and recoveries are kept: as long as the events behind them. */
export const DELIVERIES_KEPT_MS = EVENTS_KEPT_MS;
/** How long the record of a mail is kept: as long as the event behind it. */
export const MAILS_KEPT_MS = EVENTS_KEPT_MS;
/** How long a link that has run out still leads to a page that offers a new one. */
export const LINKS_KEPT_MS = EVENTS_KEPT_MS;
/** Rows of each table that go in one D1 call, about 60 ms, and the most calls of one run: 20,000 rows a minute. */
export const PURGE_ROWS = 1000;
export const PURGE_CHUNKS = 20;

/** reseller.md: how long a link in a mail works. */
export const LINK_LIFE_MS = 7 * 24 * 60 * 60 * 1000;
/** Random bytes of the token in a link. */
export const LINK_TOKEN_BYTES = 32;
/** Longest token looked at: ours have 43 characters. */
export const LINK_TOKEN_MAX_CHARS = 100;
/** accounts.md: mails with a new link that one user is sent in so much time, whoever asks for them. */
export const LINK_MAILS_MAX = 3;
export const LINK_MAILS_WINDOW_MS = 60 * 60 * 1000;
/** Requests about links from one address in `RATE_WINDOW_SECONDS`: more than anybody types, fewer than are worth guessing with. */
export const LINK_REQUESTS_MAX = 20;
/** Wait before each further attempt to send a mail, after the first at once: 1 min to 24 h, about two days in all. */
export const MAIL_RETRY_SECONDS = [60, 300, 900, 3600, 10_800, 21_600, 43_200, 86_400] as const;
/** Spread of each wait to both sides, so that a provider that comes back is not hit by all mails at once. */
export const MAIL_RETRY_JITTER = 0.2;
/** A mail whose consumer died is free again after this: longer than any attempt. */
export const MAIL_LEASE_MS = 90_000;
/** How late a mail must be before the sweep sends its message again, and how many in one run. */
export const MAIL_OVERDUE_MS = 60_000;
export const MAIL_SWEEP = 1000;
/** A mail has left within this time or the attempt has failed: with its record, within `waitUntil`'s 30 s. */
export const MAIL_TIMEOUT_MS = 20_000;
/** How long a mail server may take to say goodbye: the mail is in its hands by then. */
export const MAIL_QUIT_MS = 1_000;
/** Longest reply of a mail server that is read; RFC 5321 §4.5.3.1.5 has lines of 512 octets, and a greeting has about twenty. */
export const SMTP_REPLY_MAX_CHARS = 16 * 1024;
/** RFC 2047 §2: longest line of a header with encoded words. */
export const HEADER_LINE_CHARS = 76;
/** Text of a header that needs no encoding and no fold: the line less the longest name, `Subject: `. */
export const HEADER_PLAIN_CHARS = HEADER_LINE_CHARS - 'Subject: '.length;
/** Bytes of one encoded word: 52 of base64 and 12 around them (RFC 2047 §2: at most 75) fit behind `Subject: `. */
export const ENCODED_WORD_BYTES = 39;
/** Longest first name that a mail greets by: a longer one is a message of whoever signs somebody up. */
export const GREETED_NAME_MAX_CHARS = 40;
/** Mails that the development server keeps to show. */
export const DEV_MAILS_MAX = 200;

/** A sweep that died frees the next one after this. */
export const SWEEP_LEASE_MS = 55_000;

/** accounts.md: longest text of each field. */
export const ACCOUNT_NAME_MAX_CHARS = 100;
export const ACCOUNT_TEXT_MAX_CHARS = 200;
export const DISPLAY_NAME_MAX_CHARS = 100;
export const MEMBER_EMAIL_MAX_CHARS = 200;
export const TIMEZONE_MAX_CHARS = 40;
export const COUNTRY_CODE_MAX_CHARS = 5;
/** accounts.md: rows of a page. */
export const ACCOUNTS_PAGE_ROWS = 1000;
/** API clients of one reseller: one for each system and its successor, many times over. */
export const CLIENTS_MAX = 100;
/** Scopes that a list may name: room for repetitions, which count once. */
export const SCOPES_MAX = 100;
/** Random bytes of an API client's secret. */
export const CLIENT_SECRET_BYTES = 32;
/** Operations of one JSON Patch: each role taken and given, and each field set, several times over. */
export const PATCH_MAX_OPERATIONS = 100;
/** Values of one list in it: twice as many as any field takes. */
export const PATCH_VALUES_MAX = 100;
/** Entries of a list of roles that is sent: room for repetitions, which count once. */
export const ROLES_MAX = 50;
