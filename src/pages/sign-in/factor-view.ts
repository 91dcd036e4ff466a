import type { AvailableFactors } from '../../domain/sign-in/page-sign-in.ts';
import { FACTOR_CODE_MAX_CHARS } from '../../model/limits/index.ts';
import { complaint, field, form, hidden, link } from '../parts.ts';
import { passkeyPanel } from '../passkey-panel.ts';
import type { SignInTexts } from './texts/index.ts';

export type FactorView = {
  readonly flowId: string;
  readonly factors: AvailableFactors;
  /** Which of them was shown and not good. */
  readonly wrong: 'code' | 'recoveryCode' | null;
  /** Whereto somebody may go who wants to begin anew. */
  readonly startPath: string | null;
};

/** The second step: whatever this user has beside the password. */
export function factorView(texts: SignInTexts, { flowId, factors, wrong, startPath }: FactorView): string {
  const { totp, passkeys } = factors;
  return `<h1>${texts.factorHeading}</h1>
<p>${totp ? texts.factorIntro : texts.factorPasskeyIntro}</p>
${totp ? codeForm(texts, flowId, wrong === 'code') : ''}
${passkeys ? panel(texts, flowId, !totp) : ''}
${recoveryForm(texts, flowId, wrong === 'recoveryCode')}
${startPath === null ? '' : `<p class="aside">${link(startPath, texts.startOver)}</p>`}`;
}

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
