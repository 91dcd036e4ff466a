import { displayBranding } from '../../html/display-branding.ts';
import { escapeHtml } from '../../html/escape.ts';
import type { BrowserSession } from '../../http/callers/browser.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { formActionSource, redirectLabel } from '../../model/clients/redirect-uri.ts';
import { languageAskedFor } from '../accept-language.ts';
import { brandedPage } from '../branded.ts';
import { hidden, link } from '../parts.ts';
import { type AcceptedAuthorization, authorizePath } from './read-authorization.ts';
import { sealQuestion } from './sealed-question.ts';
import { CONSENT_TEXTS, wordsFor } from './texts/index.ts';

export async function consentPage(
  { env, request: { headers }, now }: Pick<RequestContext, 'env' | 'request' | 'now'>,
  { client, request }: AcceptedAuthorization,
  { session, member, branding }: BrowserSession,
  scope: readonly string[],
): Promise<Response> {
  const language = languageAskedFor(request.uiLocales, headers.get('Accept-Language'));
  const texts = CONSENT_TEXTS[language];
  const sealed = await sealQuestion(env, {
    sessionId: session.id,
    query: request.query,
    scope: [...scope],
    askedAt: now,
  });
  const target = formActionSource(request.redirectUri);
  const title = texts.heading(client.name);
  const main = `<main id="view">
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(texts.intro(client.name, displayBranding(branding).product))}</p>
<ul class="rights">
${scope.map((name) => `<li>${escapeHtml(wordsFor(language, name))}</li>`).join('\n')}
</ul>
<form method="post" action="/oauth/consent">
${hidden('question', sealed)}
<button class="main" name="answer" value="allow">${escapeHtml(texts.allow)}</button>
<button name="answer" value="deny">${escapeHtml(texts.deny)}</button>
</form>
<p class="hint">${escapeHtml(texts.back(redirectLabel(request.redirectUri)))}</p>
<p class="aside">${escapeHtml(texts.signedInAs(member.email))} ${link(otherAccount(request.query), texts.otherAccount)}</p>
</main>`;
  const head = '<link rel="stylesheet" href="/pages/sign-in.css">\n';
  return brandedPage({ language, title, head, main, branding, leadsTo: target, referrer: 'same-origin' });
}

function otherAccount(query: string): string {
  const again = new URLSearchParams(query);
  const keptPrompts = (again.get('prompt') ?? '').split(' ').filter((prompt) => prompt === 'consent');
  again.set('prompt', [...keptPrompts, 'select_account'].join(' '));
  again.delete('login_hint');
  return authorizePath({ query: again.toString() });
}
