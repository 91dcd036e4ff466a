import * as v from 'valibot';
import type { AnonymousContext } from '../../domain/sign-in/anonymous-context.ts';
import { findOpenFlow } from '../../domain/sign-in/flows.ts';
import { openAnonymousContext } from '../../http/callers/anonymous-context.ts';
import { browserOf, isOwnForm } from '../../http/callers/browser.ts';
import { type NetworkPolicy, SIGN_IN } from '../../http/rate-limits/policies.ts';
import { limitNetwork, secondsToWait } from '../../http/rate-limits/rate-limit.ts';
import type { FollowUp, RequestContext } from '../../http/request-context.ts';
import type { Failure } from '../../model/failure.ts';
import { Id } from '../../model/fields.ts';
import type { SignInFlow } from '../../model/sign-in/flow.ts';
import { acceptedLanguage, languageAskedFor } from '../accept-language.ts';
import type { Form, Gate } from '../visit.ts';
import { busyPage, foreignPage, overPage } from './message.ts';
import type { SignInVisit } from './sign-in-page.ts';

/** A request in the course of a sign-in that goes on. */
export type FlowVisit = SignInVisit & {
  readonly flow: SignInFlow;
  readonly anonymous: AnonymousContext;
  readonly followUp: FollowUp;
};

/** A visit outside any flow. */
export function plainVisit({ request }: Pick<RequestContext, 'request'>): SignInVisit {
  return { language: acceptedLanguage(request.headers.get('Accept-Language')), flow: null, branding: null };
}

/** The visit of a flow by its id; null where that is over, or another browser's. */
export async function flowVisit(context: RequestContext, id: string): Promise<FlowVisit | null> {
  const found = v.is(Id, id) ? await findOpenFlow(context, await browserOf(context), id) : null;
  if (found === null) return null;
  const anonymous = openAnonymousContext(context);
  const { eventIds, emailIds } = anonymous;
  const accepted = context.request.headers.get('Accept-Language');
  const language = languageAskedFor(uiLocalesIn(found.flow), accepted);
  return { ...found, language, anonymous, followUp: { eventIds, emailIds, tasks: [] } };
}

/** Which languages the authorization request asks for that a flow leads back to. */
function uiLocalesIn({ goal }: SignInFlow): string | null {
  const [, query] = goal.kind === 'page' ? goal.path.split('?') : [];
  return new URLSearchParams(query).get('ui_locales');
}

/** Lets a form or a script's request pass that one of our pages sent. */
export const ownForm: Gate = (context) => (isOwnForm(context) ? null : foreignPage(plainVisit(context)));

type Busy = (context: RequestContext, retryAfterSeconds: number) => Response | Promise<Response>;

/** Lets a request pass whose network is within its rates: that of signing in, and further ones. */
export function withinRates(busy: Busy, further: readonly NetworkPolicy[] = []): Gate {
  return async (context) => {
    for (const policy of [SIGN_IN, ...further]) {
      const wait = await secondsToWait(limitNetwork(context, policy));
      if (wait !== null) return busy(context, wait);
    }
    return null;
  };
}

const busyHere: Busy = (context, seconds) => busyPage(plainVisit(context), seconds);

/** The gate of a page of the sign-in, and with `LINK` of one that has links mailed. */
export const signInRates = (...further: readonly NetworkPolicy[]) => withinRates(busyHere, further);

/** What all forms of a flow's pages share. */
export const FLOW_FORM = {
  gates: [ownForm, signInRates()],
  visit: (context: RequestContext, form: Form) => flowOrOver(context, form['flow'] ?? ''),
};

/** The visit of a flow, or the page that says that it is over. */
export async function flowOrOver(context: RequestContext, id: string): Promise<FlowVisit | Response> {
  return (await flowVisit(context, id)) ?? overPage(plainVisit(context));
}

/** Shows the page again for what is wrong; or that there were too many attempts. */
export function retryBy(show: (visit: FlowVisit, form: Form) => Promise<Response>) {
  return (failure: Failure, visit: FlowVisit, form: Form): Promise<Response> =>
    failure.kind === 'rate_limited' ? busyPage(visit, failure.retryAfterSeconds) : show(visit, form);
}
