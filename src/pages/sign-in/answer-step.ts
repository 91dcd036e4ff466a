import type { Step } from '../../domain/page-sign-in.ts';
import { setCookie } from '../../http/cookies.ts';
import type { Exchange } from '../../http/exchange.ts';
import { json } from '../../http/reply.ts';
import type { Flow } from '../../model/flow.ts';
import { seeOther } from '../redirect.ts';
import { signInPath } from './begin.ts';

/** Where a step of a sign-in leads the browser: back for the second factor, to the goal's page, or to v3's tokens. */
export function answerStep({ env }: Pick<Exchange, 'env'>, flow: Flow, step: Step): Response {
  if (step.kind === 'factor') return seeOther(signInPath(flow.id));
  if (flow.goal.kind === 'page' && step.cookie !== null)
    return seeOther(pathAfter(flow.id, flow.goal.path), setCookie(env, 'session', step.cookie));
  const { accessToken, refreshToken, expiresInSeconds } = step.tokens;
  return json({ accessToken, refreshToken, expiresIn: expiresInSeconds });
}

/** An authorization request learns that somebody has signed in since it was made. */
function pathAfter(flowId: string, path: string): string {
  return path.startsWith('/oauth/authorize?') ? `${path}&flow=${flowId}` : path;
}
