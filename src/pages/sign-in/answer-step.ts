import { signOut } from '../../domain/sessions/sessions.ts';
import type { SignInStep } from '../../domain/sign-in/page-sign-in.ts';
import { findSignedInSession } from '../../http/callers/browser.ts';
import { deviceCookie } from '../../http/callers/devices.ts';
import { setCookie } from '../../http/cookies.ts';
import { jsonResponse } from '../../http/reply.ts';
import type { RequestContext } from '../../http/request-context.ts';
import type { SignInFlow } from '../../model/sign-in/flow.ts';
import { seeOther } from '../redirect.ts';
import { signInPath } from './sign-in-page.ts';

export async function answerStep(context: RequestContext, flow: SignInFlow, step: SignInStep): Promise<Response> {
  const target = targetAfter(flow, step);
  return withCookies(
    typeof target === 'string' ? seeOther(target) : jsonResponse(target),
    await cookiesAfter(context, step),
  );
}

/** A script follows `location` or shows the rest. */
export async function answerScriptedStep(
  context: RequestContext,
  flow: SignInFlow,
  step: SignInStep,
): Promise<Response> {
  const target = targetAfter(flow, step);
  const answer = jsonResponse(typeof target === 'string' ? { location: target } : target);
  return withCookies(answer, await cookiesAfter(context, step));
}

function targetAfter({ id, goal }: SignInFlow, step: SignInStep) {
  if (step.kind !== 'session') return signInPath(id);
  if (goal.kind === 'tokens') {
    const { accessToken, refreshToken, expiresInSeconds } = step.tokens;
    return { accessToken, refreshToken, expiresIn: expiresInSeconds };
  }
  // Tells the authorization request that a sign-in has finished.
  return goal.path.startsWith('/oauth/authorize?') ? `${goal.path}&flow=${id}` : goal.path;
}

function withCookies(answer: Response, cookies: readonly string[]): Response {
  for (const cookie of cookies) answer.headers.append('Set-Cookie', cookie);
  return answer;
}

/** None while another step is due. They replace the browser's earlier session. */
async function cookiesAfter(context: RequestContext, step: SignInStep): Promise<readonly string[]> {
  if (step.kind !== 'session') return [];
  const device = await deviceCookie(context, step.session.userId);
  if (step.cookie === null) return [device];
  const formerSession = await findSignedInSession(context);
  if (formerSession !== null) await signOut(context.db, formerSession.session, context);
  return [setCookie(context.env, 'session', step.cookie), device];
}
