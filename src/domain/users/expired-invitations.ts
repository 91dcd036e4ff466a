import type { Db } from '../../db/sql/statement.ts';
import { findExpiredInvitations, removeExpiredInvitations } from '../../db/users/expired-invitations.ts';
import { EXPIRED_INVITATIONS_CHUNK } from '../../model/limits/index.ts';
import { viewFor } from './shared-users.ts';

export type EndedChunk = {
  readonly invitations: number;
  readonly eventIds: readonly string[];
  /** Whether there may be more of them. */
  readonly more: boolean;
};

/** Ends the oldest invitations that have expired; their tenants hear of it. May be repeated and run twice at once. */
export async function endExpiredInvitations(
  db: Db,
  { now, newId }: { readonly now: number; readonly newId: () => string },
): Promise<EndedChunk> {
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
