import type { RequestContext } from '../../http/request-context.ts';
import { runGates } from '../visit.ts';
import { accountPage } from './account-page.ts';
import { ACCOUNT_TEXTS, type Done } from './texts/index.ts';
import { accountOrSignIn, accountRates } from './visit.ts';

export async function openAccount(context: RequestContext): Promise<Response> {
  const stopped = await runGates(context, [accountRates]);
  if (stopped !== null) return stopped;
  const visit = await accountOrSignIn(context);
  if (visit instanceof Response) return visit;
  return accountPage(context, visit, { done: doneIn(context.url.searchParams.get('done')) });
}

function doneIn(name: string | null): Done | null {
  return name !== null && Object.hasOwn(ACCOUNT_TEXTS.en.done, name) ? (name as Done) : null;
}
