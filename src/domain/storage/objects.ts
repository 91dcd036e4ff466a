import { readBlob, writeBlob } from '../../db/sql/blobs.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { abandonUpload } from '../../db/storage/garbage.ts';
import { type Attempt, findObject, removeObject, reserveUpload, storeUpload } from '../../db/storage/objects.ts';
import { absent, refuse } from '../../model/failure.ts';
import { OBJECT_READ_TRIES, OBJECT_UPLOAD_MS } from '../../model/limits/index.ts';
import { logFault } from '../../model/log.ts';
import { type Precondition, preconditionHolds } from '../../model/storage/precondition.ts';
import type { ByteRange, ObjectLocation, StoredObject } from '../../model/storage/storage.ts';

export { listObjects, type ObjectList } from '../../db/storage/object-list.ts';

/** Bytes to be stored, as many as `size` says. */
export type Upload = {
  readonly body: ReadableStream | null;
  readonly size: number;
  readonly contentType: string;
  readonly condition: Precondition;
};

/** What an upload left, and whether nothing was there before. */
export type Stored = { readonly object: StoredObject; readonly created: boolean };

/**
 * Reserves room, takes the bytes in, and only then puts them in the place of what stood there. Whatever goes wrong gives
 * the room back. Refuses `not_found`, `storage_full`, `precondition_failed`, `invalid` for another size.
 */
export async function putObject(
  caller: CallerContext,
  place: ObjectLocation,
  { body, size, contentType, condition }: Upload,
): Promise<Stored> {
  const id = caller.newId();
  const room = await reserveUpload(caller, place, { id, size, contentType, condition });
  if (!room.done) refuse(meets(room, condition) ? { kind: 'storage_full' } : { kind: 'precondition_failed' });
  try {
    const name = { id, jurisdiction: room.jurisdiction, storageAccountId: place.storageAccountId };
    const etag = await writeBlob(caller.blobs, name, { body, size }, AbortSignal.timeout(OBJECT_UPLOAD_MS));
    const late = { ...caller, now: caller.clock() };
    const object = { id, key: place.key, since: late.now, size, etag, contentType };
    const stored = await storeUpload(late, place, { ...object, condition });
    if (!stored.done) refuse({ kind: meets(stored, condition) ? 'changed_meanwhile' : 'precondition_failed' });
    return { object, created: stored.object === null };
  } catch (error) {
    await abandonUpload(caller.db, id, caller.clock()).catch((fault) => logFault('upload', fault));
    throw error;
  }
}

/** What a request wants of an object's bytes. */
export type Wish = { readonly bytes: ByteRange | 'all' | 'none' };

/** An object and what was wished for of its bytes. */
export type Opened<W extends Wish> = {
  readonly object: StoredObject;
  readonly wish: W;
  readonly body: ReadableStream | null;
};

/**
 * The object with the bytes that are wished for, all of one version: where it is replaced in between, the wish is asked
 * again. Refuses `not_found`, and whatever the wish refuses.
 */
export async function openObject<W extends Wish>(
  caller: CallerContext,
  place: ObjectLocation,
  wishFor: (object: StoredObject) => W,
): Promise<Opened<W>> {
  for (let tries = 0; tries < OBJECT_READ_TRIES; tries++) {
    const { jurisdiction, object } = await findObject(caller, place);
    if (object === null) refuse(absent('object'));
    const wish = wishFor(object);
    if (wish.bytes === 'none') return { object, wish, body: null };
    const name = { id: object.id, jurisdiction, storageAccountId: place.storageAccountId };
    const body = await readBlob(caller.blobs, name, wish.bytes === 'all' ? null : wish.bytes);
    if (body !== null) return { object, wish, body };
  }
  throw new Error('the bytes of an object are not there');
}

/** Refuses `not_found`, `precondition_failed`. */
export async function deleteObject(
  caller: CallerContext,
  place: ObjectLocation,
  condition: Precondition,
): Promise<void> {
  const removed = await removeObject(caller, place, condition);
  if (removed.done) return;
  refuse(removed.object === null ? absent('object') : { kind: 'precondition_failed' });
}

function meets({ object }: Attempt, condition: Precondition): boolean {
  return preconditionHolds(condition, object?.etag ?? null);
}
