import { commit } from '../../db/commit/commit.ts';
import { findReseller } from '../../db/resellers/resellers.ts';
import type { Call } from '../../db/sql/call.ts';
import {
  closeStorageAccount,
  findStorageAccount,
  insertStorageAccount,
  updateStorageAccount,
} from '../../db/storage/storage-accounts.ts';
import { absent, refuse } from '../../model/failure.ts';
import type { StorageAccount } from '../../model/storage/storage.ts';
import { changed, createdNow, isUnchanged, retryChanged } from '../update.ts';

export { findStorageAccount as getStorageAccount, listStorageAccounts } from '../../db/storage/storage-accounts.ts';

export type NewStorageAccount = Pick<StorageAccount, 'name' | 'jurisdiction' | 'quotaBytes'>;
export type StorageAccountChanges = { readonly [K in 'name' | 'quotaBytes']?: StorageAccount[K] | undefined };

/** Refuses `not_found` of the reseller, `name_taken`, `limit_reached`. */
export async function createStorageAccount(
  call: Call,
  resellerId: string,
  input: NewStorageAccount,
): Promise<StorageAccount> {
  const counted = { usedBytes: 0, objectCount: 0, deletedAt: null, purgeTotal: 0 };
  const account: StorageAccount = { id: call.newId(), resellerId, ...input, ...counted, ...createdNow(call) };
  await commit(call, {
    write: insertStorageAccount(call, account),
    event: null,
    audit: { event: { type: 'storage-account.created', details: account } },
    resellerId,
    subject: account.id,
    result: account,
    refused: async () => {
      await findReseller(call, resellerId);
      refuse({ kind: 'limit_reached', what: 'storage_accounts' });
    },
  });
  return account;
}

/** A quota below what is used takes nothing away; it refuses further uploads. Refuses `not_found`, `name_taken`. */
export function updateStorageAccountDetails(
  call: Call,
  { resellerId, id }: { readonly resellerId: string; readonly id: string },
  change: (before: StorageAccount) => StorageAccountChanges,
): Promise<StorageAccount> {
  return retryChanged(async () => {
    const before = await findStorageAccount(call, resellerId, id);
    if (before.deletedAt !== null) refuse(absent('storage_account'));
    const after = changed(call, before, change(before));
    if (isUnchanged(before, after)) return before;
    await commit(call, {
      write: updateStorageAccount(call, after, before.updatedAt),
      event: null,
      audit: { event: { type: 'storage-account.updated', before, details: after } },
      resellerId,
      subject: id,
      result: after,
      refused: () => findStorageAccount(call, resellerId, id),
    });
    return after;
  });
}

/**
 * Closes it at once for uploads and downloads; with `purge` the objects that stand are removed in the background, and
 * until then it shows how far that is. Refuses `not_found`, `storage_not_empty`.
 */
export async function deleteStorageAccount(
  call: Call,
  which: { readonly resellerId: string; readonly id: string; readonly purge: boolean },
): Promise<StorageAccount> {
  const { account, closedNow } = await closeStorageAccount(call, which);
  if (closedNow) call.wakes.push({ storageAccountId: account.id });
  else if (account.objectCount === 0) refuse(absent('storage_account'));
  else if (account.deletedAt === null) refuse({ kind: 'storage_not_empty' });
  return account;
}
