import { busyPage } from '../sign-in/message.ts';
import type { SignInVisit } from '../sign-in/sign-in-page.ts';
import { ACCOUNT_TEXTS } from './texts/index.ts';

/** That there is no time, or no trust, for more attempts on the account page yet. */
export function busyAccountPage(visit: SignInVisit, retryAfterSeconds: number): Promise<Response> {
  return busyPage(visit, retryAfterSeconds, ['/account', ACCOUNT_TEXTS[visit.language].back]);
}
