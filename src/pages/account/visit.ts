import { actorOf, type BrowserSession, findSignedInSession } from '../../http/callers/browser.ts';
import { openCallerContext } from '../../http/callers/caller-context.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { SELF } from '../../model/clients/scope.ts';
import type { Failure } from '../../model/failure.ts';
import { REAUTHENTICATE_NOW } from '../../model/sign-in/flow.ts';
import { seeOther } from '../redirect.ts';
import { ACCOUNT_GOAL, sendToSignIn } from '../sign-in/begin.ts';
import { busyPage } from '../sign-in/message.ts';
import type { SignInVisit } from '../sign-in/sign-in-page.ts';
import { plainVisit, rateLimitGate, sameOriginFormGate } from '../sign-in/visit.ts';
import { answerForm, type Form } from '../visit.ts';
import { accountPage } from './account-page.ts';
import { ACCOUNT_TEXTS, type Done } from './texts/index.ts';
import type { AccountVisit, Problem } from './view.ts';

export async function accountVisit(context: RequestContext): Promise<AccountVisit | null> {
  const signedIn = await findSignedInSession(context);
  if (signedIn === null) return null;
  const caller = openCallerContext(context, actorOf(signedIn), SELF, null);
  const { eventIds, tasks, emailIds } = caller;
  const followUp = { eventIds, tasks, emailIds };
  return { ...plainVisit(context), branding: signedIn.branding, signedIn, caller, followUp };
}

export async function accountOrSignIn(context: RequestContext): Promise<AccountVisit | Response> {
  return (await accountVisit(context)) ?? sendToSignIn(context, ACCOUNT_GOAL, null);
}

const busyAccountPage = (visit: SignInVisit, retryAfterSeconds: number) =>
  busyPage(visit, retryAfterSeconds, ['/account', ACCOUNT_TEXTS[visit.language].back]);

export const accountRates = rateLimitGate((context, seconds) => busyAccountPage(plainVisit(context), seconds));

type AccountFormHandler = {
  readonly perform: (visit: AccountVisit, form: Form) => Promise<Response>;
  /** A response replaces the page. */
  readonly explain?: (failure: Failure, visit: AccountVisit, form: Form) => Problem | Promise<Response> | null;
};

export function answerAccount(
  context: RequestContext,
  { perform, explain = () => null }: AccountFormHandler,
): Promise<Response> {
  return answerForm<AccountVisit>(context, {
    gates: [sameOriginFormGate, accountRates],
    visit: accountOrSignIn,
    perform,
    onRefusal: (failure, visit, form) => {
      if (failure.kind === 'rate_limited') return busyAccountPage(visit, failure.retryAfterSeconds);
      if (failure.kind === 'token_invalid') return sendToSignIn(context, ACCOUNT_GOAL, null);
      if (failure.kind === 'recent_sign_in_required') return requireFreshSignIn(context, visit.signedIn);
      const explained = explain(failure, visit, form) ?? { field: '', text: ACCOUNT_TEXTS[visit.language].meanwhile };
      return explained instanceof Promise ? explained : accountPage(context, visit, { problem: explained });
    },
  });
}

export function changeForm(
  change: (caller: AccountVisit['caller'], form: Form) => Promise<unknown>,
  done: Done,
  explain?: AccountFormHandler['explain'],
) {
  return (context: RequestContext): Promise<Response> =>
    answerAccount(context, {
      perform: async ({ caller }, form) => {
        await change(caller, form);
        return seeOther(`/account?done=${done}`);
      },
      ...(explain && { explain }),
    });
}

/** Requires a fresh sign-in, by a method that the user's account accepts. */
export function requireFreshSignIn(context: RequestContext, { session, member }: BrowserSession): Promise<Response> {
  const goal = { ...ACCOUNT_GOAL, ...REAUTHENTICATE_NOW };
  const resellerId = session.countsAtHome || member.disabled ? session.resellerId : member.resellerId;
  return sendToSignIn(context, goal, resellerId, { email: member.email, notice: 'again' });
}
