import { type SQL, sql } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { Origin } from '../model/audit.ts';
import { isNoted } from './audit.ts';
import { askedAt, insertLinkMail } from './emails.ts';
import { sweepFactors } from './factors.ts';
import { hasRoom } from './mail-caps.ts';
import { authorizationCodes, consents, externalIdentities, resellers, signInFlows, users } from './schema.ts';
import { ended } from './sessions.ts';
import { arg, type Session, statement } from './statement.ts';

const clear = statement(
  () => sql`update ${users} set password_hash = null, two_factor_enabled = 0, google_sso_enabled = 0,
      prepared_scopes = null, prepared_at = null
    where id = ${arg('userId')} and ${isNoted}`,
);
const drop = (table: SQLiteTable, which: SQL = sql`true`) =>
  statement(() => sql`delete from ${table} where user_id = ${arg('userId')} and ${which} and ${isNoted}`);
const drops = [
  drop(externalIdentities),
  drop(consents),
  drop(authorizationCodes, sql`used_at is null`),
  drop(signInFlows, sql`finished_at is null`),
];
const endSessions = statement(() => sql`${ended} where ended_at is null and user_id = ${arg('userId')} and ${isNoted}`);
const mailLink = statement(
  () => sql`${insertLinkMail} from ${users} as user join ${resellers} as reseller on reseller.id = user.reseller_id
    where user.id = ${arg('userId')} and ${isNoted}
      and ${hasRoom({ recipientKey: sql`user.email_key`, userId: sql`user.id`, links: sql`1` })}`,
);

type NewPasswordMail = {
  readonly entry: string;
  readonly userId: string;
  readonly mailId: string;
  readonly by: string;
  readonly now: number;
};
/**
 * Mails a link to choose a password, with the change that an entry of the audit log tells of; none where the address had
 * too many lately: the user may ask for one later.
 */
export const mailNewPassword = (session: Session, { entry, userId, mailId, by, now }: NewPasswordMail) =>
  mailLink(session, { entry, userId, id: mailId, ...askedAt(now, by) });

/**
 * Takes every way to sign in from a user and mails a link to choose a new password, with the change that an entry of the
 * audit log tells of.
 */
export function resetCredentials(
  session: Session,
  given: NewPasswordMail & Origin & { readonly from: string | null; readonly requestId: string },
): D1PreparedStatement[] {
  const { entry, userId } = given;
  return [
    clear(session, given),
    ...sweepFactors(session, entry, userId),
    ...drops.map((make) => make(session, given)),
    endSessions(session, { ...given, reason: 'credentials-reset' }),
    mailNewPassword(session, given),
  ];
}
