import * as v from 'valibot';
import { signedInWith } from '../../http/callers/browser.ts';
import type { Exchange } from '../../http/exchange.ts';
import { Id } from '../../model/fields.ts';
import { TEXT_MAX_CHARS } from '../../model/limits/index.ts';
import { seeOther } from '../redirect.ts';
import { ACCOUNT_GOAL, sendToSignIn } from './begin.ts';
import { busyPage, overPage } from './message.ts';
import { showFactor, showPassword } from './show.ts';
import { type Notice, SIGN_IN_TEXTS } from './texts/index.ts';
import { flowVisit, plainVisit, waitSeconds } from './visit.ts';

/** `GET /sign-in`: the step that a sign-in (`flow`) has come to; or the beginning of one, to a reseller (`account`). */
export async function openSignIn(exchange: Exchange): Promise<Response> {
  const { searchParams } = exchange.url;
  const wait = await waitSeconds(exchange);
  if (wait !== null) return busyPage(plainVisit(exchange), wait);
  const email = searchParams.get('email')?.slice(0, TEXT_MAX_CHARS) ?? null;
  const id = searchParams.get('flow');
  if (id === null) return begin(exchange, email);
  const visit = await flowVisit(exchange, id);
  if (visit === null) return overPage(plainVisit(exchange));
  const { userId, identity } = visit.flow;
  if (userId !== null) return showFactor(exchange, visit);
  if (identity !== null) return showPassword(exchange, visit, { email: identity.email ?? '' });
  return showPassword(exchange, visit, { email: email ?? '', notice: noticeIn(searchParams.get('notice')) });
}

function noticeIn(name: string | null): Notice | null {
  return name !== null && Object.hasOwn(SIGN_IN_TEXTS.en.notices, name) ? (name as Notice) : null;
}

async function begin(exchange: Exchange, email: string | null): Promise<Response> {
  const asked = v.safeParse(Id, exchange.url.searchParams.get('account'));
  const account = asked.success ? asked.output : null;
  const signedIn = await signedInWith(exchange);
  if (signedIn !== null && (account ?? signedIn.session.resellerId) === signedIn.session.resellerId)
    return seeOther('/account');
  return sendToSignIn(exchange, ACCOUNT_GOAL, account, { email });
}
