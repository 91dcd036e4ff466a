import * as v from 'valibot';
import { requestPasswordLink } from '../../domain/sign-in/password-links.ts';
import { LINK } from '../../http/rate-limits/policies.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { Email } from '../../model/fields.ts';
import { complaint, form, hidden, link } from '../parts.ts';
import { ACCOUNT_GOAL, sendToSignIn } from './begin.ts';
import { busyPage, message, overPage } from './message.ts';
import { emailField } from './password-view.ts';
import { signInPath } from './path.ts';
import { signInPage } from './sign-in-page.ts';
import { SIGN_IN_TEXTS } from './texts/index.ts';
import { answerForm, type FlowVisit, flowVisit, plainVisit, waitSeconds } from './visit.ts';

/** `GET /sign-in/forgotten`: asks whereto a link goes by which a new password is chosen; mails lead here, too. */
export async function showForgotten(context: RequestContext): Promise<Response> {
  const wait = await waitSeconds(context);
  if (wait !== null) return busyPage(plainVisit(context), wait);
  const id = context.url.searchParams.get('flow');
  if (id === null) return sendToSignIn(context, ACCOUNT_GOAL, null, { path: '/sign-in/forgotten' });
  const visit = await flowVisit(context, id);
  return visit === null ? overPage(plainVisit(context)) : forgottenPage(visit, '', false);
}

/** `POST /sign-in/forgotten`: has it mailed, if there is somebody of that address; nobody is told whether there is. */
export function emailForgotten(context: RequestContext): Promise<Response> {
  return answerForm(context, {
    perform: async (visit, form, anonymous) => {
      const typed = form['email'] ?? '';
      const email = v.safeParse(Email, typed);
      if (!email.success) return forgottenPage(visit, typed, true);
      context.committed({ eventIds: [], tasks: [], mail: requestPasswordLink(anonymous, { email: email.output }) });
      const { sentHeading, sentText, sentHint, back } = SIGN_IN_TEXTS[visit.language];
      return message(visit, {
        title: sentHeading,
        text: `${sentText} ${sentHint}`,
        next: [signInPath(visit.flow.id), back],
      });
    },
    policies: [LINK],
    retry: (visit, form) => forgottenPage(visit, form['email'] ?? '', true),
  });
}

function forgottenPage(visit: FlowVisit, typed: string, wrong: boolean): Promise<Response> {
  const texts = SIGN_IN_TEXTS[visit.language];
  const fields = [
    hidden('flow', visit.flow.id),
    emailField(texts, { value: typed, focused: true, wrong }),
    complaint('email', wrong ? texts.emailInvalid : null),
  ].join('\n');
  return signInPage(visit, {
    title: texts.forgottenHeading,
    status: wrong ? 400 : 200,
    main: `<h1>${texts.forgottenHeading}</h1>
<p>${texts.forgottenIntro}</p>
${form({ action: '/sign-in/forgotten', fields, submit: texts.sendLink })}
<p class="aside">${link(signInPath(visit.flow.id), texts.back)}</p>`,
  });
}
