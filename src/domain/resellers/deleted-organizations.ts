import type { Db } from '../../db/sql/statement.ts';
import { findRemainingUsers, removeOrganizationUsers } from '../../db/users/removal.ts';
import { REMOVAL_CHUNK_USERS } from '../../model/limits/index.ts';

/** The organization's own row is left to the purge. Safe to repeat and to run concurrently. */
export async function removeOrganizationChunk(
  db: Db,
  organizationId: string,
  { now, newId }: { readonly now: number; readonly newId: () => string },
): Promise<{ readonly eventIds: string[]; readonly done: boolean }> {
  const users = await findRemainingUsers(db, organizationId);
  const removed = users.map((user) => ({ eventId: newId(), user }));
  const eventIds = await removeOrganizationUsers(db, organizationId, removed, now);
  return { eventIds, done: users.length < REMOVAL_CHUNK_USERS };
}
