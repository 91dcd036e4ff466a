import { sql } from 'drizzle-orm';
import { FACTOR_FAILURES_NOTICE, FACTOR_FAILURES_NOTICE_MS } from '../../model/limits/index.ts';
import { type AuditRow, auditBefore, noticeMail, valuesOf } from '../commit/audit-entry.ts';
import { chain } from '../commit/chain.ts';
import { emails, events, signInAttempts, users } from '../schema/index.ts';
import { arg, type Db, statement, writtenBytes } from '../sql/statement.ts';
import { chargeAfter, unlimitedCharge } from '../usage/budgets.ts';

const insertGuessEntry = statement(() =>
  auditBefore(
    sql`from ${users} as user where user.id = ${arg('subject')}
      and (select count(*) from ${signInAttempts} as tried where tried.email_key = user.email_key
        and instr(tried.method, '+') > 0 and tried.attempted_at > ${arg('since')}) >= ${FACTOR_FAILURES_NOTICE}
      and not exists (select 1 from ${emails} as mail join ${events} as entry on entry.id = mail.event_id
        where mail.user_id = user.id and mail.created_at > ${arg('since')} and entry.type = ${arg('type')})`,
    {},
  ),
);

/** After too many wrong codes, unless reported recently. The first statement has a row only then. */
export function reportGuesses(db: Db, mailId: string, auditRow: AuditRow): D1PreparedStatement[] {
  const { id: eventId, resellerId, subject: userId, address, userAgent, now } = auditRow;
  const event = { type: 'account.second-factor-guessed', details: { address, userAgent } } as const;
  const entry = insertGuessEntry(db, { ...valuesOf(event, auditRow), since: now - FACTOR_FAILURES_NOTICE_MS });
  return [
    ...chain(entry, ...chargeAfter(db, resellerId, unlimitedCharge(writtenBytes([entry])), now)),
    ...noticeMail(db, { id: mailId, eventId, userId, payer: resellerId, now }),
  ];
}
