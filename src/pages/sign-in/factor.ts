import { findAvailableFactors, submitFactor } from '../../domain/sign-in/page-sign-in.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { FACTOR_CODE_MAX_CHARS } from '../../model/limits/index.ts';
import { complaint, field, form, hidden, link } from '../parts.ts';
import { passkeyPanel } from '../passkey-panel.ts';
import { answerForm, type Form } from '../visit.ts';
import { answerStep } from './answer-step.ts';
import { flowEndedPage } from './message.ts';
import { signInPage } from './sign-in-page.ts';
import { SIGN_IN_TEXTS, type SignInTexts } from './texts/index.ts';
import { FLOW_FORM, type FlowVisit, showAgainOrBusy } from './visit.ts';

export async function showFactor(visit: FlowVisit, wrong: 'code' | 'recoveryCode' | null = null): Promise<Response> {
  const { flow, language, anonymous } = visit;
  const factors = await findAvailableFactors(anonymous, flow);
  if (factors === null) return flowEndedPage(visit);
  const texts = SIGN_IN_TEXTS[language];
  const startPath = flow.goal.kind === 'page' ? flow.goal.path : null;
  const { totp, passkeys } = factors;
  const main = `<h1>${texts.factorHeading}</h1>
<p>${totp ? texts.factorIntro : texts.factorPasskeyIntro}</p>
${totp ? codeForm(texts, flow.id, wrong === 'code') : ''}
${passkeys ? panel(texts, flow.id, !totp) : ''}
${recoveryForm(texts, flow.id, wrong === 'recoveryCode')}
${startPath === null ? '' : `<p class="aside">${link(startPath, texts.startOver)}</p>`}`;
  return signInPage(visit, {
    title: texts.factorHeading,
    main,
    status: wrong === null ? 200 : 400,
    scripted: passkeys,
  });
}

export function signInByFactor(context: RequestContext): Promise<Response> {
  return answerForm<FlowVisit>(context, {
    ...FLOW_FORM,
    perform: async (visit, sent) => {
      const { flow, anonymous } = visit;
      if (flow.userId === null) return flowEndedPage(visit);
      const factor = { code: codeIn(sent['code']), recoveryCode: codeIn(sent['recoveryCode']) };
      return answerStep(context, flow, await submitFactor(anonymous, flow, factor));
    },
    onRefusal: showAgainOrBusy((visit, sent) => showFactor(visit, factorFieldOf(sent))),
  });
}

function codeIn(text: string | undefined): string | undefined {
  const code = text?.trim().slice(0, FACTOR_CODE_MAX_CHARS);
  return code === '' ? undefined : code;
}

const factorFieldOf = (sent: Form) => (sent['recoveryCode'] === undefined ? 'code' : 'recoveryCode');

function codeForm(texts: SignInTexts, flowId: string, wrong: boolean): string {
  const fields = [
    hidden('flow', flowId),
    field({
      name: 'code',
      label: texts.code,
      hint: texts.codeHint,
      maxChars: FACTOR_CODE_MAX_CHARS,
      focused: true,
      wrong,
      attributes: 'inputmode="numeric" autocomplete="one-time-code"',
    }),
    complaint('code', wrong ? texts.factorFailed : null),
  ].join('\n');
  return form({ action: '/sign-in/factor', fields, submit: texts.proceed });
}

function panel(texts: SignInTexts, flowId: string, main: boolean): string {
  const scriptless = main ? `<noscript><p>${texts.scriptless}</p></noscript>` : '';
  return `<div class="others">
${scriptless}${passkeyPanel({
  purpose: 'sign-in',
  optionsUrl: `/sign-in/passkey/options?flow=${flowId}`,
  url: `/sign-in/passkey?flow=${flowId}`,
  label: texts.passkey,
  problems: texts.problems,
  main,
})}
</div>`;
}

function recoveryForm(texts: SignInTexts, flowId: string, wrong: boolean): string {
  const fields = [
    hidden('flow', flowId),
    field({
      name: 'recoveryCode',
      label: texts.recoveryCode,
      hint: texts.recoveryHint,
      maxChars: FACTOR_CODE_MAX_CHARS,
      focused: wrong,
      wrong,
      attributes: 'autocomplete="off"',
    }),
    complaint('recoveryCode', wrong ? texts.factorFailed : null),
  ].join('\n');
  return `<details${wrong ? ' open' : ''}>
<summary>${texts.recoverySummary}</summary>
${form({ action: '/sign-in/factor', fields, submit: texts.proceed, main: false })}
</details>`;
}
