import { asksBeyond, endReusedSession, exchangeToken } from '../../db/sessions/refresh.ts';
import { intersectScopes } from '../../model/clients/scope.ts';
import type { SessionTokens } from '../../model/sessions/session.ts';
import type { AnonymousContext } from '../sign-in/anonymous-context.ts';
import { tokensOf } from './user-tokens.ts';

/**
 * Exchanges a refresh token for fresh tokens, once; one that comes again ends its session. Null where it is not good,
 * for whatever reason. Refuses `rate_limited`. `clientId`: the API client that it was given to, if it was to one.
 * `scope`: what the access token shall be good for at most.
 */
export async function refreshSession(
  anonymous: AnonymousContext,
  refreshToken: string,
  clientId: string | null,
  scope: string | null = null,
): Promise<SessionTokens | null> {
  const { db: database, now, requestId, origin, idleMs } = anonymous;
  const sent = await anonymous.refreshHashes(refreshToken);
  const { token, hashes } = await anonymous.newRefreshToken(refreshToken);
  const given = { ...origin, clientId, ...sent, newHash: hashes.tokenHash, now, idleMs: idleMs.tokens };
  const found = await exchangeToken(database, given, anonymous.budgets);
  if (found !== null) {
    const { session, member } = found;
    const narrowed = { ...session, scope: intersectScopes(session.scope, scope) };
    return tokensOf(anonymous, narrowed, { member, resellerId: session.resellerId }, token);
  }
  await endReusedSession(database, sent, { now, requestId, ...origin });
  return null;
}

/** Whether somebody asks for more than the session of a refresh token was given (RFC 6749 §6). */
export async function exceedsSession(
  { db, refreshHashes }: Pick<AnonymousContext, 'db' | 'refreshHashes'>,
  refreshToken: string,
  scope: string,
): Promise<boolean> {
  return asksBeyond(db, (await refreshHashes(refreshToken)).familyHash, scope);
}
