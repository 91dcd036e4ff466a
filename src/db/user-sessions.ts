import { type SQL, sql } from 'drizzle-orm';
import { SESSIONS_MAX } from '../model/limits.ts';
import type { EndReason, Session } from '../model/session.ts';
import { administered } from './administering.ts';
import type { Call } from './call.ts';
import { callerStatement, read, type Who } from './caller.ts';
import type { RawRow } from './columns.ts';
import { apiClients, authorizationCodes, consents, sessions, users } from './schema.ts';
import { sessionColumns } from './session-row.ts';
import { ended } from './sessions.ts';
import { arg, statement } from './statement.ts';
import { sessionWithUser, usable } from './usable.ts';

/** A session that lasts, with the name of the API client that it is for. */
export type UserSession = Session & { readonly clientName: string | null };

/** The sessions of the table `user` that a caller has to do with (`which`), the newest first. */
const lasting = (
  who: Who,
  whose: SQL,
  which: SQL,
) => sql`select caller.permitted, user.id, ${sessionColumns.selected}, client.name
  from ${who.table} left join ${users} as user on ${whose}
  left join ${sessions} as session on session.user_id = user.id and session.ended_at is null and ${which}
    and session.id in (select session.id from ${sessionWithUser} where session.user_id = user.id and ${usable})
  left join ${apiClients} as client on client.id = session.client_id
  order by session.created_at desc, session.id desc limit ${SESSIONS_MAX}`;

const itself = sql`user.id = ${arg('callerId')}`;
const atHand = sql`(session.reseller_id = ${arg('tenant')} or user.reseller_id = ${arg('tenant')})`;
const own = callerStatement((who) => lasting(who, itself, atHand));
/** Those of the caller in the reseller that it acts in; where that is its own, all. */
export const listOwnSessions = async (call: Call) => readSessions(await read(call, own(call, {})));

const ofUser = callerStatement((who) => lasting(who, administered(who), sql`true`));
/** Those of a user of the caller's own reseller; null where there is no such user. */
export async function listSessionsOf(call: Call, userId: string): Promise<UserSession[] | null> {
  const rows = await read(call, ofUser(call, { userId }));
  return rows[0]?.[1] === null ? null : readSessions(rows);
}

function readSessions(rows: readonly RawRow[]): UserSession[] {
  return rows.flatMap((row) => {
    const session = sessionColumns.read(row, 2) as Session | null;
    return session === null ? [] : { ...session, clientName: (row.at(-1) ?? null) as string | null };
  });
}

const ending = (whose: (who: Who) => SQL, which: SQL) =>
  callerStatement(
    (who) => sql`${ended} where ended_at is null and expires_at > ${arg('now')}
      and id in (select session.id from ${who.table} join ${users} as user on ${whose(who)}
        join ${sessions} as session on session.user_id = user.id and session.ended_at is null and ${which} where caller.permitted)
      and (${arg('sessionId')} is null or id = ${arg('sessionId')})`,
  );
const endOwn = ending(() => itself, atHand);
const endOfUser = ending(administered, sql`true`);

const valuesOf = ({ actor, requestId, origin, now }: Call, reason: EndReason) => ({
  ...{ reason, by: actor.name, requestId, now },
  ...origin,
});

const askingAnew = sql`user_id = ${arg('subject')} and client_id in (select session.client_id from ${sessions} as session
  where session.user_id = ${arg('subject')} and session.ended_at = ${arg('now')} and session.ended_in = ${arg('requestId')}
    and session.end_reason = ${arg('reason')})`;
const withdraw = statement(() => sql`delete from ${consents} where ${askingAnew}`);
const voidCodes = statement(() => sql`delete from ${authorizationCodes} where ${askingAnew} and used_at is null`);

/**
 * Ends these of those, or all (null). What the user has let API clients do goes with their sessions, or they would come
 * back unasked. Says how many there were.
 */
export async function endOwnSessions(call: Call, sessionIds: readonly string[] | null): Promise<number> {
  const values = valuesOf(call, 'ended-by-user');
  const ends = (sessionIds ?? [null]).map((sessionId) => endOwn(call, { sessionId, ...values }));
  const given = { ...values, subject: call.actor.subject };
  const results = await call.session.batch([
    ...ends,
    ...[withdraw, voidCodes].map((make) => make(call.session, given)),
  ]);
  return results.slice(0, ends.length).reduce((sum, { meta }) => sum + meta.changes, 0);
}

/** Ends one of a user of the caller's own reseller, or all; what the user has agreed to stays. */
export const endUserSessions = (call: Call, userId: string, which: { readonly sessionId: string | null }) =>
  endOfUser(call, { ...which, userId, ...valuesOf(call, 'ended-by-administrator') });
