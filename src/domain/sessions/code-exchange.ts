import { type Exchanged, endReplayedSession, exchangeCode as exchange } from '../../db/sessions/code-exchange.ts';
import type { SessionTokens } from '../../model/sessions/session.ts';
import type { AnonymousContext } from '../sign-in/anonymous-context.ts';
import { tokensOf } from './user-tokens.ts';

/** What a client sends along with a code (RFC 6749 §4.1.3, RFC 7636 §4.5). */
export type SentCode = {
  readonly code: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly codeChallenge: string;
};

/**
 * Exchanges a code for a session of the client's own, once; one that comes again ends that session. Null where it is not
 * good, for whatever reason.
 */
export async function exchangeCode(
  anonymous: AnonymousContext,
  { code, ...sent }: SentCode,
): Promise<(Exchanged & { readonly tokens: SessionTokens }) | null> {
  const { db: database, now, newId, requestId, origin } = anonymous;
  const codeHash = await anonymous.opaqueTokenHash(code);
  const { token, hashes: refresh } = await anonymous.newRefreshToken();
  const sentNow = {
    ...sent,
    codeHash,
    session: { ...origin, id: newId(), createdAt: now, usedAt: now, expiresAt: now + anonymous.idleMs.tokens },
    refresh,
    eventId: newId(),
    requestId,
  };
  const found = await exchange(database, sentNow, anonymous.budgets);
  if (found === null) {
    await endReplayedSession(database, { codeHash, clientId: sent.clientId }, { now, requestId, ...origin });
    return null;
  }
  const { session, member } = found;
  return { ...found, tokens: await tokensOf(anonymous, session, { member, resellerId: session.resellerId }, token) };
}
