import type { Step } from '../../domain/page-sign-in.ts';
import { signOut } from '../../domain/signing-out.ts';
import { signedInWith } from '../../http/browser.ts';
import { setCookie } from '../../http/cookies.ts';
import type { Exchange } from '../../http/exchange.ts';
import { json } from '../../http/reply.ts';
import type { Flow } from '../../model/flow.ts';
import { seeOther } from '../redirect.ts';
import { signInPath } from './path.ts';

/** Where a step of a sign-in leads the browser: back for a further proof, to the goal's page, or to v3's tokens. */
export async function answerStep(exchange: Exchange, flow: Flow, step: Step): Promise<Response> {
  const place = placeAfter(flow, step);
  return typeof place === 'string' ? seeOther(place, await cookieAfter(exchange, step)) : json(place);
}

/** The same for a script, which goes to `location` or shows whatever else it gets. */
export async function answerScriptedStep(exchange: Exchange, flow: Flow, step: Step): Promise<Response> {
  const place = placeAfter(flow, step);
  const cookie = await cookieAfter(exchange, step);
  return json(
    typeof place === 'string' ? { location: place } : place,
    200,
    cookie === null ? {} : { 'Set-Cookie': cookie },
  );
}

/** The page that comes next, or the tokens that do. */
function placeAfter({ id, goal }: Flow, step: Step) {
  if (step.kind !== 'session') return signInPath(id);
  if (goal.kind === 'tokens') {
    const { accessToken, refreshToken, expiresInSeconds } = step.tokens;
    return { accessToken, refreshToken, expiresIn: expiresInSeconds };
  }
  // An authorization request learns that somebody has signed in since it was made.
  return goal.path.startsWith('/oauth/authorize?') ? `${goal.path}&flow=${id}` : goal.path;
}

/**
 * The cookie that keeps the browser signed in from here on; null: it is not yet. What it was signed in by before is over, as
 * it has no cookie for that any more.
 */
async function cookieAfter(exchange: Exchange, step: Step): Promise<string | null> {
  if (step.kind !== 'session' || step.cookie === null) return null;
  const former = await signedInWith(exchange);
  if (former !== null) await signOut(exchange.session, former.session, exchange);
  return setCookie(exchange.env, 'session', step.cookie);
}
