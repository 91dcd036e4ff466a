import { type SQL, sql } from 'drizzle-orm';
import type { RequestOrigin } from '../../model/events/audit.ts';
import { SESSIONS_MAX } from '../../model/limits/index.ts';
import type { EndReason, Session } from '../../model/sessions/session.ts';
import type { RefreshHashes } from '../../model/sign-in/crypto.ts';
import { afterChange } from '../commit/chain.ts';
import { refreshTokens, sessions } from '../schema/index.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { arg, type Db as Database, insertSelect, statement } from '../sql/statement.ts';

const insert = afterChange((changed) =>
  insertSelect(
    sessions,
    [
      'id',
      'userId',
      'resellerId',
      'clientId',
      'scope',
      'methods',
      'address',
      'userAgent',
      'cookieHash',
      'createdAt',
      'authenticatedAt',
      'countsAtHome',
      'usedAt',
      'expiresAt',
    ],
    sql`where ${changed}`,
  ),
);
/** `cookieHash` is null except for browser sessions. */
export const insertSession = (database: Database, session: Session, cookieHash: string | null) =>
  insert(database, { ...session, cookieHash });

const insertToken = afterChange((changed) =>
  insertSelect(refreshTokens, ['familyHash', 'sessionId', 'tokenHash'], sql`where ${changed}`),
);
export const insertRefreshToken = (database: Database, token: RefreshHashes & { readonly sessionId: string }) =>
  insertToken(database, token);

export type SessionEnd = RequestOrigin & {
  readonly reason: EndReason;
  readonly by: string;
  /** The tenant of the request; audit logs of others hide the actor. */
  readonly from: string | null;
  readonly requestId: string;
  readonly now: number;
};

export const sessionEndBy = ({ actor, requestId, origin, now }: CallerContext, reason: EndReason): SessionEnd => ({
  ...{ reason, by: actor.name, from: actor.reseller, requestId, now },
  ...origin,
});

/** Triggers sessions_ended, sessions_ended_codes, sessions_ended_issued. */
export const updateEnded = sql`update ${sessions} set ended_at = ${arg('now')}, end_reason = ${arg('reason')}, ended_by = ${arg('by')},
  ended_in = ${arg('requestId')}, ended_address = ${arg('address')}, ended_agent = ${arg('userAgent')}, ended_from = ${arg('from')}`;
export const endSessionsWhere = (which: SQL) =>
  statement(() => sql`${updateEnded} where ended_at is null and ${which}`);

const endSurplus = endSessionsWhere(
  sql`id in (select id from ${sessions} where user_id = ${arg('userId')} and reseller_id = ${arg('resellerId')} and ended_at is null
    order by created_at desc, id desc limit -1 offset ${SESSIONS_MAX})`,
);
export const endOldestSessions = (
  database: Database,
  of: Pick<Session, 'userId' | 'resellerId'>,
  given: Omit<SessionEnd, 'reason'>,
) => endSurplus(database, { ...given, reason: 'too-many', userId: of.userId, resellerId: of.resellerId });

const endAfter = afterChange(
  (changed) => sql`${updateEnded} where ended_at is null and user_id = ${arg('userId')} and ${changed}`,
);
export const endSessionsAfter = (database: Database, userId: string, given: SessionEnd) =>
  endAfter(database, { ...given, userId });
