import { sql } from 'drizzle-orm';
import { NO_ORIGIN } from '../../model/events/audit.ts';
import { OBJECT_DELETE_CHUNK, REMOVAL_SWEEP_ROWS } from '../../model/limits/index.ts';
import { auditBefore, valuesOf } from '../commit/audit-entry.ts';
import { afterChange, chain } from '../commit/chain.ts';
import { storageAccounts, storageObjects } from '../schema/index.ts';
import type { BlobName } from '../sql/blobs.ts';
import { query } from '../sql/query.ts';
import { value } from '../sql/selection.ts';
import { arg, type Db, idsFromArgument, statement } from '../sql/statement.ts';
import { blobSelected } from './garbage.ts';

const idle = query(() => ({
  select: { storageAccountId: value<string>(sql`id`) },
  from: sql`from ${storageAccounts} where deleted_at is not null and updated_at <= ${arg('before')} limit ${arg('limit')}`,
}));
export const findIdlePurges = (db: Db, before: number) => idle(db, { before, limit: REMOVAL_SWEEP_ROWS });

const remaining = query(() => ({
  select: blobSelected,
  from: sql`from ${storageAccounts} as account
    join ${storageObjects} as object on object.storage_account_id = account.id and object.state in ('stored', 'garbage')
    where account.id = ${arg('storageAccountId')} and account.deleted_at is not null limit ${arg('limit')}`,
}));
/** Uploads in progress follow when they end. */
export const findRemainingObjects = (db: Db, storageAccountId: string): Promise<BlobName[]> =>
  remaining(db, { storageAccountId, limit: OBJECT_DELETE_CHUNK });

const deletedAccount = sql`(select id from ${storageAccounts} where id = ${arg('storageAccountId')} and deleted_at is not null)`;
const removeRows = statement(
  () => sql`delete from ${storageObjects} where id in ${idsFromArgument} and storage_account_id in ${deletedAccount}`,
);
const touchAccount = statement(
  () => sql`update ${storageAccounts} set updated_at = ${arg('now')} where id in ${deletedAccount}`,
);
const isEmpty = sql`id in ${deletedAccount}
  and not exists (select 1 from ${storageObjects} where storage_account_id = ${arg('storageAccountId')})`;
const auditPurged = statement(() =>
  auditBefore(sql`from ${storageAccounts} where ${isEmpty}`, {
    resellerId: sql`reseller_id`,
    before: sql`json_object('name', name, 'objectCount', purge_total)`,
  }),
);
const removeEmpty = afterChange((changed) => sql`delete from ${storageAccounts} where ${isEmpty} and ${changed}`);

/** After their bytes are deleted. Deletes the account with its last object, and returns whether it did. */
export async function removeObjects(
  db: Db,
  storageAccountId: string,
  ids: readonly string[],
  { now, eventId }: { readonly now: number; readonly eventId: string },
): Promise<boolean> {
  const values = { storageAccountId, ids: JSON.stringify(ids), now };
  const purged = { type: 'storage-account.purged', details: null } as const;
  const by = { actor: 'system:storage', requestId: eventId, ...NO_ORIGIN };
  const entry = valuesOf(purged, { id: eventId, resellerId: null, subject: storageAccountId, now, ...by });
  const results = await db.batch([
    removeRows(db, values),
    touchAccount(db, values),
    ...chain(auditPurged(db, { ...values, ...entry }), removeEmpty(db, values)),
  ]);
  return (results.at(-1)?.meta.changes ?? 0) > 0;
}
