import { type AuthorizingClient, findConsentedScopes, insertAuthorizationCode } from '../../db/sessions/authorize.ts';
import { CODE_LIFE_MS } from '../../model/limits/index.ts';
import type { Session } from '../../model/sessions/session.ts';
import type { AnonymousContext } from '../sign-in/anonymous-context.ts';

export { type AuthorizingClient, findAuthorizingClient, findConsentedScopes } from '../../db/sessions/authorize.ts';

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
  consentAskedAt: number | null,
): Promise<string | null> {
  const { db, now, newId, requestId, origin } = anonymous;
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
  const grantedBefore = consentAskedAt !== null ? await findConsentedScopes(db, { userId, clientId: client.id }) : '';
  const details = { name: client.name, scope: scope.join(' '), sessionId: session.id, ...origin };
  const consent = consentAskedAt !== null && {
    askedAt: consentAskedAt,
    userId,
    resellerId,
    scope: [...new Set([...grantedBefore.split(' '), ...scope])].join(' ').trim(),
    event: { type: 'account.consent-granted', details } as const,
    consentId: newId(),
    eventId: newId(),
    requestId,
    origin,
  };
  return (await insertAuthorizationCode(db, code, consent || null, anonymous.budgets)) ? token : null;
}
