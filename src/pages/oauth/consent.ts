import { authorize } from '../../domain/sessions/authorize.ts';
import { actorOf, isOwnForm, signedInWith } from '../../http/callers/browser.ts';
import { openVisitor } from '../../http/callers/visitor.ts';
import type { Exchange } from '../../http/exchange.ts';
import { replyWithCode, replyWithFault } from '../../oauth/authorization-reply.ts';
import { grantable } from '../../oauth/authorization-step.ts';
import { seeOther } from '../redirect.ts';
import { busyPage, foreignPage } from '../sign-in/message.ts';
import { plainVisit, readForm, waitSeconds } from '../sign-in/visit.ts';
import { authorizePath, readAsked } from './asked.ts';
import { openQuestion } from './sealed-question.ts';
import { strangerPage } from './stranger-page.ts';

/**
 * `POST /oauth/consent`: what the user says to the page's question. It counts in the session that was asked, and for no more
 * than the page said; where it comes too late, or somebody else is signed in by now, it is asked anew.
 */
export async function consent(exchange: Exchange): Promise<Response> {
  if (!isOwnForm(exchange)) return foreignPage(plainVisit(exchange));
  const wait = await waitSeconds(exchange);
  if (wait !== null) return busyPage(plainVisit(exchange), wait);
  const { env, now } = exchange;
  const { question: sealed = '', answer } = await readForm(exchange.request);
  const signedIn = await signedInWith(exchange);
  const question = await openQuestion(env, sealed, { sessionId: signedIn?.session.id ?? null, now });
  if (question === null) return strangerPage(exchange);
  const asked = await readAsked(exchange, new URLSearchParams(question.query));
  if (asked instanceof Response) return asked;
  const { client, request } = asked;
  if (signedIn === null || !question.current) return seeOther(authorizePath(request));
  if (answer !== 'allow') return replyWithFault(env.publicUrl, request, { kind: 'denied' });
  const scope = grantable(question.scope.join(' '), client, actorOf(signedIn).scopes);
  if (scope.length === 0) return replyWithFault(env.publicUrl, request, { kind: 'scope' });
  const who = { client, session: signedIn.session };
  const code = await authorize(openVisitor(exchange), who, { ...request, scope }, question.askedAt);
  return code === null ? seeOther(authorizePath(request)) : replyWithCode(env.publicUrl, request, code);
}
