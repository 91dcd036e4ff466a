import { PASSWORD_MAX_CHARS, TEXT_MAX_CHARS } from '../../model/limits/index.ts';
import { complaint, field, form, hidden, link } from '../parts.ts';
import { passkeyPanel } from '../passkey-panel.ts';
import type { Notice, SignInTexts } from './texts/index.ts';

export type PasswordView = {
  readonly flowId: string;
  readonly email: string;
  /** What is said first; null: nothing. */
  readonly notice: Notice | null;
  readonly problem: 'incomplete' | 'failed' | null;
  /** The outside provider's name, where there is one. */
  readonly provider: string | null;
};

/** The first step: address and password, or what stands in for both. */
export function passwordView(texts: SignInTexts, { flowId, email, notice, problem, provider }: PasswordView): string {
  const wrong = problem !== null;
  const fields = [
    hidden('flow', flowId),
    emailField(texts, { value: email, focused: email === '' }),
    field({
      name: 'password',
      label: texts.password,
      type: 'password',
      maxChars: PASSWORD_MAX_CHARS,
      focused: email !== '',
      wrong,
      attributes: 'autocomplete="current-password"',
    }),
    complaint('password', problem === null ? null : texts[problem]),
  ].join('\n');
  const query = `?flow=${flowId}`;
  const panel = passkeyPanel({
    purpose: 'sign-in',
    optionsUrl: `/sign-in/passkey/options${query}`,
    url: `/sign-in/passkey${query}`,
    label: texts.passkey,
    problems: texts.problems,
  });
  return `<h1>${texts.heading}</h1>
${notice === null ? '' : `<p>${texts.notices[notice]}</p>\n`}${form({ action: '/sign-in/password', fields, submit: texts.submit })}
<p class="aside">${link(`/sign-in/forgotten${query}`, texts.forgotten)}</p>
<div class="others">
${panel}
${provider === null ? '' : link(`/sign-in/google${query}`, texts.provider(provider), 'button')}
</div>`;
}

type Address = { readonly value: string; readonly focused?: boolean; readonly wrong?: boolean };

/** A field for an address. Not of the type `email`, which would write a domain of other letters as `xn--…`. */
export function emailField({ email }: SignInTexts, { value, focused = false, wrong = false }: Address): string {
  return field({
    name: 'email',
    label: email,
    value,
    maxChars: TEXT_MAX_CHARS,
    focused,
    wrong,
    attributes: 'inputmode="email" autocomplete="username webauthn"',
  });
}
