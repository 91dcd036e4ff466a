import * as v from 'valibot';
import { findSignedInSession } from '../../http/callers/browser.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { Id } from '../../model/fields.ts';
import { TEXT_MAX_CHARS } from '../../model/limits/index.ts';
import { seeOther } from '../redirect.ts';
import { runGates } from '../visit.ts';
import { ACCOUNT_GOAL, sendToSignIn } from './begin.ts';
import { showFactor } from './factor.ts';
import { showPassword } from './password.ts';
import { type Notice, SIGN_IN_TEXTS } from './texts/index.ts';
import { flowVisitOrEndedPage, signInRateLimitGate } from './visit.ts';

export async function openSignIn(context: RequestContext): Promise<Response> {
  const { searchParams } = context.url;
  const stopped = await runGates(context, [signInRateLimitGate()]);
  if (stopped !== null) return stopped;
  const email = searchParams.get('email')?.slice(0, TEXT_MAX_CHARS) ?? null;
  const id = searchParams.get('flow');
  if (id === null) return begin(context, email);
  const visit = await flowVisitOrEndedPage(context, id);
  if (visit instanceof Response) return visit;
  const { userId, identity } = visit.flow;
  if (userId !== null) return showFactor(visit);
  if (identity !== null) return showPassword(context, visit, { email: identity.email ?? '' });
  return showPassword(context, visit, { email: email ?? '', notice: noticeIn(searchParams.get('notice')) });
}

function noticeIn(name: string | null): Notice | null {
  return name !== null && Object.hasOwn(SIGN_IN_TEXTS.en.notices, name) ? (name as Notice) : null;
}

async function begin(context: RequestContext, email: string | null): Promise<Response> {
  const parsedAccount = v.safeParse(Id, context.url.searchParams.get('account'));
  const account = parsedAccount.success ? parsedAccount.output : null;
  const signedIn = await findSignedInSession(context);
  if (signedIn !== null && (account ?? signedIn.session.resellerId) === signedIn.session.resellerId)
    return seeOther('/account');
  return sendToSignIn(context, ACCOUNT_GOAL, account, { email });
}
