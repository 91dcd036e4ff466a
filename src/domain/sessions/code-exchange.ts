import { type ExchangedCode, endReplayedSession, exchangeCode as exchange } from '../../db/sessions/code-exchange.ts';
import type { SessionTokens } from '../../model/sessions/session.ts';
import type { AnonymousContext } from '../sign-in/anonymous-context.ts';
import { issueTokens } from './user-tokens.ts';

/** RFC 6749 §4.1.3, RFC 7636 §4.5. */
export type CodeExchangeRequest = {
  readonly code: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly codeChallenge: string;
};

/** A replayed code ends its session (RFC 6749 §4.1.2). Null for an invalid code. */
export async function exchangeCode(
  anonymous: AnonymousContext,
  { code, ...request }: CodeExchangeRequest,
): Promise<(ExchangedCode & { readonly tokens: SessionTokens }) | null> {
  const { db, now, newId, requestId, origin } = anonymous;
  const codeHash = await anonymous.opaqueTokenHash(code);
  const { token, hashes: refresh } = await anonymous.newRefreshToken();
  const exchangeInput = {
    ...request,
    codeHash,
    session: { ...origin, id: newId(), createdAt: now, usedAt: now, expiresAt: now + anonymous.idleMs.tokens },
    refresh,
    eventId: newId(),
    requestId,
  };
  const exchanged = await exchange(db, exchangeInput, anonymous.budgets);
  if (exchanged === null) {
    await endReplayedSession(db, { codeHash, clientId: request.clientId }, { now, requestId, ...origin });
    return null;
  }
  const { session, member } = exchanged;
  return {
    ...exchanged,
    tokens: await issueTokens(anonymous, session, { member, resellerId: session.resellerId }, token),
  };
}
