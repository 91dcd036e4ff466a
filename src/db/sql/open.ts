const BOOKMARK = /^[0-9a-f]{8}(-[0-9a-f]{8}){2}-[0-9a-f]{32}$/;

/**
 * One request's D1 session. A caller that sends the bookmark of an earlier reply may be served by any replica that has
 * caught up with it; without one the primary answers, so that what was withdrawn a moment ago is known.
 */
export function openDb(database: D1Database, bookmark: string | null): D1DatabaseSession {
  return database.withSession(bookmark !== null && BOOKMARK.test(bookmark) ? bookmark : 'first-primary');
}
