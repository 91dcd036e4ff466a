import { sql } from 'drizzle-orm';
import { expiredReseller, expiredResellerValues } from '../jobs/deleted-resellers.ts';
import { storageAccounts } from '../schema/index.ts';
import { query } from '../sql/query.ts';
import { value } from '../sql/selection.ts';
import { arg, type Db, statement } from '../sql/statement.ts';

const closeSome = statement(
  () => sql`update ${storageAccounts} set deleted_at = ${arg('now')}, updated_at = ${arg('now')}, purge_total = object_count
    where id in (select id from ${storageAccounts} where reseller_id in ${expiredReseller} and deleted_at is null limit ${arg('rows')})`,
);
const nextClosed = query(() => ({
  select: { id: value<string>(sql`id`) },
  from: sql`from ${storageAccounts} where reseller_id in ${expiredReseller} and deleted_at is not null limit 1`,
}));

/** Returns one account to empty; null if none is left. */
export async function closeAccountsOfDeletedReseller(db: Db, resellerId: string, now: number): Promise<string | null> {
  const values = expiredResellerValues(resellerId, now);
  const [, found] = await db.batch([closeSome(db, values), nextClosed.prepare(db, values)]);
  const [account] = nextClosed.read(found);
  return account?.id ?? null;
}
