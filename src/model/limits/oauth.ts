/** Addresses that an API client may have users sent back to: one for each of its installations and a developer's own. */
export const REDIRECT_URIS_MAX = 10;
/** Longest of them: what browsers and proxies carry in any case. */
export const REDIRECT_URI_MAX_CHARS = 2048;
/** Longest `state` of an authorization request as it stands in the query, which is kept while the user signs in … */
export const STATE_MAX_CHARS = 1024;
/** … longest `scope`, since all by name take 600, and longest `login_hint`, an address, which is not kept … */
export const AUTHORIZATION_PARAMETER_MAX_CHARS = 640;
/** … longest other parameter: a random value, or a few words … */
export const AUTHORIZATION_WORD_MAX_CHARS = 128;
/** … and longest query: such a `state`, the longest `redirect_uri`, and as much again for all else. */
export const AUTHORIZATION_MAX_CHARS = STATE_MAX_CHARS + 2 * REDIRECT_URI_MAX_CHARS;
/** RFC 7636 §4.1: length of a code verifier. */
export const CODE_VERIFIER_MIN_CHARS = 43;
export const CODE_VERIFIER_MAX_CHARS = 128;
/** How long an authorization code can be exchanged: at once is what clients do (RFC 6749 §4.1.2: ten minutes at most). */
export const CODE_LIFE_MS = 60 * 1000;
/** How long somebody may think about what a client asks for. */
export const CONSENT_LIFE_MS = 15 * 60 * 1000;
/** Consents of one user that a list shows: the clients of many resellers; withdrawing some shows the rest. */
export const CONSENTS_SHOWN_MAX = 1000;
/** Life of an ID token: it is read when it comes. */
export const ID_TOKEN_SECONDS = 5 * 60;
