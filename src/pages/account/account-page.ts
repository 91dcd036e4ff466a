import { type AccountOverview, getAccountOverview } from '../../domain/factors/account-overview.ts';
import { isRecentlySignedIn } from '../../domain/factors/recent-sign-in.ts';
import { escapeHtml } from '../../html/escape.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { fullName } from '../../model/users/user.ts';
import { form } from '../parts.ts';
import { type SignInVisit, signInPage } from '../sign-in/sign-in-page.ts';
import { SIGN_IN_TEXTS } from '../sign-in/texts/index.ts';
import { appPart } from './parts/app.ts';
import { consentsPart } from './parts/consents.ts';
import { membershipsPart } from './parts/memberships.ts';
import { ownDataPart } from './parts/own-data.ts';
import { passkeysPart } from './parts/passkeys.ts';
import { passwordPart } from './parts/password.ts';
import { providerPart } from './parts/provider.ts';
import { sessionsPart } from './parts/sessions.ts';
import { ACCOUNT_TEXTS, type AccountTexts, type Done } from './texts/index.ts';
import type { AccountView, AccountVisit, Problem } from './view.ts';

type AccountPageOptions = { readonly done?: Done | null; readonly problem?: Problem | null };

/** Refuses `token_invalid`. */
export async function accountPage(
  { env }: Pick<RequestContext, 'env'>,
  visit: AccountVisit,
  { done = null, problem = null }: AccountPageOptions = {},
): Promise<Response> {
  const texts = ACCOUNT_TEXTS[visit.language];
  const account = await getAccountOverview(visit.caller);
  const fresh = isRecentlySignedIn(visit.caller);
  const provider = env.oidcProvider?.name ?? null;
  const view: AccountView = { account, texts, language: visit.language, fresh, provider, problem };
  const parts = [
    passwordPart,
    appPart,
    passkeysPart,
    providerPart,
    sessionsPart,
    consentsPart,
    membershipsPart,
    ownDataPart,
  ].map((part) => part(view));
  const main = `<h1>${texts.heading}</h1>
${done === null ? '' : `<p class="done" role="status">${texts.done[done]}</p>`}
${visit.signedIn.factorDue ? `<p class="complaint" role="alert">${texts.factorDue}</p>` : ''}
${problem?.field === '' ? `<p class="complaint" role="alert">${escapeHtml(problem.text)}</p>` : ''}
${profile(visit, texts, account)}
${parts.join('\n')}
<section>
${form({ action: '/account/sign-out', fields: '', submit: texts.signOut, main: false })}
</section>`;
  return signInPage(visit, {
    account: true,
    title: texts.heading,
    main,
    status: problem === null ? 200 : 400,
    scripted: fresh,
  });
}

function profile({ language }: SignInVisit, texts: AccountTexts, { user }: AccountOverview): string {
  const rows = [
    [texts.name, fullName(user)],
    [SIGN_IN_TEXTS[language].email, user.email],
  ].filter(([, text]) => text !== '');
  return `<dl id="account">
${rows.map(([term = '', text = '']) => `<dt>${term}</dt>\n<dd><bdi>${escapeHtml(text)}</bdi></dd>`).join('\n')}
</dl>`;
}
