import { type AuthorizingClient, findConsent, insertCode } from '../../db/sessions/authorize.ts';
import { CODE_LIFE_MS } from '../../model/limits/index.ts';
import type { Session } from '../../model/sessions/session.ts';
import type { AnonymousContext } from '../sign-in/anonymous-context.ts';

export { type AuthorizingClient, findAuthorizingClient, findConsent } from '../../db/sessions/authorize.ts';

export type CodeAuthorization = {
  readonly redirectUri: string;
  readonly nonce: string | null;
  readonly codeChallenge: string;
  readonly scope: readonly string[];
};
type ClientSession = { readonly client: Pick<AuthorizingClient, 'id' | 'name'>; readonly session: Session };

/**
 * `consentAskedAt`: when the user who has just agreed was asked; null if not asked. Returns null if the session, the
 * consent or the client has ended or changed since.
 */
export async function issueAuthorizationCode(
  anonymous: Pick<AnonymousContext, 'db' | 'budgets' | 'origin' | 'requestId' | 'now' | 'newId' | 'newOpaqueToken'>,
  { client, session }: ClientSession,
  authorization: CodeAuthorization,
  agreedTo: number | null,
): Promise<string | null> {
  const { db: database, now, newId, requestId, origin } = anonymous;
  const { token, tokenHash } = await anonymous.newOpaqueToken();
  const { redirectUri, nonce, codeChallenge, scope } = authorization;
  const code = {
    ...{ redirectUri, nonce, codeChallenge },
    codeHash: tokenHash,
    clientId: client.id,
    sessionId: session.id,
    scope: scope.join(' '),
    createdAt: now,
    expiresAt: now + CODE_LIFE_MS,
  };
  const { userId, resellerId } = session;
  const before = agreedTo !== null ? await findConsent(database, { userId, clientId: client.id }) : '';
  const details = { name: client.name, scope: scope.join(' '), sessionId: session.id, ...origin };
  const agreement = agreedTo !== null && {
    askedAt: agreedTo,
    userId,
    resellerId,
    scope: [...new Set([...before.split(' '), ...scope])].join(' ').trim(),
    event: { type: 'account.consent-granted', details } as const,
    consentId: newId(),
    eventId: newId(),
    requestId,
    origin,
  };
  return (await insertCode(database, code, agreement || null, anonymous.budgets)) ? token : null;
}
