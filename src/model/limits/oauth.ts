/** Addresses that an API client may have users sent back to: one for each of its installations and a developer's own. */
export const REDIRECT_URIS_MAX = 10;
/** Longest of them: what browsers and proxies carry in any case. */
export const REDIRECT_URI_MAX_CHARS = 2048;
