import { sql } from 'drizzle-orm';
import { refuse } from '../../model/failure.ts';
import { capWindowStarts, isBelowLinkCap, isBelowUnverifiedLinkCap, nextLinkAt } from '../emails/email-caps.ts';
import { emailTimes, insertLinkEmail } from '../emails/emails.ts';
import { users } from '../schema/index.ts';
import { callerStatement, requestedReseller } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { isOrganizationKept } from '../sql/not-deleted.ts';
import { callerQuery } from '../sql/query.ts';
import { isMemberBeyondReach } from '../sql/rights.ts';
import { flag, value } from '../sql/selection.ts';
import { arg } from '../sql/statement.ts';

const invite = callerStatement(
  (callerSql) => sql`${insertLinkEmail()} from ${callerSql.table}
    join ${requestedReseller(callerSql)}
    join ${users} as user on user.id = ${arg('userId')} and user.reseller_id = reseller.id
    where caller.permitted and ${isOrganizationKept} and not user.disabled and ${callerSql.confinedTo(sql`user.organization_id`)} and not ${isMemberBeyondReach(callerSql)}
      and ${isBelowLinkCap('caller')} and ${isBelowUnverifiedLinkCap}`,
);

/** No row where the link cap is reached. */
export const insertInvitation = (
  caller: CallerContext,
  id: string,
  of: { readonly resellerId: string; readonly userId: string },
) => invite(caller, { id, ...of, ...emailTimes(caller.now) });

const findLinkCap = callerQuery((callerSql) => ({
  select: {
    at: value<number | null>(nextLinkAt),
    beyond: flag(isMemberBeyondReach(callerSql)),
    disabled: flag(sql`user.disabled`),
  },
  from: sql`from ${callerSql.table} left join ${users} as user on user.id = ${arg('userId')}`,
}));

/** In milliseconds since the epoch. Refuses `grant_refused`, `user_disabled`. */
export async function nextInvitationAt(caller: CallerContext, userId: string): Promise<number> {
  const [{ at, beyond, disabled }] = await findLinkCap(caller, { userId, ...capWindowStarts(caller.now) });
  if (beyond) refuse({ kind: 'grant_refused', scope: null });
  if (disabled) refuse({ kind: 'user_disabled' });
  return at ?? caller.now;
}
