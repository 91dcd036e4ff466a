/** Entries of the audit log in an export of the own data: the newest, which one statement reads. */
export const EXPORTED_ENTRIES = 1000;
/** Rows of every other kind in it: more than a person has, since sessions, passkeys and tenants have limits of their own. */
export const EXPORTED_ROWS = 500;
