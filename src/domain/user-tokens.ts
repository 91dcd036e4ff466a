import type { Candidate } from '../db/candidates.ts';
import { FIRST_PARTY } from '../model/actor.ts';
import { readIdentity } from '../model/identity-scope.ts';
import { rightsIn } from '../model/role.ts';
import { narrowScope } from '../model/scope.ts';
import { type Session, signedInAt, type Tokens } from '../model/session.ts';
import type { Visitor } from './visitor.ts';

/** The tokens of a session. The rights are the user's at this moment, as far as its client may use them. */
export async function tokensOf(
  visitor: Pick<Visitor, 'issueToken' | 'accessTokenSeconds'>,
  session: Session,
  { member, resellerId }: Pick<Candidate, 'member' | 'resellerId'>,
  refreshToken: string,
): Promise<Tokens> {
  const identity = readIdentity(session.scope ?? '');
  const rights = rightsIn(resellerId, member, member.roles).join(' ');
  const scope = [...identity, narrowScope(rights, session.scope)].join(' ').trim();
  const accessToken = await visitor.issueToken({
    subject: member.id,
    clientId: session.clientId ?? FIRST_PARTY,
    resellerId,
    scope,
    sessionId: session.id,
    signedInAt: session.clientId === null ? signedInAt(session) : null,
  });
  return { accessToken, refreshToken, expiresInSeconds: visitor.accessTokenSeconds, scope };
}
