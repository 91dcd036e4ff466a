import { sql } from 'drizzle-orm';
import { type AuditRow, auditBefore, valuesOf } from '../commit/audit-entry.ts';
import { afterChange, chain } from '../commit/chain.ts';
import { activations, emails, resellers, users } from '../schema/index.ts';
import { servingReseller } from '../sql/not-deleted.ts';
import { arg, type Db, statement } from '../sql/statement.ts';
import { isBelowLinkCap, requestedOnPage } from './email-caps.ts';
import { emailTimes, insertLinkEmail } from './emails.ts';

const insertRequested = statement(
  () => sql`${insertLinkEmail(requestedOnPage)} from ${users} as user join ${resellers} as reseller on reseller.id = ${servingReseller}
    where user.id = ifnull((select user_id from ${activations} where token_hash = ${arg('tokenHash')}),
        (select id from ${users} where email_key = ${arg('emailKey')}))
      and ${isBelowLinkCap('anyone')}`,
);

const auditRequested = afterChange((changed) =>
  auditBefore(sql`from ${emails} as mail where mail.id = ${arg('mailId')} and ${changed}`, {
    resellerId: sql`mail.reseller_id`,
    subject: sql`mail.user_id`,
    before: sql`null`,
  }),
);

/** Writes nothing if neither link nor address leads to a user, or after too many requests. */
export async function insertRequestedEmail(
  db: Db,
  id: string,
  recipient: { readonly tokenHash: string | null; readonly emailKey: string | null },
  request: Omit<AuditRow, 'actor' | 'resellerId' | 'subject'>,
): Promise<void> {
  const anonymous = { actor: 'anonymous', resellerId: null, subject: '' };
  const event = { type: 'account.link-requested', details: { mailId: id } } as const;
  await db.batch([
    ...chain(
      insertRequested(db, { id, ...recipient, ...emailTimes(request.now) }),
      auditRequested(db, { ...valuesOf(event, { ...request, ...anonymous }), mailId: id }),
    ),
  ]);
}
