import * as v from 'valibot';
import type { AnonymousContext } from '../../domain/sign-in/anonymous-context.ts';
import { openFlow } from '../../domain/sign-in/flows.ts';
import { FORM, parseForm, readBytes } from '../../http/body.ts';
import { openAnonymousContext } from '../../http/callers/anonymous-context.ts';
import { browserOf, isOwnForm } from '../../http/callers/browser.ts';
import { type NetworkPolicy, SIGN_IN } from '../../http/rate-limits/policies.ts';
import { limitNetwork, secondsToWait } from '../../http/rate-limits/rate-limit.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { exceededBudget, type Failure, Refusal } from '../../model/failure.ts';
import { Id } from '../../model/fields.ts';
import type { SignInFlow } from '../../model/sign-in/flow.ts';
import { acceptedLanguage, languageAskedFor } from '../accept-language.ts';
import { busyPage, foreignPage, overPage } from './message.ts';
import type { SignInVisit } from './sign-in-page.ts';

export type { SignInVisit } from './sign-in-page.ts';
/** A visit in the course of a sign-in that goes on. */
export type FlowVisit = SignInVisit & { readonly flow: SignInFlow };

/** A visit outside any flow. */
export function plainVisit({ request }: Pick<RequestContext, 'request'>): SignInVisit {
  return { language: acceptedLanguage(request.headers.get('Accept-Language')), flow: null, branding: null };
}

/** The visit of a flow by its id, as it came; null where that is over, or another browser's. */
export async function flowVisit(context: RequestContext, id: string): Promise<FlowVisit | null> {
  const found = v.is(Id, id) ? await openFlow(context, await browserOf(context), id) : null;
  if (found === null) return null;
  const accepted = context.request.headers.get('Accept-Language');
  return { ...found, language: languageAskedFor(uiLocalesIn(found.flow), accepted) };
}

/** Which languages the authorization request asks for that a flow leads back to. */
function uiLocalesIn({ goal }: SignInFlow): string | null {
  const [, query] = goal.kind === 'page' ? goal.path.split('?') : [];
  return new URLSearchParams(query).get('ui_locales');
}

/** How many seconds the address has to wait that asked too often, be it for other things too; null: it has not. */
export async function waitSeconds(
  context: RequestContext,
  ...further: readonly NetworkPolicy[]
): Promise<number | null> {
  for (const policy of [SIGN_IN, ...further]) {
    const wait = await secondsToWait(limitNetwork(context, policy));
    if (wait !== null) return wait;
  }
  return null;
}

export type Form = Readonly<Record<string, string>>;
type Work = {
  /** What the form asks for. */
  readonly perform: (visit: FlowVisit, form: Form, anonymous: AnonymousContext) => Promise<Response>;
  /** The page once more, as what was sent is not good. */
  readonly retry: (visit: FlowVisit, form: Form, failure: Failure) => Promise<Response>;
  /** What it counts as beside a request of these pages. */
  readonly policies?: readonly NetworkPolicy[];
};

/** Answers a form of a flow's page: sent from there, not too often, and while the flow goes on. */
export async function answerForm(context: RequestContext, { perform, retry, policies = [] }: Work): Promise<Response> {
  if (!isOwnForm(context)) return foreignPage(plainVisit(context));
  const wait = await waitSeconds(context, ...policies);
  if (wait !== null) return busyPage(plainVisit(context), wait);
  const form = await readForm(context.request);
  const visit = await flowVisit(context, form['flow'] ?? '');
  if (visit === null) return overPage(plainVisit(context));
  const anonymous = openAnonymousContext(context);
  try {
    return await perform(visit, form, anonymous);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { failure } = error;
    context.observed.budget = exceededBudget(failure);
    return failure.kind === 'rate_limited' ? busyPage(visit, failure.retryAfterSeconds) : retry(visit, form, failure);
  } finally {
    context.committed({ eventIds: anonymous.eventIds, emailIds: anonymous.emailIds, tasks: [] });
  }
}

/** The fields of a form; none where it is not one. */
export async function readForm(request: Request): Promise<Form> {
  try {
    return parseForm(await readBytes(request, [FORM], false));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return {};
  }
}
