import { sql } from 'drizzle-orm';
import { refuse } from '../../model/failure.ts';
import { countedSince, mayAsk, mayRemind, nextLinkAt } from '../emails/email-caps.ts';
import { askedAt, insertLinkEmail } from '../emails/emails.ts';
import { users } from '../schema/index.ts';
import { askedReseller, callerStatement } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { notRemoved } from '../sql/not-deleted.ts';
import { callerQuery } from '../sql/query.ts';
import { belongsBeyond } from '../sql/rights.ts';
import { flag, value } from '../sql/selection.ts';
import { arg } from '../sql/statement.ts';

const invite = callerStatement(
  (callerSql) => sql`${insertLinkEmail()} from ${callerSql.table}
    join ${askedReseller(callerSql)}
    join ${users} as user on user.id = ${arg('userId')} and user.reseller_id = reseller.id
    where caller.permitted and ${notRemoved} and not user.disabled and ${callerSql.confinedTo(sql`user.organization_id`)} and not ${belongsBeyond(callerSql)}
      and ${mayAsk('caller')} and ${mayRemind}`,
);

/** Writes a mail with a new link for one user of this reseller; nothing where too many were asked for lately. */
export const insertInvitation = (
  caller: CallerContext,
  id: string,
  of: { readonly resellerId: string; readonly userId: string },
) => invite(caller, { id, ...of, ...askedAt(caller.now) });

const full = callerQuery((callerSql) => ({
  select: {
    at: value<number | null>(nextLinkAt),
    beyond: flag(belongsBeyond(callerSql)),
    disabled: flag(sql`user.disabled`),
  },
  from: sql`from ${callerSql.table} left join ${users} as user on user.id = ${arg('userId')}`,
}));

/** When the next one may be asked for, in milliseconds since the epoch. Refuses `grant_refused`, `user_disabled`. */
export async function nextInvitationAt(caller: CallerContext, userId: string): Promise<number> {
  const [{ at, beyond, disabled }] = await full(caller, { userId, ...countedSince(caller.now) });
  if (beyond) refuse({ kind: 'grant_refused', scope: null });
  if (disabled) refuse({ kind: 'user_disabled' });
  return at ?? caller.now;
}
