import { type SQL, sql } from 'drizzle-orm';
import { SESSIONS_MAX } from '../model/limits.ts';
import type { EndReason, Session } from '../model/session.ts';
import { administered } from './administering.ts';
import type { Call } from './call.ts';
import { callerStatement, read, type Who } from './caller.ts';
import type { RawRow } from './columns.ts';

import { apiClients, sessions, users } from './schema.ts';
import { sessionColumns } from './session-row.ts';
import { ended } from './sessions.ts';
import { arg } from './statement.ts';
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
  left join ${sessions} as session on session.user_id = user.id and ${which}
    and session.id in (select session.id from ${sessionWithUser} where session.user_id = user.id and ${usable})
  left join ${apiClients} as client on client.id = session.client_id
  order by session.created_at desc, session.id desc limit ${SESSIONS_MAX}`;

const itself = sql`user.id = ${arg('subject')}`;
const atHand = sql`(session.reseller_id = ${arg('tenant')} or user.reseller_id = ${arg('tenant')})`;
const own = callerStatement((who) => lasting(who, itself, atHand));
/** Those of the caller in the reseller that it acts in; where that is its own, all. */
export const listOwnSessions = async (call: Call) => readSessions(await read(call, own(call, at(call))));

const ofUser = callerStatement((who) => lasting(who, administered(who), sql`true`));
/** Those of a user of the caller's own reseller; null where there is no such user. */
export async function listSessionsOf(call: Call, userId: string): Promise<UserSession[] | null> {
  const rows = await read(call, ofUser(call, { ...at(call), userId }));
  return rows[0]?.[1] === null ? null : readSessions(rows);
}

const at = ({ now }: Call) => ({ calledAt: now });

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
        join ${sessions} as session on session.user_id = user.id and ${which} where caller.permitted)
      and (${arg('sessionId')} is null or id = ${arg('sessionId')})`,
  );
const endOwn = ending(() => itself, atHand);
const endOfUser = ending(administered, sql`true`);

type Which = { readonly sessionId: string | null };
const valuesOf = ({ actor, requestId, now }: Call, reason: EndReason) => ({ reason, by: actor.name, requestId, now });

/** Ends one of those, or all. */
export const endOwnSessions = (call: Call, which: Which) =>
  endOwn(call, { ...which, ...valuesOf(call, 'ended-by-user') });
/** The same of a user of the caller's own reseller. */
export const endUserSessions = (call: Call, userId: string, which: Which) =>
  endOfUser(call, { ...which, userId, ...valuesOf(call, 'ended-by-administrator') });
