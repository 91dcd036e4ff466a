import { submitFactor } from '../../domain/sign-in/page-sign-in.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { FACTOR_CODE_MAX_CHARS } from '../../model/limits/index.ts';
import { answerStep } from './answer-step.ts';
import { overPage } from './message.ts';
import { showFactor } from './show.ts';
import { answerForm, type Form } from './visit.ts';

/** `POST /sign-in/factor`: the second step by a code of the authenticator, or by a recovery code. */
export function signInByFactor(context: RequestContext): Promise<Response> {
  return answerForm(context, {
    perform: async (visit, form, anonymous) => {
      const { flow } = visit;
      if (flow.userId === null) return overPage(visit);
      const factor = { code: codeIn(form['code']), recoveryCode: codeIn(form['recoveryCode']) };
      return answerStep(context, flow, await submitFactor(anonymous, flow, factor));
    },
    retry: (visit, form) => showFactor(context, visit, whichOf(form)),
  });
}

function codeIn(text: string | undefined): string | undefined {
  const code = text?.trim().slice(0, FACTOR_CODE_MAX_CHARS);
  return code === '' ? undefined : code;
}

const whichOf = (form: Form) => (form['recoveryCode'] === undefined ? 'code' : 'recoveryCode');
