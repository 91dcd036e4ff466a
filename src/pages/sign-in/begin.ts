import { beginFlow } from '../../domain/sign-in/flows.ts';
import { readOrCreateBrowser } from '../../http/callers/browser.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { exceededBudget, Refusal } from '../../model/failure.ts';
import { ANY_AGE, type Goal } from '../../model/sign-in/flow.ts';
import { seeOther } from '../redirect.ts';
import { busyPage } from './message.ts';
import type { Notice } from './texts/index.ts';
import { plainVisit } from './visit.ts';

export type SignInHints = { readonly email?: string | null; readonly notice?: Notice };

export const ACCOUNT_GOAL: Extract<Goal, { kind: 'page' }> = {
  kind: 'page',
  path: '/account',
  origin: null,
  ...ANY_AGE,
};

type SignInEntry = { readonly path?: '/sign-in' | '/sign-in/forgotten'; readonly cookie?: string | null };

/** Limited per network. `resellerId` null: the user's own. */
export async function sendToSignIn(
  context: RequestContext,
  goal: Goal,
  resellerId: string | null,
  { email = null, notice, cookie = null, path = '/sign-in' }: SignInHints & SignInEntry = {},
): Promise<Response> {
  const browser = await readOrCreateBrowser(context);
  try {
    const flow = await beginFlow(context, browser, { goal, resellerId });
    const query = new URLSearchParams({ flow, ...(email !== null && { email }), ...(notice && { notice }) });
    return seeOther(`${path}?${query}`, browser.cookie, cookie);
  } catch (error) {
    if (!(error instanceof Refusal) || error.failure.kind !== 'rate_limited') throw error;
    context.observed.budget = exceededBudget(error.failure);
    const page = await busyPage(plainVisit(context), error.failure.retryAfterSeconds);
    if (cookie !== null) page.headers.append('Set-Cookie', cookie);
    return page;
  }
}
