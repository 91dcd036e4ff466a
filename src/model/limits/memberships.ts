/** common.md: how long a membership waits for the person to accept it. */
export const INVITATION_LIFE_MS = 7 * 24 * 60 * 60 * 1000;
/** common.md: how long a tenant cannot repeat an invitation that the person refused. */
export const REFUSAL_KEPT_DAYS = 30;
export const REFUSAL_KEPT_MS = REFUSAL_KEPT_DAYS * 24 * 60 * 60 * 1000;
/** Invitations that one statement ends, each with its event. */
export const EXPIRED_INVITATIONS = 50;
/** Longest token of an invitation's link looked at: two ids and a time, sealed, behind the name of a key. */
export const INVITATION_TOKEN_MAX_CHARS = 240;
/** Requests in `RATE_WINDOW_SECONDS` about one invitation or, where the link is not one of ours, from one address. */
export const INVITATION_REQUESTS_MAX = 100;
/** Wait of a person whose account was changed by others at every try to answer an invitation. */
export const CHANGED_RETRY_SECONDS = 5;
