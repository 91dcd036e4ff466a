import { readBlob, writeBlob } from '../../db/sql/blobs.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { abandonUpload } from '../../db/storage/garbage.ts';
import { findObject, removeObject, reserveUpload, storeUpload, type UploadResult } from '../../db/storage/objects.ts';
import { absent, refuse } from '../../model/failure.ts';
import { OBJECT_READ_TRIES, OBJECT_UPLOAD_MS } from '../../model/limits/index.ts';
import { logFault } from '../../model/log.ts';
import { type Precondition, preconditionHolds } from '../../model/storage/precondition.ts';
import type { ByteRange, ObjectLocation, StoredObject } from '../../model/storage/storage.ts';

export { listObjects, type ObjectList } from '../../db/storage/object-list.ts';

export type Upload = {
  readonly body: ReadableStream | null;
  readonly size: number;
  readonly contentType: string;
  readonly condition: Precondition;
};

export type StoredUpload = { readonly object: StoredObject; readonly created: boolean };

/** Reserves space, writes the bytes, then replaces the object. A failure frees the space. */
export async function putObject(
  caller: CallerContext,
  place: ObjectLocation,
  { body, size, contentType, condition }: Upload,
): Promise<StoredUpload> {
  const id = caller.newId();
  const reservation = await reserveUpload(caller, place, { id, size, contentType, condition });
  if (!reservation.done)
    refuse(meetsCondition(reservation, condition) ? { kind: 'storage_full' } : { kind: 'precondition_failed' });
  try {
    const name = { id, jurisdiction: reservation.jurisdiction, storageAccountId: place.storageAccountId };
    const etag = await writeBlob(caller.blobs, name, { body, size }, AbortSignal.timeout(OBJECT_UPLOAD_MS));
    const callerAtEnd = { ...caller, now: caller.clock() };
    const object = { id, key: place.key, since: callerAtEnd.now, size, etag, contentType };
    const stored = await storeUpload(callerAtEnd, place, { ...object, condition });
    if (!stored.done) refuse({ kind: meetsCondition(stored, condition) ? 'changed_meanwhile' : 'precondition_failed' });
    return { object, created: stored.object === null };
  } catch (error) {
    await abandonUpload(caller.db, id, caller.clock()).catch((fault) => logFault('upload', fault));
    throw error;
  }
}

export type ObjectSelection = { readonly bytes: ByteRange | 'all' | 'none' };

export type OpenedObject<W extends ObjectSelection> = {
  readonly object: StoredObject;
  readonly selection: W;
  readonly body: ReadableStream | null;
};

/** All bytes are of one version: `select` runs again if the object is replaced meanwhile. */
export async function openObject<W extends ObjectSelection>(
  caller: CallerContext,
  place: ObjectLocation,
  select: (object: StoredObject) => W,
): Promise<OpenedObject<W>> {
  for (let tries = 0; tries < OBJECT_READ_TRIES; tries++) {
    const { jurisdiction, object } = await findObject(caller, place);
    if (object === null) refuse(absent('object'));
    const selection = select(object);
    if (selection.bytes === 'none') return { object, selection, body: null };
    const name = { id: object.id, jurisdiction, storageAccountId: place.storageAccountId };
    const body = await readBlob(caller.blobs, name, selection.bytes === 'all' ? null : selection.bytes);
    if (body !== null) return { object, selection, body };
  }
  throw new Error('the bytes of an object are not there');
}

export async function deleteObject(
  caller: CallerContext,
  place: ObjectLocation,
  condition: Precondition,
): Promise<void> {
  const removed = await removeObject(caller, place, condition);
  if (removed.done) return;
  refuse(removed.object === null ? absent('object') : { kind: 'precondition_failed' });
}

function meetsCondition({ object }: UploadResult, condition: Precondition): boolean {
  return preconditionHolds(condition, object?.etag ?? null);
}
