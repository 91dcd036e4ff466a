import type { Step } from '../../domain/page-sign-in.ts';
import { setCookie } from '../../http/cookies.ts';
import type { Exchange } from '../../http/exchange.ts';
import { json } from '../../http/reply.ts';
import type { Flow } from '../../model/flow.ts';
import { seeOther } from '../redirect.ts';
import { signInPath } from './begin.ts';

/** Where a step of a sign-in leads the browser: back for the second factor, to the goal's page, or to v3's tokens. */
export function answerStep({ env }: Pick<Exchange, 'env'>, flow: Flow, step: Step): Response {
  const place = placeAfter(flow, step);
  if (place !== null || step.kind === 'factor') return seeOther(place ?? signInPath(flow.id), cookieAfter(env, step));
  const { accessToken, refreshToken, expiresInSeconds } = step.tokens;
  return json({ accessToken, refreshToken, expiresIn: expiresInSeconds });
}

/** The page that comes next; null where tokens do. */
export function placeAfter({ id, goal }: Flow, step: Step): string | null {
  if (step.kind === 'factor') return signInPath(id);
  if (goal.kind === 'tokens') return null;
  // An authorization request learns that somebody has signed in since it was made.
  return goal.path.startsWith('/oauth/authorize?') ? `${goal.path}&flow=${id}` : goal.path;
}

/** The cookie that keeps the browser signed in from here on; null: it is not yet. */
export function cookieAfter(env: Exchange['env'], step: Step): string | null {
  return step.kind === 'factor' || step.cookie === null ? null : setCookie(env, 'session', step.cookie);
}
