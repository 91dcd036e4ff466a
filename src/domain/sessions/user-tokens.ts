import type { SignInUser } from '../../db/sign-in/lookup.ts';
import { readIdentityScopes } from '../../model/clients/identity-scope.ts';
import { intersectScopes } from '../../model/clients/scope.ts';
import { FIRST_PARTY_CLIENT_ID } from '../../model/sessions/actor.ts';
import { type Session, type SessionTokens, signedInAt } from '../../model/sessions/session.ts';
import { scopesInTenant } from '../../model/users/role.ts';
import type { AnonymousContext } from '../sign-in/anonymous-context.ts';

/** Rights are the user's current ones, limited to the session's scope. */
export async function issueTokens(
  anonymous: Pick<AnonymousContext, 'issueToken' | 'accessTokenSeconds'>,
  session: Session,
  { member, resellerId }: Pick<SignInUser, 'member' | 'resellerId'>,
  refreshToken: string,
): Promise<SessionTokens> {
  const identity = readIdentityScopes(session.scope ?? '');
  const rights = scopesInTenant(resellerId, member, member.roles).join(' ');
  const scope = [...identity, intersectScopes(rights, session.scope)].join(' ').trim();
  const accessToken = await anonymous.issueToken({
    subject: member.id,
    clientId: session.clientId ?? FIRST_PARTY_CLIENT_ID,
    resellerId,
    scope,
    sessionId: session.id,
    signedInAt: session.clientId === null ? signedInAt(session) : null,
  });
  return { accessToken, refreshToken, expiresInSeconds: anonymous.accessTokenSeconds, scope };
}
