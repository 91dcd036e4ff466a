import { endReusedSession, exchangeToken } from '../db/refreshing.ts';
import type { Tokens } from '../model/session.ts';
import { tokensOf } from './sign-in.ts';
import type { Visitor } from './visitor.ts';

/**
 * Exchanges a refresh token for fresh tokens, once; one that comes again ends its session. Null where it is not good, for
 * whatever reason. `clientId`: the API client that it was given to, if it was to one.
 */
export async function refreshSession(
  visitor: Visitor,
  refreshToken: string,
  clientId: string | null,
): Promise<Tokens | null> {
  const { session: database, now, requestId, origin } = visitor;
  const tokenHash = await visitor.opaqueTokenHash(refreshToken);
  const { token, tokenHash: newHash } = await visitor.newOpaqueToken();
  const found = await exchangeToken(database, { ...origin, clientId, tokenHash, newHash, now });
  if (found !== null) {
    const { session, member } = found;
    return tokensOf(visitor, session, { member, resellerId: session.resellerId }, token);
  }
  await endReusedSession(database, tokenHash, { now, requestId });
  return null;
}
