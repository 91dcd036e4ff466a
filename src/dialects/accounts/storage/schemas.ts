import * as v from 'valibot';
import { text } from '../../../model/fields.ts';
import { ACCOUNT_NAME_MAX_CHARS, OBJECT_KEY_MAX_BYTES, STORAGE_QUOTA_MAX_BYTES } from '../../../model/limits/index.ts';
import { ObjectKey } from '../../../model/storage/object-key.ts';
import { JURISDICTIONS } from '../../../model/storage/storage.ts';
import { Id, id, trimmed } from '../schemas.ts';

export const StorageAccountPath = v.object({ accountId: Id, storageAccountId: Id });
export const ObjectPath = v.object({ ...StorageAccountPath.entries, key: ObjectKey });

const name = trimmed(ACCOUNT_NAME_MAX_CHARS);
const quotaBytes = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(STORAGE_QUOTA_MAX_BYTES));
export const NewStorageAccount = v.object({
  name,
  jurisdiction: v.optional(v.picklist(JURISDICTIONS), 'default'),
  quotaBytes,
});
export const StorageAccountChanges = v.partial(v.object({ name, quotaBytes }));
export const Prefix = text(0, OBJECT_KEY_MAX_BYTES);

const bytes = v.pipe(v.number(), v.integer());
const time = v.string();
export const StorageAccount = v.object({
  id,
  name: v.string(),
  jurisdiction: v.picklist(JURISDICTIONS),
  quotaBytes: bytes,
  usedBytes: bytes,
  objectCount: v.number(),
  dateCreated: time,
  purge: v.nullable(v.object({ total: v.number(), done: v.number(), remaining: v.number(), startedAt: time })),
});
export const StoredObject = v.object({
  key: v.string(),
  sizeBytes: bytes,
  etag: v.string(),
  contentType: v.string(),
  lastModified: time,
});
