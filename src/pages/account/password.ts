import * as v from 'valibot';
import { changePassword } from '../../domain/factors/own-password.ts';
import { setCookie } from '../../http/cookies.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { withCommonPasswords } from '../../http/routes/common-passwords.ts';
import { StrongPassword } from '../../model/factors/password.ts';
import { invalid, refuse } from '../../model/failure.ts';
import { ACCOUNT_GOAL, sendToSignIn } from '../sign-in/begin.ts';
import { ACCOUNT_TEXTS } from './texts/index.ts';
import { answerAccount } from './visit.ts';

export function changePasswordByForm(context: RequestContext): Promise<Response> {
  return answerAccount(context, {
    perform: async ({ caller, signedIn: { session, member } }, { current = '', next = '' }) => {
      const chosen = await withCommonPasswords(context.env, () => v.safeParse(StrongPassword, next));
      if (!chosen.success) return refuse(invalid('body', 'next', 'Breaks the rule.'));
      await changePassword(caller, current, chosen.output);
      const cookie = setCookie(context.env, 'session', '', 0);
      const hints = { email: member.email, notice: 'passwordChanged', cookie } as const;
      return sendToSignIn(context, ACCOUNT_GOAL, session.resellerId, hints);
    },
    explain: ({ kind }, { language }) => {
      const { passwordWrong, passwordWeak } = ACCOUNT_TEXTS[language];
      if (kind === 'invalid') return { field: 'next', text: passwordWeak };
      return kind === 'sign_in_failed' ? { field: 'current', text: passwordWrong } : null;
    },
  });
}
