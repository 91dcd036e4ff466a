import type * as v from 'valibot';
import type { StoredUpload } from '../../../domain/storage/objects.ts';
import { quoted } from '../../../http/objects/conditions.ts';
import type { ListPage } from '../../../model/listing.ts';
import type * as model from '../../../model/storage/storage.ts';
import { inPageEnvelope, stamp, toDone } from '../envelope.ts';
import type * as wire from './schemas.ts';

export function toStorageAccount(account: model.StorageAccount): v.InferInput<typeof wire.StorageAccount> {
  const { id, name, jurisdiction, quotaBytes, usedBytes, objectCount, createdAt } = account;
  const dateCreated = stamp(createdAt);
  return { id, name, jurisdiction, quotaBytes, usedBytes, objectCount, dateCreated, purge: purgeOf(account) };
}

function purgeOf({ deletedAt, purgeTotal: total, objectCount: remaining }: model.StorageAccount) {
  return deletedAt === null ? null : { total, done: total - remaining, remaining, startedAt: stamp(deletedAt) };
}

export function toRemoval(account: model.StorageAccount, nowMs: number) {
  const done = toDone(account, nowMs);
  return account.objectCount === 0 ? done : { data: toStorageAccount(account), ...done };
}

function toObject({ key, size, etag, contentType, since }: model.StoredObject): v.InferInput<typeof wire.StoredObject> {
  return { key, sizeBytes: size, etag: quoted(etag), contentType, lastModified: stamp(since) };
}

export function toStored({ object }: StoredUpload) {
  return toObject(object);
}

export function toObjectPage(page: ListPage<model.StoredObject>, nowMs: number) {
  return inPageEnvelope(toObject)({ ...page, index: 0 }, nowMs);
}
