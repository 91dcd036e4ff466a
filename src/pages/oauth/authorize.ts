import { findConsentedScopes, issueAuthorizationCode } from '../../domain/sessions/authorize.ts';
import { openAnonymousContext } from '../../http/callers/anonymous-context.ts';
import { findSignedInSession } from '../../http/callers/browser.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { formActionSource } from '../../model/clients/redirect-uri.ts';
import { scopesInTenant } from '../../model/users/role.ts';
import { seeOther } from '../redirect.ts';
import { sendToSignIn } from '../sign-in/begin.ts';
import { signInRateLimitGate } from '../sign-in/visit.ts';
import { runGates } from '../visit.ts';
import { redirectWithCode } from './authorization-reply.ts';
import { nextStep, requiredFreshness } from './authorization-step.ts';
import { consentPage } from './consent-page.ts';
import { answerFault } from './fault-page.ts';
import { type AcceptedAuthorization, authorizePath, readAuthorization } from './read-authorization.ts';
import { findSignInStart } from './sign-in-start.ts';

/** OAuth 2.1 §4.1.1, OpenID Connect Core 1.0 §3.1.2. */
export async function authorize(context: RequestContext): Promise<Response> {
  const { url } = context;
  const stopped = await runGates(context, [signInRateLimitGate()]);
  if (stopped !== null) return stopped;
  const authorization = await readAuthorization(context, url.searchParams);
  return authorization instanceof Response ? authorization : continueAuthorization(context, authorization);
}

async function continueAuthorization(context: RequestContext, authorization: AcceptedAuthorization): Promise<Response> {
  const { client, request } = authorization;
  const { env, db: database, now } = context;
  const browserSession = await findSignedInSession(context);
  const signedIn = browserSession?.session.resellerId === client.resellerId ? browserSession : null;
  const user = signedIn && {
    signedInAt: signedIn.session.createdAt,
    authenticatedAt: signedIn.session.authenticatedAt,
    factorDue: signedIn.factorDue,
    rights: scopesInTenant(signedIn.session.resellerId, signedIn.member, signedIn.member.roles),
  };
  const askedAt = await findSignInStart(context, request);
  const consented =
    signedIn === null ? '' : await findConsentedScopes(database, { userId: signedIn.member.id, clientId: client.id });
  const step = nextStep({ request, client, user, askedAt, consented, now });
  if (step.kind === 'fault') return answerFault(context, client, request, step.fault);
  if (step.kind === 'sign-in' || signedIn === null) return signIn(context, authorization);
  if (step.kind === 'enrol') return seeOther('/account');
  const { scope } = step;
  if (step.kind === 'consent') return consentPage(context, authorization, signedIn, scope);
  const code = await issueAuthorizationCode(
    openAnonymousContext(context),
    { client, session: signedIn.session },
    { ...request, scope },
    null,
  );
  return code === null ? signIn(context, authorization) : redirectWithCode(env.publicUrl, request, code);
}

/** Returns to the same request, which is checked again. */
async function signIn(context: RequestContext, { client, request }: AcceptedAuthorization): Promise<Response> {
  const { redirectUri, loginHint: email } = request;
  const origin = formActionSource(redirectUri);
  const goal = { kind: 'page', path: authorizePath(request), origin, ...requiredFreshness(request) } as const;
  return sendToSignIn(context, goal, client.resellerId, { email });
}
