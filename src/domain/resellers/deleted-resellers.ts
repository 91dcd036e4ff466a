import { removeBeneath } from '../../db/jobs/deleted-resellers.ts';
import {
  endMembers,
  findDepartingUsers,
  findRemainingMembers,
  removeDepartingUsers,
} from '../../db/jobs/deleted-users.ts';
import { closeDeparted } from '../../db/storage/close-accounts.ts';
import { purgeChunk, type Store } from '../storage/purge.ts';

export { findDeletedResellers } from '../../db/jobs/deleted-resellers.ts';

export type RemovedChunk = {
  /** How many rows of each kind are gone. */
  readonly counts: Readonly<Record<string, number>>;
  readonly eventIds: readonly string[];
};

/**
 * Takes away a little of what is beneath a deleted reseller: at once its memberships, with which its users who are members
 * elsewhere move there; after its time its users, its objects with their bytes, then all else, and in the end what the
 * reseller says of itself. Nothing gone means that it is done, or has to wait for what runs out. May be repeated and run
 * twice at once.
 */
export async function removeResellerChunk(
  store: Store,
  resellerId: string,
  { now, newId }: { readonly now: number; readonly newId: () => string },
): Promise<RemovedChunk> {
  const { db } = store;
  const { ids, users: moving } = await findRemainingMembers(db, resellerId);
  if (ids.length > 0) {
    const moved = moving.map((user) => ({ eventId: newId(), user }));
    const { eventIds, ...counts } = await endMembers(db, resellerId, { ids, moved }, now);
    return { counts, eventIds };
  }
  const users = await findDepartingUsers(db, resellerId, now);
  if (users.length > 0) {
    const leaving = users.map((user) => ({ eventId: newId(), user }));
    const { eventIds, ...counts } = await removeDepartingUsers(db, resellerId, leaving, now);
    return { counts, eventIds };
  }
  const storageAccountId = await closeDeparted(db, resellerId, now);
  if (storageAccountId !== null) {
    const { objects, gone } = await purgeChunk(store, storageAccountId, { now, newId });
    if (objects > 0 || gone) return { counts: { objects, storageAccounts: gone ? 1 : 0 }, eventIds: [] };
  }
  return { counts: await removeBeneath(db, resellerId, now), eventIds: [] };
}
