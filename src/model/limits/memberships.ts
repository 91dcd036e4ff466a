/** common.md: how long a membership waits for the person to accept it. */
export const INVITATION_LIFE_MS = 7 * 24 * 60 * 60 * 1000;
/** common.md: how long a tenant cannot repeat an invitation that the person refused. */
export const REFUSAL_KEPT_MS = 30 * 24 * 60 * 60 * 1000;
/** Invitations that one statement ends, each with its event. */
export const EXPIRED_INVITATIONS = 50;
/** Longest token of an invitation's link looked at: two ids and a time, sealed, behind the name of a key. */
export const INVITATION_TOKEN_MAX_CHARS = 240;
