import { findConsentedScopes, issueAuthorizationCode } from '../../domain/sessions/authorize.ts';
import { openAnonymousContext } from '../../http/callers/anonymous-context.ts';
import { signedInWith } from '../../http/callers/browser.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { formActionSource } from '../../model/clients/redirect-uri.ts';
import { scopesInTenant } from '../../model/users/role.ts';
import { seeOther } from '../redirect.ts';
import { sendToSignIn } from '../sign-in/begin.ts';
import { signInRates } from '../sign-in/visit.ts';
import { stopAt } from '../visit.ts';
import { type Asked, authorizePath, readAsked } from './asked.ts';
import { redirectWithCode } from './authorization-reply.ts';
import { nextStep, requiredFreshness } from './authorization-step.ts';
import { consentPage } from './consent-page.ts';
import { answerFault } from './fault.ts';
import { askedSince } from './fresh.ts';

/** OAuth 2.1 §4.1.1, OpenID Connect Core 1.0 §3.1.2. */
export async function authorize(context: RequestContext): Promise<Response> {
  const { url } = context;
  const stopped = await stopAt(context, [signInRates()]);
  if (stopped !== null) return stopped;
  const asked = await readAsked(context, url.searchParams);
  return asked instanceof Response ? asked : goOn(context, asked);
}

async function goOn(context: RequestContext, asked: Asked): Promise<Response> {
  const { client, request } = asked;
  const { env, db: database, now } = context;
  const anybody = await signedInWith(context);
  const signedIn = anybody?.session.resellerId === client.resellerId ? anybody : null;
  const user = signedIn && {
    signedInAt: signedIn.session.createdAt,
    authenticatedAt: signedIn.session.authenticatedAt,
    factorDue: signedIn.factorDue,
    rights: scopesInTenant(signedIn.session.resellerId, signedIn.member, signedIn.member.roles),
  };
  const askedAt = await askedSince(context, request);
  const consented =
    signedIn === null ? '' : await findConsentedScopes(database, { userId: signedIn.member.id, clientId: client.id });
  const step = nextStep({ request, client, user, askedAt, consented, now });
  if (step.kind === 'fault') return answerFault(context, client, request, step.fault);
  if (step.kind === 'sign-in' || signedIn === null) return signIn(context, asked);
  if (step.kind === 'enrol') return seeOther('/account');
  const { scope } = step;
  if (step.kind === 'consent') return consentPage(context, asked, signedIn, scope);
  const code = await issueAuthorizationCode(
    openAnonymousContext(context),
    { client, session: signedIn.session },
    { ...request, scope },
    null,
  );
  return code === null ? signIn(context, asked) : redirectWithCode(env.publicUrl, request, code);
}

/** Returns to the same request, which is checked again. */
async function signIn(context: RequestContext, { client, request }: Asked): Promise<Response> {
  const { redirectUri, loginHint: email } = request;
  const origin = formActionSource(redirectUri);
  const goal = { kind: 'page', path: authorizePath(request), origin, ...requiredFreshness(request) } as const;
  return sendToSignIn(context, goal, client.resellerId, { email });
}
