import { commit } from '../../db/commit/commit.ts';
import { findReseller } from '../../db/resellers/resellers.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import {
  closeStorageAccount,
  findStorageAccount,
  insertStorageAccount,
  updateStorageAccount,
} from '../../db/storage/storage-accounts.ts';
import { absent, refuse } from '../../model/failure.ts';
import type { StorageAccount } from '../../model/storage/storage.ts';
import { applyChanges, isUnchanged, retryChanged, timestamps } from '../update.ts';

export { findStorageAccount as getStorageAccount, listStorageAccounts } from '../../db/storage/storage-accounts.ts';

export type NewStorageAccount = Pick<StorageAccount, 'name' | 'jurisdiction' | 'quotaBytes'>;
export type StorageAccountChanges = { readonly [K in 'name' | 'quotaBytes']?: StorageAccount[K] | undefined };

export async function createStorageAccount(
  caller: CallerContext,
  resellerId: string,
  input: NewStorageAccount,
): Promise<StorageAccount> {
  const emptyUsage = { usedBytes: 0, objectCount: 0, deletedAt: null, purgeTotal: 0 };
  const account: StorageAccount = { id: caller.newId(), resellerId, ...input, ...emptyUsage, ...timestamps(caller) };
  await commit(caller, {
    write: insertStorageAccount(caller, account),
    event: null,
    audit: { event: { type: 'storage-account.created', details: account } },
    resellerId,
    subject: account.id,
    result: account,
    refused: async () => {
      await findReseller(caller, resellerId);
      refuse({ kind: 'limit_reached', what: 'storage_accounts' });
    },
  });
  return account;
}

/** A quota below the used space only refuses further uploads. */
export function updateStorageAccountDetails(
  caller: CallerContext,
  { resellerId, id }: { readonly resellerId: string; readonly id: string },
  change: (before: StorageAccount) => StorageAccountChanges,
): Promise<StorageAccount> {
  return retryChanged(async () => {
    const before = await findStorageAccount(caller, resellerId, id);
    if (before.deletedAt !== null) refuse(absent('storage_account'));
    const after = applyChanges(caller, before, change(before));
    if (isUnchanged(before, after)) return before;
    await commit(caller, {
      write: updateStorageAccount(caller, after, before.updatedAt),
      event: null,
      audit: { event: { type: 'storage-account.updated', before, details: after } },
      resellerId,
      subject: id,
      result: after,
      refused: () => findStorageAccount(caller, resellerId, id),
    });
    return after;
  });
}

/** Closes the account at once; `purge` deletes its objects in the background. */
export async function deleteStorageAccount(
  caller: CallerContext,
  target: { readonly resellerId: string; readonly id: string; readonly purge: boolean },
): Promise<StorageAccount> {
  const { account, closedNow } = await closeStorageAccount(caller, target);
  if (closedNow) caller.tasks.push({ storageAccountId: account.id });
  else if (account.objectCount === 0) refuse(absent('storage_account'));
  else if (account.deletedAt === null) refuse({ kind: 'storage_not_empty' });
  return account;
}
