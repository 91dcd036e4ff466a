import { sql } from 'drizzle-orm';
import type { RequestOrigin } from '../../model/events/audit.ts';
import { SESSION_LIFE_MS } from '../../model/limits/index.ts';
import type { Session } from '../../model/sessions/session.ts';
import type { RefreshHashes } from '../../model/sign-in/crypto.ts';
import type { Budgets } from '../../model/usage/budgets.ts';
import { chain } from '../commit/chain.ts';
import { organizations, refreshTokens, sessions, users } from '../schema/index.ts';
import { query } from '../sql/query.ts';
import { value } from '../sql/selection.ts';
import { arg, type Db as Database, statement, writtenBytes } from '../sql/statement.ts';
import { chargeSignIn, refuseOverBudget } from '../usage/budgets.ts';
import { isActiveSession, sessionWithUser } from './active-session.ts';
import { type MemberSession, memberSessionSelected } from './session-row.ts';
import { endSessionsWhere, updateEnded } from './sessions.ts';

const renew = statement(
  () => sql`update ${refreshTokens} as token set token_hash = ${arg('newHash')}
    where token.family_hash = ${arg('familyHash')} and token.token_hash = ${arg('tokenHash')}
      and exists (select 1 from ${sessionWithUser} where session.id = token.session_id
        and session.client_id is ${arg('clientId')} and ${isActiveSession})`,
);
const renewed = sql`token.family_hash = ${arg('familyHash')} and token.token_hash = ${arg('newHash')}`;
const charge = chargeSignIn(
  sql`session.reseller_id`,
  sql`session.user_id`,
  sql`from ${refreshTokens} as token join ${sessions} as session on session.id = token.session_id where ${renewed}`,
);
const touch = statement(
  () => sql`update ${sessions} set used_at = ${arg('now')}, address = ${arg('address')}, user_agent = ${arg('userAgent')},
      expires_at = min(created_at + ${SESSION_LIFE_MS}, ${arg('now')} + ${arg('idleMs')})
    where id = (select session_id from ${refreshTokens} as token where ${renewed})`,
);

const load = query(() => ({
  select: { renewed: memberSessionSelected },
  from: sql`from ${refreshTokens} as token join ${sessionWithUser} join ${users} as user on user.id = self.id
    left join ${organizations} as organization on organization.id = user.organization_id
    where ${renewed} and session.id = token.session_id`,
}));

export type RefreshExchange = RefreshHashes &
  Pick<Session, 'clientId' | 'address' | 'userAgent'> & {
    readonly newHash: string;
    readonly now: number;
    /** The session's lifetime without another refresh. */
    readonly idleMs: number;
  };

/** Null where the token is invalid. Refuses `rate_limited`. */
export async function exchangeRefreshToken(
  database: Database,
  given: RefreshExchange,
  budgets: Budgets,
): Promise<MemberSession | null> {
  const { now } = given;
  const values = { ...given, calledAt: now };
  const renewal = renew(database, values);
  const batch = [
    ...chain(renewal, ...charge(database, values, { budgets, bytes: writtenBytes([renewal]), now })),
    touch(database, values),
    load.prepare(database, values),
  ];
  const results = await database.batch(batch).catch((error) => refuseOverBudget(error, now));
  const [found] = load.read(results.at(-1));
  return found?.renewed ?? null;
}

type EndRequest = RequestOrigin & { readonly now: number; readonly requestId: string };

const endReused = statement(
  () => sql`${updateEnded} where ended_at is null
    and id = (select session_id from ${refreshTokens} where family_hash = ${arg('familyHash')} and token_hash <> ${arg('tokenHash')})`,
);
/** A reused token may be stolen (RFC 9700 §4.14.2). */
export async function endReusedSession(database: Database, token: RefreshHashes, given: EndRequest) {
  await endReused(database, { ...given, ...token, reason: 'refresh-token-reused', by: 'anonymous', from: null }).run();
}

const findExcessScope = query(() => ({
  select: { session: value<string>(sql`session.id`) },
  from: sql`from ${refreshTokens} as token join ${sessions} as session on session.id = token.session_id
    where token.family_hash = ${arg('familyHash')} and exists (select 1 from json_each(${arg('asked')}) as asked
      where instr(' ' || session.scope || ' ', ' ' || asked.value || ' ') = 0)`,
}));
/** RFC 6749 §6. */
export async function exceedsFamilyScope(database: Database, familyHash: string, scope: string): Promise<boolean> {
  return (await findExcessScope(database, { familyHash, asked: JSON.stringify(scope.split(' ')) })).length > 0;
}

const endByToken = statement(
  () => sql`${updateEnded} where ended_at is null and client_id is ${arg('clientId')}
    and id = (select session_id from ${refreshTokens} where family_hash = ${arg('familyHash')})`,
);
/** RFC 7009 §2.1. */
export async function endSessionOfToken(
  database: Database,
  token: { readonly familyHash: string; readonly clientId: string | null },
  given: EndRequest,
): Promise<void> {
  const by = token.clientId === null ? 'anonymous' : `client:${token.clientId}`;
  await endByToken(database, { ...token, ...given, reason: 'revoked', by, from: null }).run();
}

const endOfClient = endSessionsWhere(sql`id = ${arg('id')} and client_id is ${arg('clientId')}`);
export async function endSessionOfClient(
  database: Database,
  session: { readonly id: string; readonly clientId: string | null },
  given: EndRequest,
): Promise<void> {
  const by = session.clientId === null ? 'anonymous' : `client:${session.clientId}`;
  await endOfClient(database, { ...session, ...given, reason: 'revoked', by, from: null }).run();
}
