import * as v from 'valibot';
import { signedInWith } from '../../http/browser.ts';
import type { Exchange } from '../../http/exchange.ts';
import { Id } from '../../model/fields.ts';
import type { Goal } from '../../model/flow.ts';
import { TEXT_MAX_CHARS } from '../../model/limits.ts';
import { seeOther } from '../redirect.ts';
import { sendToSignIn } from './begin.ts';
import { busyPage, overPage } from './message.ts';
import { showFactor, showPassword } from './show.ts';
import { flowVisit, plainVisit, waitSeconds } from './visit.ts';

/** Where somebody goes who came to sign in and for nothing else. */
export const ACCOUNT_GOAL: Goal = { kind: 'page', path: '/account', origin: null };

/** `GET /sign-in`: the step that a sign-in (`flow`) has come to; or the beginning of one, to a reseller (`account`). */
export async function openSignIn(exchange: Exchange): Promise<Response> {
  const { searchParams } = exchange.url;
  const wait = waitSeconds(exchange);
  if (wait !== null) return busyPage(plainVisit(exchange), wait);
  const email = searchParams.get('email')?.slice(0, TEXT_MAX_CHARS) ?? null;
  const id = searchParams.get('flow');
  if (id === null) return begin(exchange, email);
  const visit = await flowVisit(exchange, id);
  if (visit === null) return overPage(plainVisit(exchange));
  if (visit.flow.userId !== null) return showFactor(exchange, visit);
  return showPassword(exchange, visit, { email: email ?? '', again: searchParams.has('again') });
}

async function begin(exchange: Exchange, email: string | null): Promise<Response> {
  if ((await signedInWith(exchange)) !== null) return seeOther('/account');
  const account = v.safeParse(Id, exchange.url.searchParams.get('account'));
  return sendToSignIn(exchange, ACCOUNT_GOAL, account.success ? account.output : null, { email });
}
