const BOOKMARK = /^[0-9a-f]{8}(-[0-9a-f]{8}){2}-[0-9a-f]{32}$/;

/** A replica that has caught up with `bookmark` may answer; without one the primary does: revocations apply at once. */
export function openDb(database: D1Database, bookmark: string | null): D1DatabaseSession {
  return database.withSession(bookmark !== null && BOOKMARK.test(bookmark) ? bookmark : 'first-primary');
}
