import { deleteResellerRows } from '../../db/jobs/deleted-resellers.ts';
import {
  deleteUsersOfDeletedReseller,
  endMembers,
  findRemainingMembers,
  findUsersOfDeletedReseller,
} from '../../db/jobs/deleted-users.ts';
import { closeAccountsOfDeletedReseller } from '../../db/storage/close-accounts.ts';
import { type ObjectStore, purgeAccountChunk } from '../storage/purge.ts';

export { findDeletedResellers } from '../../db/jobs/deleted-resellers.ts';

export type RemovedChunk = {
  /** Deleted rows by kind. */
  readonly counts: Readonly<Record<string, number>>;
  readonly eventIds: readonly string[];
};

/**
 * Ends memberships at once; users who are members elsewhere move there. After the retention time it deletes users,
 * objects, then the rest. No counts: done, or waiting for retention. Safe to repeat and to run concurrently.
 */
export async function removeResellerChunk(
  store: ObjectStore,
  resellerId: string,
  { now, newId }: { readonly now: number; readonly newId: () => string },
): Promise<RemovedChunk> {
  const { db } = store;
  const { ids, users: movingUsers } = await findRemainingMembers(db, resellerId);
  if (ids.length > 0) {
    const moves = movingUsers.map((user) => ({ eventId: newId(), user }));
    const { eventIds, ...counts } = await endMembers(db, resellerId, { ids, moved: moves }, now);
    return { counts, eventIds };
  }
  const users = await findUsersOfDeletedReseller(db, resellerId, now);
  if (users.length > 0) {
    const leaving = users.map((user) => ({ eventId: newId(), user }));
    const { eventIds, ...counts } = await deleteUsersOfDeletedReseller(db, resellerId, leaving, now);
    return { counts, eventIds };
  }
  const storageAccountId = await closeAccountsOfDeletedReseller(db, resellerId, now);
  if (storageAccountId !== null) {
    const { objects, gone } = await purgeAccountChunk(store, storageAccountId, { now, newId });
    if (objects > 0 || gone) return { counts: { objects, storageAccounts: gone ? 1 : 0 }, eventIds: [] };
  }
  return { counts: await deleteResellerRows(db, resellerId, now), eventIds: [] };
}
