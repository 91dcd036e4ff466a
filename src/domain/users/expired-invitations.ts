import type { Db } from '../../db/sql/statement.ts';
import { findExpiredInvitations, removeExpiredInvitations } from '../../db/users/expired-invitations.ts';
import { EXPIRED_INVITATIONS_CHUNK } from '../../model/limits/index.ts';
import { viewFor } from './shared-users.ts';

export type EndedInvitations = {
  readonly invitations: number;
  readonly eventIds: readonly string[];
  readonly more: boolean;
};

/** Safe to repeat and to run concurrently. */
export async function endExpiredInvitations(
  db: Db,
  { now, newId }: { readonly now: number; readonly newId: () => string },
): Promise<EndedInvitations> {
  const expired = await findExpiredInvitations(db, now);
  if (expired.length === 0) return { invitations: 0, eventIds: [], more: false };
  const removed = expired.map(({ member, ...invitation }) => ({
    ...invitation,
    eventId: newId(),
    before: viewFor(invitation.resellerId, member),
  }));
  const ended = await removeExpiredInvitations(db, removed, now);
  return { ...ended, more: expired.length === EXPIRED_INVITATIONS_CHUNK };
}
