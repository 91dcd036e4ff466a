import { asksBeyond, endReusedSession, exchangeToken } from '../../db/sessions/refresh.ts';
import { narrowScope } from '../../model/clients/scope.ts';
import type { Tokens } from '../../model/sessions/session.ts';
import type { Visitor } from '../sign-in/visitor.ts';
import { tokensOf } from './user-tokens.ts';

/**
 * Exchanges a refresh token for fresh tokens, once; one that comes again ends its session. Null where it is not good,
 * for whatever reason. Refuses `rate_limited`. `clientId`: the API client that it was given to, if it was to one.
 * `scope`: what the access token shall be good for at most.
 */
export async function refreshSession(
  visitor: Visitor,
  refreshToken: string,
  clientId: string | null,
  scope: string | null = null,
): Promise<Tokens | null> {
  const { session: database, now, requestId, origin, idleMs } = visitor;
  const sent = await visitor.refreshHashes(refreshToken);
  const { token, hashes } = await visitor.newRefreshToken(refreshToken);
  const given = { ...origin, clientId, ...sent, newHash: hashes.tokenHash, now, idleMs: idleMs.tokens };
  const found = await exchangeToken(database, given, visitor.budgets);
  if (found !== null) {
    const { session, member } = found;
    const narrowed = { ...session, scope: narrowScope(session.scope, scope) };
    return tokensOf(visitor, narrowed, { member, resellerId: session.resellerId }, token);
  }
  await endReusedSession(database, sent, { now, requestId, ...origin });
  return null;
}

/** Whether somebody asks for more than the session of a refresh token was given (RFC 6749 §6). */
export async function exceedsSession(
  { session, refreshHashes }: Pick<Visitor, 'session' | 'refreshHashes'>,
  refreshToken: string,
  scope: string,
): Promise<boolean> {
  return asksBeyond(session, (await refreshHashes(refreshToken)).familyHash, scope);
}
