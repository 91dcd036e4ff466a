export const RATE_WINDOW_SECONDS = 10; // Cloudflare's limiters take 10 or 60.
export const RATE_LIMIT_DEFAULT = 1000; // Published by the v3 API.
export const RATE_LIMIT_ADDRESS_FACTOR = 5; // Several back offices behind one firewall.
export const RATE_CALLERS_MAX = 10_000; // No address can make enough requests to be evicted.
export const SIGN_IN_REQUESTS_MAX = 120; // An office in the morning.
export const TOKEN_REQUESTS_MAX = 300; // An office's clients; tokens last 15 minutes.
export const LINK_REQUESTS_MAX = 20; // Enough to type, too few to guess.
export const API_KEY_LOOKUPS_MAX = 100; // Above any back office.
