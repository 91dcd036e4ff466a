import { eventsForOtherResellers } from '../../db/commit/commit.ts';
import { insertRequestedEmail } from '../../db/emails/requested-emails.ts';
import { findLink, type Link, recordChoice } from '../../db/sign-in/activations.ts';
import type { Db } from '../../db/sql/statement.ts';
import type { Origin } from '../../model/events/audit.ts';
import { refuse } from '../../model/failure.ts';
import { addressKey } from '../../model/fields.ts';
import { applyChanges, retryChanged } from '../update.ts';
import { invitationsCancelled } from '../users/shared-users.ts';

export type LinkContext = {
  readonly db: Db;
  readonly requestId: string;
  readonly origin: Origin;
  readonly now: number;
  readonly newId: () => string;
  readonly hashPassword: (password: string) => Promise<string>;
};

export function readLink({ db, now }: LinkContext, tokenHash: string): Promise<Link | null> {
  return findLink(db, tokenHash, now);
}

export type PasswordChoice = {
  readonly eventIds: readonly string[];
  readonly mailId: string | null;
  /** Who chose it, if the link came by mail; else null. */
  readonly readerId: string | null;
};

/**
 * A mailed link also verifies the address. Null if the link is not open or belongs to another user. Of concurrent
 * requests one wins.
 */
export async function choosePassword(
  visit: LinkContext,
  tokenHash: string,
  password: string,
  userId?: string,
): Promise<PasswordChoice | null> {
  const { db, requestId, now, newId, origin } = visit;
  let passwordHash: string | undefined;
  return retryChanged(async () => {
    const link = await readLink(visit, tokenHash);
    if (link?.state !== 'open' || (userId ?? link.user.id) !== link.user.id) return null;
    // Hashing is slow: only for an open link.
    passwordHash ??= await visit.hashPassword(password);
    const { user: before } = link;
    const proved = link.mailed ? { verifiedAt: before.verifiedAt ?? now, emailVerifiedAt: now } : {};
    const after = applyChanges(visit, before, proved);
    const invited = before.verifiedAt === null;
    const comes = invited && link.mailed;
    const type = comes ? 'reseller.user.activated' : 'reseller.user.updated';
    const eventId = newId();
    const mailId = invited ? null : newId();
    const elsewhere = [invitationsCancelled(before, link.mailed ? [] : link.invitedBy)];
    const told = eventsForOtherResellers(visit, { resellerId: before.resellerId, elsewhere });
    const audit = comes ? null : { id: newId(), details: { reason: link.purpose, ...origin } };
    const event = { type, before, after } as const;
    const choice = { tokenHash, passwordHash, event, eventId, told, audit, mailId, requestId, origin, now } as const;
    const readerId = link.mailed ? before.id : null;
    if (await recordChoice(db, choice)) return { eventIds: [eventId, ...told.map(({ id }) => id)], mailId, readerId };
    return refuse({ kind: 'changed_meanwhile' });
  });
}

/** Returns a mail id in every case; the mail exists only for a known user within the limits. */
export async function requestPasswordLink(
  { db, requestId, origin, now, newId }: LinkContext,
  whose: { readonly tokenHash?: string; readonly email?: string },
): Promise<string> {
  const id = newId();
  const { tokenHash = null, email } = whose;
  const asked = { id: newId(), requestId, now, ...origin };
  await insertRequestedEmail(db, id, { tokenHash, emailKey: email === undefined ? null : addressKey(email) }, asked);
  return id;
}
