/** v3.md: length of every rate limit's window, and the requests a credential has in it unless set otherwise. */
export const RATE_WINDOW_SECONDS = 10;
export const RATE_LIMIT_DEFAULT = 1000;
/** How many times as many one address has, whoever makes them, unless set otherwise: several back offices behind one firewall. */
export const RATE_LIMIT_ADDRESS_TIMES = 5;
/**
 * Callers counted under one policy per isolate and window. Who was away longest is forgotten first: to have itself forgotten,
 * an address would need as many others as this, whose own requests are more than any policy by address allows it.
 */
export const RATE_COUNTED_MAX = 10_000;
/** Requests to sign in, and to the pages, from one address in a window: an office in the morning. Failures have limits of their own. */
export const SIGN_IN_REQUESTS_MAX = 120;
/** Requests to the token and revocation endpoints from one address in a window: a token lasts 15 minutes. */
export const TOKEN_REQUESTS_MAX = 300;
/** Requests about links in mails from one address in a window: more than anybody types, fewer than are worth guessing with. */
export const LINK_REQUESTS_MAX = 20;
/** API keys that one address has looked up in a window: far more than any back office has. */
export const API_KEY_LOOKUPS_MAX = 100;
