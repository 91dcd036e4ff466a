import { type Blobs, deleteBlobs } from '../../db/sql/blobs.ts';
import type { Db } from '../../db/sql/statement.ts';
import { collectGarbage, forgetGarbage } from '../../db/storage/garbage.ts';
import { findRemainingObjects, removeObjects } from '../../db/storage/purge.ts';
import { OBJECT_GARBAGE_RETENTION_MS, OBJECT_LEASE_MS } from '../../model/limits/index.ts';

/** Rows stand until their bytes are gone, so that whoever dies on the way leaves nothing that nobody knows of. */
export type Store = { readonly db: Db; readonly blobs: Blobs };

/**
 * Ends uploads that have died and takes away the bytes of what was replaced or deleted a while ago, of up to
 * `OBJECTS_DISCARDED`. Gives how many. May be repeated and run twice at once.
 */
export async function discardChunk({ db, blobs }: Store, now: number): Promise<number> {
  const given = { now, begunBefore: now - OBJECT_LEASE_MS, garbageBefore: now - OBJECT_GARBAGE_RETENTION_MS };
  const found = await collectGarbage(db, given);
  if (found.length === 0) return 0;
  await deleteBlobs(blobs, found);
  await forgetGarbage(
    db,
    found.map(({ id }) => id),
  );
  return found.length;
}

/** Empties a deleted storage account by one chunk. Gives how many objects that was, and whether the account is gone. Likewise repeatable. */
export async function purgeChunk(
  { db, blobs }: Store,
  storageAccountId: string,
  { now, newId }: { readonly now: number; readonly newId: () => string },
): Promise<{ readonly objects: number; readonly gone: boolean }> {
  const found = await findRemainingObjects(db, storageAccountId);
  await deleteBlobs(blobs, found);
  const ids = found.map(({ id }) => id);
  return {
    objects: found.length,
    gone: await removeObjects(db, storageAccountId, ids, { now, eventId: newId() }),
  };
}
