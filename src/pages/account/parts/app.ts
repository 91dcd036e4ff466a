import { FACTOR_CODE_MAX_CHARS } from '../../../model/limits/index.ts';
import { complaint, field, form } from '../../parts.ts';
import { SIGN_IN_TEXTS } from '../../sign-in/texts/index.ts';
import { type AccountView, problemWith } from '../view.ts';

export function appPart(view: AccountView): string {
  const { account, texts } = view;
  if (!account.totp) {
    return `<section>
<h2>${texts.app}</h2>
<p>${texts.appOff}</p>
${form({ action: '/account/app', fields: '', submit: texts.appSetUp, main: false })}
</section>`;
  }
  return `<section>
<h2>${texts.app}</h2>
<p>${texts.appOn}</p>
${byCode(view, { name: 'disable', action: '/account/app/disable', submit: texts.appDisable })}
</section>
<section>
<h2>${texts.codes}</h2>
<p>${texts.codesText}</p>
${byCode(view, { name: 'codes', action: '/account/recovery-codes', submit: texts.codesCreate })}
</section>`;
}

type CodeForm = { readonly name: string; readonly action: string; readonly submit: string };

function byCode({ language, problem }: AccountView, { name, action, submit }: CodeForm): string {
  const wrong = problemWith(problem, name);
  const { code } = SIGN_IN_TEXTS[language];
  const fields = [codeField(name, code, wrong !== null), complaint(name, wrong)].join('\n');
  return `<details${wrong === null ? '' : ' open'}>
<summary>${submit}</summary>
${form({ action, fields, submit, main: false })}
</details>`;
}

export function codeField(name: string, label: string, wrong: boolean, hint?: string): string {
  return field({
    name,
    label,
    ...(hint !== undefined && { hint }),
    maxChars: FACTOR_CODE_MAX_CHARS,
    focused: wrong,
    wrong,
    attributes: 'inputmode="numeric" autocomplete="one-time-code"',
  });
}
