import { authorize as authorizeClient, findConsent } from '../../domain/sessions/authorize.ts';
import { signedInWith } from '../../http/callers/browser.ts';
import { openVisitor } from '../../http/callers/visitor.ts';
import type { Exchange } from '../../http/exchange.ts';
import { formTarget } from '../../model/clients/redirect-uri.ts';
import { rightsIn } from '../../model/users/role.ts';
import { replyWithCode } from '../../oauth/authorization-reply.ts';
import { freshnessOf, nextStep } from '../../oauth/authorization-step.ts';
import { seeOther } from '../redirect.ts';
import { sendToSignIn } from '../sign-in/begin.ts';
import { busyPage } from '../sign-in/message.ts';
import { plainVisit, waitSeconds } from '../sign-in/visit.ts';
import { type Asked, authorizePath, readAsked } from './asked.ts';
import { consentPage } from './consent-page.ts';
import { answerFault } from './fault.ts';
import { askedSince } from './fresh.ts';

/** `GET /oauth/authorize` (OAuth 2.1 §4.1.1, OpenID Connect Core 1.0 §3.1.2): leads to a code by way of sign-in and consent. */
export async function authorize(exchange: Exchange): Promise<Response> {
  const { url } = exchange;
  const wait = await waitSeconds(exchange);
  if (wait !== null) return busyPage(plainVisit(exchange), wait);
  const asked = await readAsked(exchange, url.searchParams);
  return asked instanceof Response ? asked : goOn(exchange, asked);
}

async function goOn(exchange: Exchange, asked: Asked): Promise<Response> {
  const { client, request } = asked;
  const { env, session: database, now } = exchange;
  const anybody = await signedInWith(exchange);
  const signedIn = anybody?.session.resellerId === client.resellerId ? anybody : null;
  const user = signedIn && {
    signedInAt: signedIn.session.createdAt,
    authenticatedAt: signedIn.session.authenticatedAt,
    factorDue: signedIn.factorDue,
    rights: rightsIn(signedIn.session.resellerId, signedIn.member, signedIn.member.roles),
  };
  const askedAt = await askedSince(exchange, request);
  const consented =
    signedIn === null ? '' : await findConsent(database, { userId: signedIn.member.id, clientId: client.id });
  const step = nextStep({ request, client, user, askedAt, consented, now });
  if (step.kind === 'fault') return answerFault(exchange, client, request, step.fault);
  if (step.kind === 'sign-in' || signedIn === null) return signIn(exchange, asked);
  if (step.kind === 'enrol') return seeOther('/account');
  const { scope } = step;
  if (step.kind === 'consent') return consentPage(exchange, asked, signedIn, scope);
  const code = await authorizeClient(
    openVisitor(exchange),
    { client, session: signedIn.session },
    { ...request, scope },
    null,
  );
  return code === null ? signIn(exchange, asked) : replyWithCode(env.publicUrl, request, code);
}

/** The sign-in leads back to the very request, which is then judged anew. */
async function signIn(exchange: Exchange, { client, request }: Asked): Promise<Response> {
  const { redirectUri, loginHint: email } = request;
  const origin = formTarget(redirectUri);
  const goal = { kind: 'page', path: authorizePath(request), origin, ...freshnessOf(request) } as const;
  return sendToSignIn(exchange, goal, client.resellerId, { email });
}
