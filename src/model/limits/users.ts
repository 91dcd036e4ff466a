export const INVITATION_LIFE_MS = 7 * 24 * 60 * 60 * 1000; // As LINK_LIFE_MS.
export const REFUSAL_COOLDOWN_DAYS = 30; // A refused tenant asks at most monthly.
export const REFUSAL_COOLDOWN_MS = REFUSAL_COOLDOWN_DAYS * 24 * 60 * 60 * 1000;
export const EXPIRED_INVITATIONS_CHUNK = 50; // Each writes an event too.
export const INVITATION_TOKEN_MAX_CHARS = 240; // Two ids and a time, sealed, after a key id.
export const INVITATION_REQUESTS_MAX = 100; // An office and its mail scanners.
export const CONFLICT_RETRY_SECONDS = 5; // All UPDATE_TRIES met other changes.

export const EXPORTED_ENTRIES = 1000; // The newest: one statement reads them.
export const EXPORTED_ROWS = 500; // Above any user's sessions, passkeys and tenants.
