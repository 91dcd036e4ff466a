import { eventsForOtherResellers } from '../../db/commit/commit.ts';
import { insertRequestedEmail } from '../../db/emails/requested-emails.ts';
import { findPasswordLink, type PasswordLink, recordPassword } from '../../db/sign-in/activations.ts';
import type { Db } from '../../db/sql/statement.ts';
import type { RequestOrigin } from '../../model/events/audit.ts';
import { refuse } from '../../model/failure.ts';
import { addressKey } from '../../model/fields.ts';
import { applyChanges, retryChanged } from '../update.ts';
import { invitationsCancelled } from '../users/shared-users.ts';

export type LinkContext = {
  readonly db: Db;
  readonly requestId: string;
  readonly origin: RequestOrigin;
  readonly now: number;
  readonly newId: () => string;
  readonly hashPassword: (password: string) => Promise<string>;
};

export function readLink({ db, now }: LinkContext, tokenHash: string): Promise<PasswordLink | null> {
  return findPasswordLink(db, tokenHash, now);
}

export type PasswordChoice = {
  readonly eventIds: readonly string[];
  readonly mailId: string | null;
  /** Who chose it, if the link came by mail; else null. */
  readonly verifiedUserId: string | null;
};

/**
 * A mailed link also verifies the address. Null if the link is not open or belongs to another user. Of concurrent
 * requests one wins.
 */
export async function choosePassword(
  anonymous: LinkContext,
  tokenHash: string,
  password: string,
  userId?: string,
): Promise<PasswordChoice | null> {
  const { db, requestId, now, newId, origin } = anonymous;
  let passwordHash: string | undefined;
  return retryChanged(async () => {
    const link = await readLink(anonymous, tokenHash);
    if (link?.state !== 'open' || (userId ?? link.user.id) !== link.user.id) return null;
    // Hashing is slow: only for an open link.
    passwordHash ??= await anonymous.hashPassword(password);
    const { user: before } = link;
    const verification = link.mailed ? { verifiedAt: before.verifiedAt ?? now, emailVerifiedAt: now } : {};
    const after = applyChanges(anonymous, before, verification);
    const wasInvited = before.verifiedAt === null;
    const activates = wasInvited && link.mailed;
    const type = activates ? 'reseller.user.activated' : 'reseller.user.updated';
    const eventId = newId();
    const mailId = wasInvited ? null : newId();
    const elsewhere = [invitationsCancelled(before, link.mailed ? [] : link.invitedBy)];
    const otherEvents = eventsForOtherResellers(anonymous, { resellerId: before.resellerId, elsewhere });
    const audit = activates ? null : { id: newId(), details: { reason: link.purpose, ...origin } };
    const event = { type, before, after } as const;
    const choice = {
      tokenHash,
      passwordHash,
      event,
      eventId,
      otherEvents,
      audit,
      mailId,
      requestId,
      origin,
      now,
    } as const;
    const verifiedUserId = link.mailed ? before.id : null;
    if (await recordPassword(db, choice))
      return { eventIds: [eventId, ...otherEvents.map(({ id }) => id)], mailId, verifiedUserId };
    return refuse({ kind: 'changed_meanwhile' });
  });
}

/** Returns a mail id in every case; the mail exists only for a known user within the limits. */
export async function requestPasswordLink(
  { db, requestId, origin, now, newId }: LinkContext,
  recipient: { readonly tokenHash?: string; readonly email?: string },
): Promise<string> {
  const id = newId();
  const { tokenHash = null, email } = recipient;
  const request = { id: newId(), requestId, now, ...origin };
  await insertRequestedEmail(db, id, { tokenHash, emailKey: email === undefined ? null : addressKey(email) }, request);
  return id;
}
