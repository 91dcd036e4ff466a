import { eventsForOtherResellers } from '../../db/commit/commit.ts';
import { insertRequestedEmail } from '../../db/emails/requested-emails.ts';
import { findLink, type Link, recordChoice } from '../../db/sign-in/activations.ts';
import type { Db } from '../../db/sql/statement.ts';
import type { RequestOrigin } from '../../model/events/audit.ts';
import { refuse } from '../../model/failure.ts';
import { addressKey } from '../../model/fields.ts';
import { applyChanges, retryChanged } from '../update.ts';
import { invitationsCancelled } from '../users/shared-users.ts';

/** Somebody who comes by a link instead of a credential. Links are known by the hash of their token. */
export type LinkContext = {
  readonly db: Db;
  readonly requestId: string;
  readonly origin: RequestOrigin;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly newId: () => string;
  readonly hashPassword: (password: string) => Promise<string>;
};

/** Where a link leads and how it stands; null where it leads to nobody. */
export function readLink({ db, now }: LinkContext, tokenHash: string): Promise<Link | null> {
  return findLink(db, tokenHash, now);
}

/** What follows from a password that was chosen. */
export type Chosen = {
  readonly eventIds: readonly string[];
  /** Tells the user; null: none does. */
  readonly mailId: string | null;
  /** Who chose it, where the link came by mail and so nobody else has it; else null. */
  readonly readerId: string | null;
};

/**
 * Sets the password that somebody chose by a link; one that came by mail also shows that the address is theirs. Null where the
 * link is not open (any more), or leads to another than `userId`. Of many at once one wins.
 */
export async function choosePassword(
  visit: LinkContext,
  tokenHash: string,
  password: string,
  userId?: string,
): Promise<Chosen | null> {
  const { db, requestId, now, newId, origin } = visit;
  let passwordHash: string | undefined;
  return retryChanged(async () => {
    const link = await readLink(visit, tokenHash);
    if (link?.state !== 'open' || (userId ?? link.user.id) !== link.user.id) return null;
    // Not before: a dead link is not worth a hash.
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

/**
 * Has a new link mailed to whoever an older one led to, or has this address. Gives the id of the mail, which is one only if
 * there is such a person and not too many were asked for lately: nobody is told.
 */
export async function requestLink(
  { db, requestId, origin, now, newId }: LinkContext,
  whose: { readonly tokenHash?: string; readonly email?: string },
): Promise<string> {
  const id = newId();
  const { tokenHash = null, email } = whose;
  const asked = { id: newId(), requestId, now, ...origin };
  await insertRequestedEmail(db, id, { tokenHash, emailKey: email === undefined ? null : addressKey(email) }, asked);
  return id;
}
