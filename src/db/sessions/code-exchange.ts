import { sql } from 'drizzle-orm';
import type { RequestOrigin } from '../../model/events/audit.ts';
import { SESSION_END_BYTES, SESSIONS_MAX } from '../../model/limits/index.ts';
import type { RefreshHashes } from '../../model/sign-in/crypto.ts';
import type { Budgets } from '../../model/usage/budgets.ts';
import { afterChange, chain } from '../commit/chain.ts';
import { apiClients, authorizationCodes, events, organizations, sessions, users } from '../schema/index.ts';
import { query } from '../sql/query.ts';
import { value } from '../sql/selection.ts';
import { arg, type Db as Database, insertSelect, statement, writtenBytes } from '../sql/statement.ts';
import { chargeSignIn, refuseOverBudget } from '../usage/budgets.ts';
import { maySessionAct, sessionUserJoined, sessionWithUser } from './active-session.ts';
import { type MemberSession, memberSessionSelected } from './session-row.ts';
import { endSessionsWhere, insertRefreshToken, updateEnded } from './sessions.ts';

const codeWithClient = sql`${authorizationCodes} as code join ${apiClients} as client on client.id = code.client_id`;
const thisCode = sql`code.code_hash = ${arg('codeHash')}`;

// `mayAct` reads the code as a session.
const useCode = statement(
  () => sql`update ${authorizationCodes} as code set used_at = ${arg('now')}
    where ${thisCode} and code.used_at is null and code.expires_at > ${arg('now')} and code.client_id = ${arg('clientId')}
      and code.redirect_uri = ${arg('redirectUri')} and code.code_challenge = ${arg('codeChallenge')}
      and exists (select 1 from (
          select code.user_id, client.reseller_id, client.id as client_id, code.created_at from ${codeWithClient} where ${thisCode}
        ) as session ${sessionUserJoined} where ${maySessionAct})`,
);
const insert = afterChange((changed) =>
  insertSelect(
    sessions,
    ['id', 'address', 'userAgent', 'createdAt', 'usedAt', 'expiresAt'],
    sql`from ${codeWithClient} where ${thisCode} and ${changed}`,
    {
      userId: sql`code.user_id`,
      resellerId: sql`client.reseller_id`,
      clientId: sql`client.id`,
      scope: sql`code.scope`,
      issuedIn: sql`code.issued_in`,
      methods: sql`code.methods`,
      authenticatedAt: sql`code.authenticated_at`,
    },
  ),
);
const bindSession = afterChange(
  (changed) => sql`update ${authorizationCodes} as code set session_id = ${arg('id')} where ${thisCode} and ${changed}`,
);
const insertStartEvent = afterChange((changed) =>
  insertSelect(
    events,
    ['type', 'requestId', 'occurredAt', 'address', 'userAgent', 'auditOnly'],
    sql`from ${sessions} as session join ${apiClients} as client on client.id = session.client_id
      where session.id = ${arg('id')} and ${changed}`,
    {
      id: sql`${arg('eventId')}`,
      resellerId: sql`session.reseller_id`,
      actor: sql`'client:' || client.id`,
      subject: sql`session.user_id`,
      after: sql`json_object('sessionId', session.id, 'name', client.name, 'address', session.address, 'userAgent', session.user_agent)`,
    },
  ),
);
const charge = chargeSignIn(
  sql`session.reseller_id`,
  sql`session.user_id`,
  sql`from ${sessions} as session where session.id = ${arg('id')}`,
);
const endSurplus = endSessionsWhere(
  sql`id in (select other.id from ${sessions} as mine join ${sessions} as other on other.user_id = mine.user_id
      and other.reseller_id = mine.reseller_id
    where mine.id = ${arg('id')} and other.ended_at is null
    order by other.created_at desc, other.id desc limit -1 offset ${SESSIONS_MAX})`,
);
const load = query(() => ({
  select: {
    nonce: value<string | null>(sql`code.nonce`),
    authenticatedAt: value<number>(sql`code.authenticated_at`),
    begun: memberSessionSelected,
  },
  from: sql`from ${authorizationCodes} as code join ${sessionWithUser} join ${users} as user on user.id = self.id
    left join ${organizations} as organization on organization.id = user.organization_id
    where ${thisCode} and code.session_id = ${arg('id')} and session.id = code.session_id`,
}));

export type CodeExchange = {
  readonly codeHash: string;
  readonly clientId: string;
  readonly redirectUri: string;
  /** Derived from the code verifier. */
  readonly codeChallenge: string;
  readonly session: {
    readonly id: string;
    readonly address: string;
    readonly userAgent: string;
    readonly createdAt: number;
    readonly usedAt: number;
    readonly expiresAt: number;
  };
  readonly refresh: RefreshHashes;
  readonly eventId: string;
  readonly requestId: string;
};

export type ExchangedCode = MemberSession & { readonly nonce: string | null; readonly authenticatedAt: number };

/** Null where the code is invalid. Refuses `rate_limited`. */
export async function exchangeCode(
  database: Database,
  exchange: CodeExchange,
  budgets: Budgets,
): Promise<ExchangedCode | null> {
  const { session, refresh, requestId, ...rest } = exchange;
  const { id, createdAt: now } = session;
  const given = { ...rest, ...session, now, requestId };
  const { address, userAgent } = session;
  const ending = { reason: 'too-many', by: 'system', from: null, requestId, now, address, userAgent, id };
  const begun = [
    insert(database, given),
    insertRefreshToken(database, { ...refresh, sessionId: id }),
    bindSession(database, given),
    insertStartEvent(database, { ...given, type: 'account.session-started', occurredAt: now, auditOnly: true }),
  ];
  const batch = [
    ...chain(
      useCode(database, given),
      ...begun,
      ...charge(database, { id }, { budgets, bytes: writtenBytes(begun) + SESSION_END_BYTES, now }),
    ),
    endSurplus(database, ending),
    load.prepare(database, given),
  ];
  const results = await database.batch(batch).catch((error) => refuseOverBudget(error, now));
  const [found] = load.read(results.at(-1));
  if (found === undefined || found.begun === null) return null;
  const { begun: memberSession, ...code } = found;
  return { ...memberSession, ...code };
}

const endReplayed = statement(
  () => sql`${updateEnded} where ended_at is null and id = (select code.session_id from ${authorizationCodes} as code
    where ${thisCode} and code.client_id = ${arg('clientId')} and code.used_at is not null)`,
);
/** A reused code may be stolen (RFC 6749 §4.1.2). */
export async function endReplayedSession(
  database: Database,
  code: Pick<CodeExchange, 'codeHash' | 'clientId'>,
  given: RequestOrigin & { readonly now: number; readonly requestId: string },
): Promise<void> {
  await endReplayed(database, {
    ...code,
    ...given,
    reason: 'code-reused',
    by: `client:${code.clientId}`,
    from: null,
  }).run();
}
