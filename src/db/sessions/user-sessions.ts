import { type SQL, sql } from 'drizzle-orm';
import { SESSIONS_SHOWN_MAX } from '../../model/limits/index.ts';
import type { EndReason, Session } from '../../model/sessions/session.ts';
import { auditWithdrawal, withdrawAllConsents } from '../clients/consents.ts';
import { isAudited } from '../commit/audit-entry.ts';
import { chain } from '../commit/chain.ts';
import { apiClients, authorizationCodes, consents, sessions, users } from '../schema/index.ts';
import { type CallerSql, callerStatement } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { isAcceptedMembership, membershipsOfLiveTenants } from '../sql/not-deleted.ts';
import { callerQuery } from '../sql/query.ts';
import { value } from '../sql/selection.ts';
import { arg, statement } from '../sql/statement.ts';
import { isActiveSession, sessionWithUser } from './active-session.ts';
import { sessionColumns } from './session-row.ts';
import { sessionEndBy, updateEnded } from './sessions.ts';

export type UserSession = Session & { readonly clientName: string | null };

const activeSessions = (callerSql: CallerSql, whose: SQL, which: SQL) => ({
  select: {
    userId: value<string | null>(sql`user.id`),
    session: sessionColumns,
    clientName: value<string | null>(sql`client.name`),
  },
  from: sql`from ${callerSql.table} left join ${users} as user on ${whose}
  left join ${sessions} as session on session.user_id = user.id and session.ended_at is null and ${which}
    and session.id in (select session.id from ${sessionWithUser} where session.user_id = user.id and ${isActiveSession})
  left join ${apiClients} as client on client.id = session.client_id
  order by session.created_at desc, session.id desc limit ${SESSIONS_SHOWN_MAX}`,
});

const isCaller = sql`user.id = ${arg('callerId')}`;
const isSessionVisible = sql`(+session.reseller_id = ${arg('tenant')} or user.reseller_id = ${arg('tenant')})`;
const own = callerQuery((callerSql) => activeSessions(callerSql, isCaller, isSessionVisible));
/** In the user's primary reseller, all sessions. */
export const listOwnSessions = async (caller: CallerContext) => sessionsIn(await own(caller, {}));

/** Condition: the table `user` is a member within the caller's reach. */
const isMemberInReach = (
  callerSql: CallerSql,
) => sql`user.id = ${arg('userId')} and exists (select 1 from ${membershipsOfLiveTenants}
  where ${isAcceptedMembership} and ${callerSql.reaches(sql`held.reseller_id`)}
    and ${callerSql.confinedTo(sql`iif(held.reseller_id = user.reseller_id, user.organization_id, null)`)})`;
const inReach = (callerSql: CallerSql) =>
  sql`(${callerSql.reaches(sql`session.reseller_id`)} or ${callerSql.reaches(sql`user.reseller_id`)})`;
const ofUser = callerQuery((callerSql) => activeSessions(callerSql, isMemberInReach(callerSql), inReach(callerSql)));
/** In the user's primary reseller, all sessions. Null where there is no such user. */
export async function listSessionsOfUser(caller: CallerContext, userId: string): Promise<UserSession[] | null> {
  const rows = await ofUser(caller, { userId });
  const [first] = rows;
  return first.userId === null ? null : sessionsIn(rows);
}

const sessionsIn = (rows: Awaited<ReturnType<typeof own>>): UserSession[] =>
  rows.flatMap(({ session, clientName }) => (session === null ? [] : { ...session, clientName }));

const endSelected = (whose: (callerSql: CallerSql) => SQL, which: (callerSql: CallerSql) => SQL) =>
  callerStatement(
    (callerSql) => sql`${updateEnded} where ended_at is null and expires_at > ${arg('now')}
      and id in (select session.id from ${callerSql.table} join ${users} as user on ${whose(callerSql)}
        join ${sessions} as session on session.user_id = user.id and session.ended_at is null and ${which(callerSql)}
        where caller.permitted)
      and (${arg('sessionId')} is null or id = ${arg('sessionId')}) and id is not ${arg('kept')}`,
  );
const endOwn = endSelected(
  () => isCaller,
  () => isSessionVisible,
);
// The index by user is the smaller one.
const endOfUser = endSelected(isMemberInReach, (callerSql) => callerSql.reaches(sql`+session.reseller_id`));

const ofEndedClients = sql`user_id = ${arg('subject')} and client_id in (select session.client_id from ${sessions} as session
  where session.user_id = ${arg('subject')} and session.ended_at = ${arg('now')} and session.ended_in = ${arg('requestId')}
    and session.end_reason = ${arg('reason')})`;
const withdraw = statement(() => sql`delete from ${consents} where ${ofEndedClients}`);
const voidCodes = statement(() => sql`delete from ${authorizationCodes} where ${ofEndedClients} and used_at is null`);

/** Also withdraws the client's consent. Returns false where no session ended. */
export async function endOwnSession(caller: CallerContext, sessionId: string): Promise<boolean> {
  const values = sessionEndBy(caller, 'ended-by-user');
  const given = { ...values, subject: caller.actor.subject };
  const [end] = await caller.db.batch([
    endOwn(caller, { sessionId, kept: null, ...values }),
    ...chain(withdraw(caller.db, given), auditWithdrawal(caller, { sessionId })),
    voidCodes(caller.db, given),
  ]);
  return (end?.meta.changes ?? 0) > 0;
}

/** Also withdraws all consents. Returns false where no session ended. */
export async function endOwnSessions(caller: CallerContext, kept: string | null): Promise<boolean> {
  const end = endOwn(caller, { sessionId: null, kept, ...sessionEndBy(caller, 'ended-by-user') });
  const results = await caller.db.batch([...withdrawAllConsents(caller), end]);
  return (results.at(-1)?.meta.changes ?? 0) > 0;
}

const endOthers = statement(
  () =>
    sql`${updateEnded} where ended_at is null and user_id = ${arg('userId')} and id <> ${arg('kept')} and ${isAudited}`,
);
export const endOtherSessionsWithEntry = (caller: CallerContext, entry: string, reason: EndReason) => {
  const { subject: userId, tokenId: kept } = caller.actor;
  return endOthers(caller.db, { userId, kept, entry, ...sessionEndBy(caller, reason) });
};

/** Consents stay. */
export const endUserSessions = (caller: CallerContext, userId: string, which: { readonly sessionId: string | null }) =>
  endOfUser(caller, { ...which, kept: null, userId, ...sessionEndBy(caller, 'ended-by-administrator') });
