import type { AccountOverview } from '../../domain/factors/account-overview.ts';
import type { BrowserSession } from '../../http/callers/browser.ts';
import type { openCallerContext } from '../../http/callers/caller-context.ts';
import type { FollowUp } from '../../http/request-context.ts';
import type { Language } from '../../model/language.ts';
import type { SignInVisit } from '../sign-in/sign-in-page.ts';
import type { AccountTexts } from './texts/index.ts';

/** A request of a signed-in user, who is the caller about its own account. */
export type AccountVisit = SignInVisit & {
  readonly signedIn: BrowserSession;
  readonly caller: ReturnType<typeof openCallerContext>;
  readonly followUp: FollowUp;
};

/** What is wrong with what was sent, and with which field. */
export type Problem = { readonly field: string; readonly text: string };

/** What every part of the account page is made of. */
export type AccountView = {
  readonly account: AccountOverview;
  readonly texts: AccountTexts;
  readonly language: Language;
  /** Whether somebody has shown only lately who they are. */
  readonly fresh: boolean;
  /** The outside provider's name, where there is one. */
  readonly provider: string | null;
  readonly problem: Problem | null;
};

/** What is wrong with a field; null: nothing. */
export function problemWith(problem: Problem | null, field: string): string | null {
  return problem?.field === field ? problem.text : null;
}
