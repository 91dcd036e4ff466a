import { isOwnForm, type SignedIn, signedInWith } from '../../http/callers/browser.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { exceededBudget, type Failure, Refusal } from '../../model/failure.ts';
import { REAUTHENTICATE_NOW } from '../../model/sign-in/flow.ts';
import { ACCOUNT_GOAL, sendToSignIn } from '../sign-in/begin.ts';
import { foreignPage } from '../sign-in/message.ts';
import type { SignInVisit } from '../sign-in/sign-in-page.ts';
import { type Form, plainVisit, readForm, waitSeconds } from '../sign-in/visit.ts';
import { accountPage } from './account-page.ts';
import { busyAccountPage } from './busy-page.ts';
import { type Call, callOf, committed } from './caller.ts';
import { ACCOUNT_TEXTS } from './texts/index.ts';
import type { Problem } from './view.ts';

/** A request of somebody signed in. */
export type AccountVisit = { readonly visit: SignInVisit; readonly signedIn: SignedIn };

/** Whoever is signed in, and how their reseller shows itself; null: nobody is. */
export async function accountVisit(context: RequestContext): Promise<AccountVisit | null> {
  const signedIn = await signedInWith(context);
  return signedIn && { signedIn, visit: { ...plainVisit(context), branding: signedIn.branding } };
}

type Work = {
  readonly perform: (call: Call, form: Form, visit: AccountVisit) => Promise<Response>;
  /** What is wrong, by what was refused; an answer of its own where the page is another. */
  readonly explain?: (failure: Failure, visit: AccountVisit, form: Form) => Problem | Promise<Response> | null;
};

/** Answers a form of the account page: sent from there, not too often, by whoever is signed in. */
export async function answerAccount(context: RequestContext, { perform, explain }: Work): Promise<Response> {
  if (!isOwnForm(context)) return foreignPage(plainVisit(context));
  const wait = await waitSeconds(context);
  if (wait !== null) return busyAccountPage(plainVisit(context), wait);
  const of = await accountVisit(context);
  if (of === null) return sendToSignIn(context, ACCOUNT_GOAL, null);
  const call = callOf(context, of.signedIn);
  const form = await readForm(context.request);
  try {
    return await perform(call, form, of);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { failure } = error;
    context.observed.budget = exceededBudget(failure);
    if (failure.kind === 'rate_limited') return busyAccountPage(of.visit, failure.retryAfterSeconds);
    if (failure.kind === 'token_invalid') return sendToSignIn(context, ACCOUNT_GOAL, null);
    if (failure.kind === 'recent_sign_in_required') return askAgain(context, of.signedIn);
    const explained = explain?.(failure, of, form) ?? { field: '', text: ACCOUNT_TEXTS[of.visit.language].meanwhile };
    return explained instanceof Promise
      ? explained
      : accountPage(context, of.visit, of.signedIn, { problem: explained });
  } finally {
    committed(context, call);
  }
}

/** Has somebody signed in show once more who it is, where the user's own account accepts how. */
export function askAgain(context: RequestContext, { session, member }: SignedIn): Promise<Response> {
  const goal = { ...ACCOUNT_GOAL, ...REAUTHENTICATE_NOW };
  const resellerId = session.countsAtHome ? session.resellerId : member.resellerId;
  return sendToSignIn(context, goal, resellerId, { email: member.email, notice: 'again' });
}
