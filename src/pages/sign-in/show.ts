import { findAvailableFactors } from '../../domain/sign-in/page-sign-in.ts';
import { openAnonymousContext } from '../../http/callers/anonymous-context.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { type FactorView, factorView } from './factor-view.ts';
import { overPage } from './message.ts';
import { type PasswordView, passwordView } from './password-view.ts';
import { signInPage } from './sign-in-page.ts';
import { SIGN_IN_TEXTS } from './texts/index.ts';
import type { FlowVisit } from './visit.ts';

type Typed = Partial<Pick<PasswordView, 'email' | 'notice' | 'problem'>>;

/** The page of the first step, with what was typed and what is wrong with it. */
export function showPassword(
  { env }: RequestContext,
  visit: FlowVisit,
  { email = '', problem = null, notice = visit.flow.identity === null ? null : 'confirm' }: Typed,
): Promise<Response> {
  const texts = SIGN_IN_TEXTS[visit.language];
  const provider = env.oidcProvider?.name ?? null;
  const main = passwordView(texts, { flowId: visit.flow.id, email, notice, problem, provider });
  return signInPage(visit, { title: texts.heading, main, status: problem === null ? 200 : 400, scripted: true });
}

/** The page of the second step; `wrong` is what was shown and not good. */
export async function showFactor(
  context: RequestContext,
  visit: FlowVisit,
  wrong: FactorView['wrong'] = null,
): Promise<Response> {
  const { flow, language } = visit;
  const factors = await findAvailableFactors(openAnonymousContext(context), flow);
  if (factors === null) return overPage(visit);
  const texts = SIGN_IN_TEXTS[language];
  const startPath = flow.goal.kind === 'page' ? flow.goal.path : null;
  const main = factorView(texts, { flowId: flow.id, factors, wrong, startPath });
  const status = wrong === null ? 200 : 400;
  return signInPage(visit, { title: texts.factorHeading, main, status, scripted: factors.passkeys });
}
