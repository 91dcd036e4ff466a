import type { AccountOverview } from '../../domain/factors/account-overview.ts';
import type { BrowserSession } from '../../http/callers/browser.ts';
import type { openCallerContext } from '../../http/callers/caller-context.ts';
import type { FollowUp } from '../../http/request-context.ts';
import type { Language } from '../../model/language.ts';
import type { SignInVisit } from '../sign-in/sign-in-page.ts';
import type { AccountTexts } from './texts/index.ts';

export type AccountVisit = SignInVisit & {
  readonly signedIn: BrowserSession;
  readonly caller: ReturnType<typeof openCallerContext>;
  readonly followUp: FollowUp;
};

/** `field` names the form field. */
export type Problem = { readonly field: string; readonly text: string };

export type AccountView = {
  readonly account: AccountOverview;
  readonly texts: AccountTexts;
  readonly language: Language;
  /** Signed in recently enough for changes. */
  readonly fresh: boolean;
  readonly provider: string | null;
  readonly problem: Problem | null;
};

export function problemWith(problem: Problem | null, field: string): string | null {
  return problem?.field === field ? problem.text : null;
}
