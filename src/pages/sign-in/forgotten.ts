import * as v from 'valibot';
import { requestLink } from '../../domain/sign-in/links.ts';
import type { Exchange } from '../../http/exchange.ts';
import { LINK } from '../../http/rate-limits/policies.ts';
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
export async function showForgotten(exchange: Exchange): Promise<Response> {
  const wait = await waitSeconds(exchange);
  if (wait !== null) return busyPage(plainVisit(exchange), wait);
  const id = exchange.url.searchParams.get('flow');
  if (id === null) return sendToSignIn(exchange, ACCOUNT_GOAL, null, { path: '/sign-in/forgotten' });
  const visit = await flowVisit(exchange, id);
  return visit === null ? overPage(plainVisit(exchange)) : forgottenPage(visit, '', false);
}

/** `POST /sign-in/forgotten`: has it mailed, if there is somebody of that address; nobody is told whether there is. */
export function mailForgotten(exchange: Exchange): Promise<Response> {
  return answerForm(exchange, {
    perform: async (visit, form, visitor) => {
      const typed = form['email'] ?? '';
      const email = v.safeParse(Email, typed);
      if (!email.success) return forgottenPage(visit, typed, true);
      exchange.committed({ raised: [], wakes: [], mail: requestLink(visitor, { email: email.output }) });
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
