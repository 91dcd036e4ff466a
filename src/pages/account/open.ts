import type { RequestContext } from '../../http/request-context.ts';
import { ACCOUNT_GOAL, sendToSignIn } from '../sign-in/begin.ts';
import { plainVisit, waitSeconds } from '../sign-in/visit.ts';
import { accountPage } from './account-page.ts';
import { busyAccountPage } from './busy-page.ts';
import { ACCOUNT_TEXTS, type Done } from './texts/index.ts';
import { accountVisit } from './visit.ts';

/** `GET /account`: how somebody signs in and where they are signed in, for them to change. */
export async function openAccount(context: RequestContext): Promise<Response> {
  const wait = await waitSeconds(context);
  if (wait !== null) return busyAccountPage(plainVisit(context), wait);
  const of = await accountVisit(context);
  if (of === null) return sendToSignIn(context, ACCOUNT_GOAL, null);
  return accountPage(context, of.visit, of.signedIn, { done: doneIn(context.url.searchParams.get('done')) });
}

function doneIn(name: string | null): Done | null {
  return name !== null && Object.hasOwn(ACCOUNT_TEXTS.en.done, name) ? (name as Done) : null;
}
