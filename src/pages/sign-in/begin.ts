import { beginFlow } from '../../domain/flows.ts';
import { browserOf } from '../../http/browser.ts';
import type { Exchange } from '../../http/exchange.ts';
import type { Goal } from '../../model/flow.ts';
import { seeOther } from '../redirect.ts';

/** What the page may know already: the address to fill in, and that somebody who is signed in has to show it `again`. */
export type Hints = { readonly email?: string | null; readonly again?: boolean };

/** Begins a sign-in and sends the browser to its page, which leads to `goal`. `resellerId` null: the user's own. */
export async function sendToSignIn(
  exchange: Exchange,
  goal: Goal,
  resellerId: string | null,
  { email = null, again = false }: Hints = {},
): Promise<Response> {
  const browser = await browserOf(exchange);
  const flow = await beginFlow(exchange, browser, { goal, resellerId });
  const hints = { ...(email !== null && { email }), ...(again && { again: '1' }) };
  return seeOther(`${signInPath(flow)}&${new URLSearchParams(hints)}`.replace(/&$/, ''), browser.cookie);
}

/** The page of a sign-in that is under way. */
export function signInPath(flowId: string): string {
  return `/sign-in?flow=${flowId}`;
}
