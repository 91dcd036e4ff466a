import { sql } from 'drizzle-orm';
import type { SubscriptionConfirmation } from '../../model/emails/subscription-confirmation.ts';
import { CONFIRMATION_MAILS_MAX, CONFIRMATION_MAILS_WINDOW_MS, IDS_PER_PARAMETER } from '../../model/limits/index.ts';
import { toChunks } from '../../model/to-chunks.ts';
import { immediatelyDueAt } from '../../model/webhooks/due.ts';
import { emails, resellers, users } from '../schema/index.ts';
import { arg, type Db, statement } from '../sql/statement.ts';
import { dueIfEnabled } from './emails.ts';
import { isUnconfirmed } from './subscribers.ts';

const isBelowConfirmationCap = sql`(select count(*) from ${emails} as other
  where other.template = 'subscription-confirmation' and other.recipient_key = user.email_key
    and other.reseller_id = reseller.id and other.created_at > ${arg('askedSince')}
    and other.state <> 'dropped') < ${CONFIRMATION_MAILS_MAX}`;

const insertStatement = statement(
  () => sql`insert into ${emails} (id, cause, template, language, recipient, recipient_key, address_hash, reseller_id,
      user_id, event_id, state, next_attempt_at, created_at)
    select given.value ->> 'id', given.value ->> 'eventId' || ':confirmation', 'subscription-confirmation', user.language,
      user.email, user.email_key, given.value ->> 'addressHash', reseller.id, user.id, given.value ->> 'eventId', 'pending',
      ${dueIfEnabled}, ${arg('now')}
    from json_each(${arg('rows')}) as given
    join ${users} as user on user.id = given.value ->> 'userId' and user.email_key = given.value ->> '$.recipient.key'
    join ${resellers} as reseller on reseller.id = given.value ->> 'resellerId'
    where ${isUnconfirmed(sql`given.value ->> 'addressHash'`)} and ${isBelowConfirmationCap}
    on conflict do nothing`,
);

/** Skips addresses that need no confirmation or had too many. */
export function insertConfirmations(
  db: Db,
  confirmations: readonly SubscriptionConfirmation[],
  now: number,
): D1PreparedStatement[] {
  const askedSince = now - CONFIRMATION_MAILS_WINDOW_MS;
  const times = { now, dueAt: immediatelyDueAt(now), askedSince };
  return toChunks(confirmations, IDS_PER_PARAMETER).map((group) =>
    insertStatement(db, { ...times, rows: JSON.stringify(group) }),
  );
}
