export const RATE_WINDOW_SECONDS = 10;
export const RATE_LIMIT_DEFAULT = 1000;
export const RATE_LIMIT_ADDRESS_FACTOR = 5; // Several back offices behind one firewall.
export const RATE_CALLERS_MAX = 10_000; // No address can make enough requests to be evicted.
export const SIGN_IN_REQUESTS_MAX = 120;
export const TOKEN_REQUESTS_MAX = 300;
export const LINK_REQUESTS_MAX = 20; // Enough to type, too few to guess.
export const API_KEY_LOOKUPS_MAX = 100;
