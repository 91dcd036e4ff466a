import { type Blobs, deleteBlobs } from '../../db/sql/blobs.ts';
import type { Db } from '../../db/sql/statement.ts';
import { collectGarbage, forgetGarbage } from '../../db/storage/garbage.ts';
import { findRemainingObjects, removeObjects } from '../../db/storage/purge.ts';
import { OBJECT_GARBAGE_RETENTION_MS, OBJECT_LEASE_MS } from '../../model/limits/index.ts';

/** A row outlives its bytes, so that a crash leaves no unknown blob. */
export type ObjectStore = { readonly db: Db; readonly blobs: Blobs };

/**
 * Aborts stale uploads and deletes the bytes of replaced or deleted objects. Returns how many. Safe to repeat and to
 * run concurrently.
 */
export async function discardGarbageChunk({ db, blobs }: ObjectStore, now: number): Promise<number> {
  const cutoffs = { now, begunBefore: now - OBJECT_LEASE_MS, garbageBefore: now - OBJECT_GARBAGE_RETENTION_MS };
  const garbage = await collectGarbage(db, cutoffs);
  if (garbage.length === 0) return 0;
  await deleteBlobs(blobs, garbage);
  await forgetGarbage(
    db,
    garbage.map(({ id }) => id),
  );
  return garbage.length;
}

export async function purgeAccountChunk(
  { db, blobs }: ObjectStore,
  storageAccountId: string,
  { now, newId }: { readonly now: number; readonly newId: () => string },
): Promise<{ readonly objects: number; readonly gone: boolean }> {
  const objects = await findRemainingObjects(db, storageAccountId);
  await deleteBlobs(blobs, objects);
  const ids = objects.map(({ id }) => id);
  return {
    objects: objects.length,
    gone: await removeObjects(db, storageAccountId, ids, { now, eventId: newId() }),
  };
}
