import { endReusedSession, exceedsFamilyScope, exchangeRefreshToken } from '../../db/sessions/refresh.ts';
import { intersectScopes } from '../../model/clients/scope.ts';
import type { SessionTokens } from '../../model/sessions/session.ts';
import type { AnonymousContext } from '../sign-in/anonymous-context.ts';
import { issueTokens } from './user-tokens.ts';

/** A reused token ends its session. `scope` narrows the access token. Null for an invalid token. */
export async function refreshSession(
  anonymous: AnonymousContext,
  refreshToken: string,
  clientId: string | null,
  scope: string | null = null,
): Promise<SessionTokens | null> {
  const { db, now, requestId, origin, idleMs } = anonymous;
  const sentHashes = await anonymous.refreshHashes(refreshToken);
  const { token, hashes } = await anonymous.newRefreshToken(refreshToken);
  const exchange = { ...origin, clientId, ...sentHashes, newHash: hashes.tokenHash, now, idleMs: idleMs.tokens };
  const refreshed = await exchangeRefreshToken(db, exchange, anonymous.budgets);
  if (refreshed !== null) {
    const { session, member } = refreshed;
    const narrowed = { ...session, scope: intersectScopes(session.scope, scope) };
    return issueTokens(anonymous, narrowed, { member, resellerId: session.resellerId }, token);
  }
  await endReusedSession(db, sentHashes, { now, requestId, ...origin });
  return null;
}

export async function exceedsSessionScope(
  { db, refreshHashes }: Pick<AnonymousContext, 'db' | 'refreshHashes'>,
  refreshToken: string,
  scope: string,
): Promise<boolean> {
  return exceedsFamilyScope(db, (await refreshHashes(refreshToken)).familyHash, scope);
}
