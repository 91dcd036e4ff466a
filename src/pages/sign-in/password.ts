import * as v from 'valibot';
import { submitPassword } from '../../domain/sign-in/page-sign-in.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { Email } from '../../model/fields.ts';
import { PASSWORD_MAX_CHARS, TEXT_MAX_CHARS } from '../../model/limits/index.ts';
import { complaint, field, form, hidden, link } from '../parts.ts';
import { passkeyPanel } from '../passkey-panel.ts';
import { answerForm, type Form } from '../visit.ts';
import { answerStep } from './answer-step.ts';
import { signInPage } from './sign-in-page.ts';
import { type Notice, SIGN_IN_TEXTS, type SignInTexts } from './texts/index.ts';
import { FLOW_FORM, type FlowVisit, showAgainOrBusy } from './visit.ts';

type PasswordFormState = {
  readonly email?: string;
  readonly notice?: Notice | null;
  readonly problem?: 'incomplete' | 'failed' | null;
};

/** With the values sent and their errors. */
export function showPassword(
  { env }: RequestContext,
  visit: FlowVisit,
  { email = '', problem = null, notice = visit.flow.identity === null ? null : 'confirm' }: PasswordFormState,
): Promise<Response> {
  const texts = SIGN_IN_TEXTS[visit.language];
  const provider = env.oidcProvider?.name ?? null;
  const wrong = problem !== null;
  const fields = [
    hidden('flow', visit.flow.id),
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
  const query = `?flow=${visit.flow.id}`;
  const panel = passkeyPanel({
    purpose: 'sign-in',
    optionsUrl: `/sign-in/passkey/options${query}`,
    url: `/sign-in/passkey${query}`,
    label: texts.passkey,
    problems: texts.problems,
  });
  const main = `<h1>${texts.heading}</h1>
${notice === null ? '' : `<p>${texts.notices[notice]}</p>\n`}${form({ action: '/sign-in/password', fields, submit: texts.submit })}
<p class="aside">${link(`/sign-in/forgotten${query}`, texts.forgotten)}</p>
<div class="others">
${panel}
${provider === null ? '' : link(`/sign-in/google${query}`, texts.provider(provider), 'button')}
</div>`;
  return signInPage(visit, { title: texts.heading, main, status: problem === null ? 200 : 400, scripted: true });
}

export function signInByPassword(context: RequestContext): Promise<Response> {
  return answerForm<FlowVisit>(context, {
    ...FLOW_FORM,
    perform: async (visit, sent) => {
      const credentials = credentialsIn(sent);
      if (credentials === null) return showPassword(context, visit, { email: emailIn(sent), problem: 'incomplete' });
      return answerStep(context, visit.flow, await submitPassword(visit.anonymous, visit.flow, credentials));
    },
    onRefusal: showAgainOrBusy((visit, sent) =>
      showPassword(context, visit, { email: emailIn(sent), problem: 'failed' }),
    ),
  });
}

/** Browsers send the host of an address in Punycode; addresses are stored in Unicode. */
function emailIn(sent: Form): string {
  const typed = sent['email'] ?? '';
  const email = v.safeParse(Email, typed);
  return email.success ? email.output : typed.trim().normalize('NFC').slice(0, TEXT_MAX_CHARS);
}

function credentialsIn(sent: Form) {
  const [email, password = ''] = [emailIn(sent), sent['password']];
  return email === '' || password === '' || password.length > PASSWORD_MAX_CHARS ? null : { email, password };
}

type EmailFieldState = { readonly value: string; readonly focused?: boolean; readonly wrong?: boolean };

/** A field of type `email` would turn Unicode domains into `xn--…`. */
export function emailField({ email }: SignInTexts, { value, focused = false, wrong = false }: EmailFieldState): string {
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
