import * as v from 'valibot';
import type { AnonymousContext } from '../../domain/sign-in/anonymous-context.ts';
import { findOpenFlow } from '../../domain/sign-in/flows.ts';
import { openAnonymousContext } from '../../http/callers/anonymous-context.ts';
import { isSameOriginForm, readOrCreateBrowser } from '../../http/callers/browser.ts';
import { type NetworkPolicy, SIGN_IN } from '../../http/rate-limits/policies.ts';
import { limitNetwork, secondsToWait } from '../../http/rate-limits/rate-limit.ts';
import type { FollowUp, RequestContext } from '../../http/request-context.ts';
import type { Failure } from '../../model/failure.ts';
import { Id } from '../../model/fields.ts';
import type { SignInFlow } from '../../model/sign-in/flow.ts';
import { acceptedLanguage, languageAskedFor } from '../accept-language.ts';
import type { Form, Gate } from '../visit.ts';
import { busyPage, crossSiteFormPage, flowEndedPage } from './message.ts';
import type { SignInVisit } from './sign-in-page.ts';

export type FlowVisit = SignInVisit & {
  readonly flow: SignInFlow;
  readonly anonymous: AnonymousContext;
  readonly followUp: FollowUp;
};

export function plainVisit({ request }: Pick<RequestContext, 'request'>): SignInVisit {
  return { language: acceptedLanguage(request.headers.get('Accept-Language')), flow: null, branding: null };
}

/** Null if the flow has ended or belongs to another browser. */
export async function flowVisit(context: RequestContext, id: string): Promise<FlowVisit | null> {
  const found = v.is(Id, id) ? await findOpenFlow(context, await readOrCreateBrowser(context), id) : null;
  if (found === null) return null;
  const anonymous = openAnonymousContext(context);
  const { eventIds, emailIds } = anonymous;
  const accepted = context.request.headers.get('Accept-Language');
  const language = languageAskedFor(uiLocalesIn(found.flow), accepted);
  return { ...found, language, anonymous, followUp: { eventIds, emailIds, tasks: [] } };
}

/** From the authorization request that the flow returns to. */
function uiLocalesIn({ goal }: SignInFlow): string | null {
  const [, query] = goal.kind === 'page' ? goal.path.split('?') : [];
  return new URLSearchParams(query).get('ui_locales');
}

export const sameOriginFormGate: Gate = (context) =>
  isSameOriginForm(context) ? null : crossSiteFormPage(plainVisit(context));

type BusyResponder = (context: RequestContext, retryAfterSeconds: number) => Response | Promise<Response>;

/** Applies the sign-in rate, and further ones. */
export function rateLimitGate(busy: BusyResponder, further: readonly NetworkPolicy[] = []): Gate {
  return async (context) => {
    for (const policy of [SIGN_IN, ...further]) {
      const wait = await secondsToWait(limitNetwork(context, policy));
      if (wait !== null) return busy(context, wait);
    }
    return null;
  };
}

const busySignInPage: BusyResponder = (context, seconds) => busyPage(plainVisit(context), seconds);

export const signInRateLimitGate = (...further: readonly NetworkPolicy[]) => rateLimitGate(busySignInPage, further);

export const FLOW_FORM = {
  gates: [sameOriginFormGate, signInRateLimitGate()],
  visit: (context: RequestContext, form: Form) => flowVisitOrEndedPage(context, form['flow'] ?? ''),
};

export async function flowVisitOrEndedPage(context: RequestContext, id: string): Promise<FlowVisit | Response> {
  return (await flowVisit(context, id)) ?? flowEndedPage(plainVisit(context));
}

/** Shows the page again, or that there were too many attempts. */
export function showAgainOrBusy(show: (visit: FlowVisit, form: Form) => Promise<Response>) {
  return (failure: Failure, visit: FlowVisit, form: Form): Promise<Response> =>
    failure.kind === 'rate_limited' ? busyPage(visit, failure.retryAfterSeconds) : show(visit, form);
}
