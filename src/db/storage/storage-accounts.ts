import { type SQL, sql } from 'drizzle-orm';
import { absent, refuse } from '../../model/failure.ts';
import { foldCase } from '../../model/fields.ts';
import { STORAGE_ACCOUNTS_MAX } from '../../model/limits/index.ts';
import type { StorageAccount } from '../../model/storage/storage.ts';
import { auditBefore, auditEntryBy, valuesOf } from '../commit/audit-entry.ts';
import { callerAfterChange, chain } from '../commit/chain.ts';
import { RESELLER_ID, requireResellerRow } from '../resellers/organizations.ts';
import { storageAccounts } from '../schema/index.ts';
import { type CallerSql, callerStatement, requestedReseller } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { lister } from '../sql/listing.ts';
import { orderedBy } from '../sql/named-listing.ts';
import { callerQuery } from '../sql/query.ts';
import { columnsOf } from '../sql/selection.ts';
import { arg, assignments, insertSelect, writtenBytes } from '../sql/statement.ts';
import { chargeAfter, unlimitedCharge } from '../usage/budgets.ts';
import { payerOf } from '../usage/change-cost.ts';

const details = ['name', 'quotaBytes'] as const;
const columns = columnsOf(storageAccounts, 'account', [
  'id',
  'resellerId',
  ...details,
  'jurisdiction',
  'usedBytes',
  'objectCount',
  'createdAt',
  'updatedAt',
  'deletedAt',
  'purgeTotal',
]);
const changeable = [...details, 'nameKey', 'updatedAt'];

const accountOfReseller = (
  callerSql: CallerSql,
  conditions: SQL,
) => sql`from ${callerSql.table} left join ${requestedReseller(callerSql)}
  left join ${storageAccounts} as account on account.reseller_id = reseller.id and ${conditions}`;
// Visible until its last object is purged.
const isVisible = sql`(account.deleted_at is null or account.object_count > 0)`;

const one = callerQuery((callerSql) => ({
  select: { reseller: RESELLER_ID, account: columns },
  from: accountOfReseller(callerSql, sql`account.id = ${arg('id')} and ${isVisible}`),
}));

/** Refuses `not_found`. */
export async function findStorageAccount(
  caller: CallerContext,
  resellerId: string,
  id: string,
): Promise<StorageAccount> {
  return found(await one(caller, { resellerId, id }));
}

function found([{ reseller, account }]: Awaited<ReturnType<typeof one>>): StorageAccount {
  requireResellerRow(reseller);
  return account ?? refuse(absent('storage_account'));
}

const listed = lister(
  {
    ...orderedBy('account', sql`account.created_at`),
    table: sql`${storageAccounts} as account`,
    owner: requestedReseller,
    rows: () => sql`account.reseller_id = reseller.id`,
    visible: () => isVisible,
    selected: columns,
  },
  requireResellerRow,
);
export const listStorageAccounts = (caller: CallerContext, resellerId: string, list: Parameters<typeof listed>[1]) =>
  listed(caller, list, { resellerId });

const insert = callerStatement((callerSql) =>
  insertSelect(
    storageAccounts,
    ['id', 'resellerId', 'jurisdiction', 'createdAt', ...changeable],
    sql`from ${callerSql.table} join ${requestedReseller(callerSql)} where caller.permitted
      and (select count(*) from ${storageAccounts} as account where account.reseller_id = reseller.id) < ${arg('most')}`,
  ),
);
export const insertStorageAccount = (caller: CallerContext, account: StorageAccount) =>
  insert(caller, { ...account, nameKey: foldCase(account.name), most: STORAGE_ACCOUNTS_MAX });

const isRequestedAccount = sql`caller.permitted and account.reseller_id = reseller.id and account.deleted_at is null`;

const update = callerStatement(
  (callerSql) => sql`update ${storageAccounts} as account set ${assignments(storageAccounts, changeable)}
    from ${callerSql.table} join ${requestedReseller(callerSql)} where account.id = ${arg('id')} and ${isRequestedAccount}
      and account.updated_at = ${arg('readAt')}`,
);
export const updateStorageAccount = (caller: CallerContext, account: StorageAccount, readAt: number) =>
  update(caller, { ...account, nameKey: foldCase(account.name), readAt });

const isClosable = sql`${isRequestedAccount} and (${arg('purge')} or account.object_count = 0)`;
const auditClosed = callerStatement((callerSql) =>
  auditBefore(
    sql`from ${callerSql.table} join ${requestedReseller(callerSql)} join ${storageAccounts} as account
      where account.id = ${arg('accountId')} and ${isClosable}`,
    {
      before: sql`json_object('name', account.name, 'quotaBytes', account.quota_bytes, 'usedBytes', account.used_bytes,
      'objectCount', account.object_count)`,
    },
  ),
);
const close = callerAfterChange(
  (callerSql, changed) => sql`update ${storageAccounts} as account
    set deleted_at = ${arg('now')}, updated_at = ${arg('now')}, purge_total = object_count
    from ${callerSql.table} join ${requestedReseller(callerSql)} where account.id = ${arg('id')} and ${isClosable} and ${changed}`,
);
const closed = callerQuery((callerSql) => ({
  select: { reseller: RESELLER_ID, account: columns },
  from: accountOfReseller(callerSql, sql`account.id = ${arg('id')}`),
}));

/** Closes an empty account, or any with `purge`. Refuses `not_found`. */
export async function closeStorageAccount(
  caller: CallerContext,
  { resellerId, id, purge }: { readonly resellerId: string; readonly id: string; readonly purge: boolean },
): Promise<{ readonly account: StorageAccount; readonly closedNow: boolean }> {
  const values = { resellerId, id, now: caller.now, purge: purge ? 1 : 0 };
  const event = { type: 'storage-account.deleted', details: { purge } } as const;
  const entry = valuesOf(event, auditEntryBy(caller, { resellerId, subject: id }));
  const audited = auditClosed(caller, { ...values, ...entry, accountId: id });
  const payer = payerOf(caller, { resellerId });
  const charge = chargeAfter(caller.db, payer, unlimitedCharge(writtenBytes([audited])), caller.now);
  const [, done, ...results] = await caller.db.batch([
    ...chain(audited, close(caller, values), ...charge),
    closed.prepare(caller, values),
  ]);
  return { account: found(closed.read(caller, results.at(-1))), closedNow: done?.meta.changes !== 0 };
}
