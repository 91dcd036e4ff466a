import { issueAuthorizationCode } from '../../domain/sessions/authorize.ts';
import { openAnonymousContext } from '../../http/callers/anonymous-context.ts';
import { actorOf, findSignedInSession } from '../../http/callers/browser.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { seeOther } from '../redirect.ts';
import { sameOriginFormGate, signInRateLimitGate } from '../sign-in/visit.ts';
import { readForm, runGates } from '../visit.ts';
import { redirectWithCode, redirectWithFault } from './authorization-reply.ts';
import { grantableScopes } from './authorization-step.ts';
import { authorizePath, readAuthorization } from './read-authorization.ts';
import { openQuestion } from './sealed-question.ts';
import { untrustedClientPage } from './stranger-page.ts';

/**
 * The answer counts only in the session that saw the question, and only for its scopes. A late one, or one after
 * another sign-in, shows the question again.
 */
export async function consent(context: RequestContext): Promise<Response> {
  const stopped = await runGates(context, [sameOriginFormGate, signInRateLimitGate()]);
  if (stopped !== null) return stopped;
  const { env, now } = context;
  const { question: sealed = '', answer } = await readForm(context.request);
  const signedIn = await findSignedInSession(context);
  const question = await openQuestion(env, sealed, { sessionId: signedIn?.session.id ?? null, now });
  if (question === null) return untrustedClientPage(context);
  const authorization = await readAuthorization(context, new URLSearchParams(question.query));
  if (authorization instanceof Response) return authorization;
  const { client, request } = authorization;
  if (signedIn === null || !question.current) return seeOther(authorizePath(request));
  if (answer !== 'allow') return redirectWithFault(env.publicUrl, request, { kind: 'denied' });
  const scope = grantableScopes(question.scope.join(' '), client, actorOf(signedIn).scopes);
  if (scope.length === 0) return redirectWithFault(env.publicUrl, request, { kind: 'scope' });
  const grantor = { client, session: signedIn.session };
  const code = await issueAuthorizationCode(
    openAnonymousContext(context),
    grantor,
    { ...request, scope },
    question.askedAt,
  );
  return code === null ? seeOther(authorizePath(request)) : redirectWithCode(env.publicUrl, request, code);
}
