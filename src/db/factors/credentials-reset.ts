import { type SQL, sql } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { RequestOrigin } from '../../model/events/audit.ts';
import { isAudited } from '../commit/audit-entry.ts';
import { emailTimes, insertLinkEmail } from '../emails/emails.ts';
import { authorizationCodes, consents, resellers, signInFlows, users } from '../schema/index.ts';
import { updateEnded } from '../sessions/sessions.ts';
import { servingReseller } from '../sql/not-deleted.ts';
import { arg, type Db, statement } from '../sql/statement.ts';
import { deleteFactorsWithEntry, deleteIdentitiesWithEntry } from './factors.ts';

const clear = statement(
  () => sql`update ${users} set password_hash = null, two_factor_enabled = 0, google_sso_enabled = 0,
      prepared_scopes = null, prepared_at = null
    where id = ${arg('userId')} and ${isAudited}`,
);
const drop = (table: SQLiteTable, which: SQL = sql`true`) =>
  statement(() => sql`delete from ${table} where user_id = ${arg('userId')} and ${which} and ${isAudited}`);
const drops = [
  drop(consents),
  drop(authorizationCodes, sql`used_at is null`),
  drop(signInFlows, sql`finished_at is null`),
];
const endSessions = statement(
  () => sql`${updateEnded} where ended_at is null and user_id = ${arg('userId')} and ${isAudited}`,
);
const mailLink = statement(
  () => sql`${insertLinkEmail()} from ${users} as user join ${resellers} as reseller on reseller.id = ${servingReseller}
    where user.id = ${arg('userId')} and ${isAudited}`,
);

type NewPasswordMail = {
  readonly entry: string;
  readonly userId: string;
  readonly mailId: string;
  readonly now: number;
};
export const insertPasswordMail = (db: Db, { entry, userId, mailId, now }: NewPasswordMail) =>
  mailLink(db, { entry, userId, id: mailId, ...emailTimes(now) });

/** Also mails a link to choose a password. */
export function resetCredentials(
  db: Db,
  given: NewPasswordMail &
    RequestOrigin & { readonly by: string; readonly from: string | null; readonly requestId: string },
): D1PreparedStatement[] {
  const { entry, userId } = given;
  return [
    clear(db, given),
    ...deleteFactorsWithEntry(db, entry, userId),
    deleteIdentitiesWithEntry(db, entry, userId),
    ...drops.map((make) => make(db, given)),
    endSessions(db, { ...given, reason: 'credentials-reset' }),
    insertPasswordMail(db, given),
  ];
}
