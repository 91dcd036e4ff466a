import { type Blobs, deleteBlobs } from '../../db/sql/blobs.ts';
import type { Db } from '../../db/sql/statement.ts';
import { collectGarbage, forgetGarbage } from '../../db/storage/garbage.ts';
import { findRemainingObjects, removeObjects } from '../../db/storage/purge.ts';
import { OBJECT_GARBAGE_KEPT_MS, OBJECT_LEASE_MS } from '../../model/limits/index.ts';

/** A row outlives its bytes, so that a crash leaves no unknown blob. */
export type ObjectStore = { readonly db: Db; readonly blobs: Blobs };

/**
 * Aborts stale uploads and deletes the bytes of replaced or deleted objects. Returns how many. Safe to repeat and to
 * run concurrently.
 */
export async function discardGarbageChunk({ db, blobs }: ObjectStore, now: number): Promise<number> {
  const cutoffs = { now, begunBefore: now - OBJECT_LEASE_MS, garbageBefore: now - OBJECT_GARBAGE_KEPT_MS };
  const found = await collectGarbage(db, cutoffs);
  if (found.length === 0) return 0;
  await deleteBlobs(blobs, found);
  await forgetGarbage(
    db,
    found.map(({ id }) => id),
  );
  return found.length;
}

export async function purgeAccountChunk(
  { db, blobs }: ObjectStore,
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
