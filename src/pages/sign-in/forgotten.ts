import * as v from 'valibot';
import { requestPasswordLink } from '../../domain/sign-in/password-links.ts';
import { LINK } from '../../http/rate-limits/policies.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { Email } from '../../model/fields.ts';
import { complaint, form, hidden, link } from '../parts.ts';
import { answerForm, runGates } from '../visit.ts';
import { ACCOUNT_GOAL, sendToSignIn } from './begin.ts';
import { messagePage } from './message.ts';
import { emailField } from './password.ts';
import { signInPage, signInPath } from './sign-in-page.ts';
import { SIGN_IN_TEXTS } from './texts/index.ts';
import {
  FLOW_FORM,
  type FlowVisit,
  flowVisitOrEndedPage,
  sameOriginFormGate,
  showAgainOrBusy,
  signInRateLimitGate,
} from './visit.ts';

export async function showForgotten(context: RequestContext): Promise<Response> {
  const stopped = await runGates(context, [signInRateLimitGate()]);
  if (stopped !== null) return stopped;
  const id = context.url.searchParams.get('flow');
  if (id === null) return sendToSignIn(context, ACCOUNT_GOAL, null, { path: '/sign-in/forgotten' });
  const visit = await flowVisitOrEndedPage(context, id);
  return visit instanceof Response ? visit : forgottenPage(visit, '', false);
}

/** The response does not disclose whether the address exists. */
export function emailForgotten(context: RequestContext): Promise<Response> {
  return answerForm<FlowVisit>(context, {
    ...FLOW_FORM,
    gates: [sameOriginFormGate, signInRateLimitGate(LINK)],
    perform: async (visit, sent) => {
      const typed = sent['email'] ?? '';
      const email = v.safeParse(Email, typed);
      if (!email.success) return forgottenPage(visit, typed, true);
      context.runAfterCommit({
        eventIds: [],
        tasks: [],
        mail: requestPasswordLink(visit.anonymous, { email: email.output }),
      });
      const { sentHeading, sentText, sentHint, back } = SIGN_IN_TEXTS[visit.language];
      return messagePage(visit, {
        title: sentHeading,
        text: `${sentText} ${sentHint}`,
        next: [signInPath(visit.flow.id), back],
      });
    },
    onRefusal: showAgainOrBusy((visit, sent) => forgottenPage(visit, sent['email'] ?? '', true)),
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
