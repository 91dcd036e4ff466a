/** How long a provider of identities may take for each answer: a person waits, for three of them at the most. */
export const OIDC_TIMEOUT_MS = 5_000;
/** How much of an answer is read; the largest known ones, lists of keys, have some 20 KiB. */
export const OIDC_ANSWER_MAX_BYTES = 256 * 1024;
/** How long a provider's endpoints are used without asking again; Google lets others keep them for an hour. */
export const OIDC_METADATA_MAX_AGE_MS = 60 * 60 * 1000;
/** After a failure its endpoints are not asked for again for this long. */
export const OIDC_RETRY_MS = 5_000;
/** Oldest ID token that is taken: it comes straight from the provider, which makes it when the code is redeemed or issued. */
export const OIDC_ID_TOKEN_MAX_AGE_SECONDS = 10 * 60;
/** OpenID Connect Core §2: longest `sub`. */
export const OIDC_SUBJECT_MAX_CHARS = 255;
/** Longest name on the button: one line of the page on a phone. */
export const OIDC_NAME_MAX_CHARS = 40;
