import * as v from 'valibot';
import { submitPassword } from '../../domain/sign-in/page-sign-in.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { Email } from '../../model/fields.ts';
import { PASSWORD_MAX_CHARS, TEXT_MAX_CHARS } from '../../model/limits/index.ts';
import { answerStep } from './answer-step.ts';
import { showPassword } from './show.ts';
import { answerForm, type Form } from './visit.ts';

/** `POST /sign-in/password`: the first step by address and password. */
export function signInByPassword(context: RequestContext): Promise<Response> {
  return answerForm(context, {
    perform: async (visit, form, anonymous) => {
      const credentials = credentialsIn(form);
      if (credentials === null) return showPassword(context, visit, { email: emailIn(form), problem: 'incomplete' });
      return answerStep(context, visit.flow, await submitPassword(anonymous, visit.flow, credentials));
    },
    retry: (visit, form) => showPassword(context, visit, { email: emailIn(form), problem: 'failed' }),
  });
}

/** What was typed, where it is an address as that is stored: browsers send the host of one in Punycode. */
function emailIn(form: Form): string {
  const typed = form['email'] ?? '';
  const email = v.safeParse(Email, typed);
  return email.success ? email.output : typed.trim().normalize('NFC').slice(0, TEXT_MAX_CHARS);
}

function credentialsIn(form: Form) {
  const [email, password = ''] = [emailIn(form), form['password']];
  return email === '' || password === '' || password.length > PASSWORD_MAX_CHARS ? null : { email, password };
}
