import { sql } from 'drizzle-orm';
import { OBJECT_DELETE_CHUNK } from '../../model/limits/index.ts';
import type { Jurisdiction } from '../../model/storage/storage.ts';
import { storageAccounts, storageObjects } from '../schema/index.ts';
import type { BlobName } from '../sql/blobs.ts';
import { query } from '../sql/query.ts';
import { value } from '../sql/selection.ts';
import { arg, type Db, idsFromArgument, statement } from '../sql/statement.ts';

export const blobSelected = {
  id: value<string>(sql`object.id`),
  storageAccountId: value<string>(sql`account.id`),
  jurisdiction: value<Jurisdiction>(sql`account.jurisdiction`),
};

const abandon = statement(
  () => sql`update ${storageObjects} set state = 'garbage', since = ${arg('now')}
    where id = ${arg('id')} and state = 'uploading'`,
);
/** Releases what the upload reserved; its bytes become garbage. Leaves stored objects alone. */
export async function abandonUpload(db: Db, id: string, now: number): Promise<void> {
  await abandon(db, { id, now }).run();
}

const expire = statement(
  () => sql`update ${storageObjects} set state = 'garbage', since = ${arg('now')} where id in
    (select id from ${storageObjects} where state = 'uploading' and since <= ${arg('before')} limit ${arg('limit')})`,
);
const garbage = query(() => ({
  select: blobSelected,
  from: sql`from ${storageObjects} as object join ${storageAccounts} as account on account.id = object.storage_account_id
    where object.state = 'garbage' and object.since <= ${arg('before')} limit ${arg('limit')}`,
}));

/** Uploads begun before `begunBefore` become garbage. Returns garbage older than `garbageBefore`. */
export async function collectGarbage(
  db: Db,
  times: { readonly now: number; readonly begunBefore: number; readonly garbageBefore: number },
): Promise<BlobName[]> {
  const limit = OBJECT_DELETE_CHUNK;
  const [, found] = await db.batch([
    expire(db, { now: times.now, before: times.begunBefore, limit }),
    garbage.prepare(db, { before: times.garbageBefore, limit }),
  ]);
  return garbage.read(found);
}

const forget = statement(() => sql`delete from ${storageObjects} where id in ${idsFromArgument} and state = 'garbage'`);
/** After the bytes are deleted. */
export async function forgetGarbage(db: Db, ids: readonly string[]): Promise<void> {
  await forget(db, { ids: JSON.stringify(ids) }).run();
}
