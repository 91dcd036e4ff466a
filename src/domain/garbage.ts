import { type Blobs, deleteBlobs } from '../db/blobs.ts';
import { findRemainingObjects, removeObjects } from '../db/emptying.ts';
import { collectGarbage, forgetGarbage } from '../db/garbage.ts';
import type { Session } from '../db/statement.ts';
import { OBJECT_GARBAGE_KEPT_MS, OBJECT_LEASE_MS, OBJECTS_DISCARDED } from '../model/limits.ts';

/** Rows stand until their bytes are gone, so that whoever dies on the way leaves nothing that nobody knows of. */
type Store = { readonly session: Session; readonly blobs: Blobs };

/**
 * Ends uploads that have died and takes away the bytes of what was replaced or deleted a while ago. Says whether there may
 * be more. May be repeated and run twice at once.
 */
export async function discardChunk({ session, blobs }: Store, now: number): Promise<boolean> {
  const given = { now, begunBefore: now - OBJECT_LEASE_MS, garbageBefore: now - OBJECT_GARBAGE_KEPT_MS };
  const found = await collectGarbage(session, given);
  if (found.length === 0) return false;
  await deleteBlobs(blobs, found);
  await forgetGarbage(
    session,
    found.map(({ id }) => id),
  );
  return found.length === OBJECTS_DISCARDED;
}

/** Empties a deleted storage account by one chunk; gone is it after the last. Says whether that was it. Likewise repeatable. */
export async function emptyChunk(
  { session, blobs }: Store,
  storageAccountId: string,
  given: { readonly now: number; readonly newId: () => string },
): Promise<boolean> {
  const found = await findRemainingObjects(session, storageAccountId);
  await deleteBlobs(blobs, found);
  await removeObjects(
    session,
    storageAccountId,
    found.map(({ id }) => id),
    { now: given.now, eventId: given.newId() },
  );
  return found.length < OBJECTS_DISCARDED;
}
