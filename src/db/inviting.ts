import { sql } from 'drizzle-orm';
import { dueNow } from '../model/due.ts';
import { LINK_MAILS_MAX, LINK_MAILS_WINDOW_MS } from '../model/limits.ts';
import type { Call } from './call.ts';
import { callerStatement, read, withinReach } from './caller.ts';
import { askedLately, insertLinkMail } from './emails.ts';
import { reachable } from './reachable.ts';
import { emails, resellers, users } from './schema.ts';
import { arg } from './statement.ts';

const invite = callerStatement(
  (who) => sql`${insertLinkMail} from ${who.table}
    join ${resellers} as reseller on reseller.id = ${arg('resellerId')} and ${withinReach(who)}
    join ${users} as user on user.id = ${arg('userId')} and user.reseller_id = reseller.id
    where caller.permitted and ${reachable} and ${who.within(sql`user.organization_id`)} and (${askedLately}) < ${LINK_MAILS_MAX}`,
);

const window = (now: number) => ({ now, dueAt: dueNow(now), since: now - LINK_MAILS_WINDOW_MS });

/** Writes a mail with a new link for one user of this reseller; nothing where too many were asked for lately. */
export const insertInvitation = (
  call: Call,
  id: string,
  of: { readonly resellerId: string; readonly userId: string },
) => invite(call, { id, ...of, ...window(call.now) });

const oldest = callerStatement(
  (who) => sql`select caller.permitted, (select min(created_at) from (select asked.created_at from ${emails} as asked
      where asked.user_id = ${arg('userId')} and asked.event_id is null
        and asked.status_update_id is null and asked.created_at > ${arg('since')}
      order by asked.created_at desc limit ${LINK_MAILS_MAX})) from ${who.table}`,
);

/** When the next one may be asked for, in milliseconds since the epoch. */
export async function nextInvitationAt(call: Call, userId: string): Promise<number> {
  const [row] = await read(call, oldest(call, { userId, ...window(call.now) }));
  return Number(row?.[1] ?? call.now) + LINK_MAILS_WINDOW_MS;
}
