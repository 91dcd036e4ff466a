import type { SignInUser } from '../../db/sign-in/lookup.ts';
import { readIdentity } from '../../model/clients/identity-scope.ts';
import { narrowScope } from '../../model/clients/scope.ts';
import { FIRST_PARTY } from '../../model/sessions/actor.ts';
import { type Session, signedInAt, type Tokens } from '../../model/sessions/session.ts';
import { rightsIn } from '../../model/users/role.ts';
import type { AnonymousContext } from '../sign-in/anonymous-context.ts';

/** Rights are the user's current ones, limited to the session's scope. */
export async function issueTokens(
  anonymous: Pick<AnonymousContext, 'issueToken' | 'accessTokenSeconds'>,
  session: Session,
  { member, resellerId }: Pick<SignInUser, 'member' | 'resellerId'>,
  refreshToken: string,
): Promise<Tokens> {
  const identity = readIdentity(session.scope ?? '');
  const rights = rightsIn(resellerId, member, member.roles).join(' ');
  const scope = [...identity, narrowScope(rights, session.scope)].join(' ').trim();
  const accessToken = await anonymous.issueToken({
    subject: member.id,
    clientId: session.clientId ?? FIRST_PARTY,
    resellerId,
    scope,
    sessionId: session.id,
    signedInAt: session.clientId === null ? signedInAt(session) : null,
  });
  return { accessToken, refreshToken, expiresInSeconds: anonymous.accessTokenSeconds, scope };
}
