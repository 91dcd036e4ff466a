import type { RequestContext } from '../../http/request-context.ts';
import type { Language } from '../../model/language.ts';
import { acceptedLanguage } from '../accept-language.ts';
import { card } from '../card.ts';
import { html } from '../html.ts';
import de from '../static/activate/texts/texts.de.json';
import en from '../static/activate/texts/texts.en.json';
import es from '../static/activate/texts/texts.es.json';
import fr from '../static/activate/texts/texts.fr.json';
import ja from '../static/activate/texts/texts.ja.json';

const TEXTS = { en, de, ja, fr, es } satisfies Record<Language, unknown>;

/** The token is in the fragment, which browsers do not send; the page's script loads the rest. */
export function setPasswordPage({ request }: Pick<RequestContext, 'request'>): Response {
  const language = acceptedLanguage(request.headers.get('Accept-Language'));
  return html(shell(language), { headers: { 'X-Robots-Tag': 'noindex', Vary: 'Accept-Language' } });
}

function shell(language: Language): string {
  const { title, loading, noscript, troubleHeading, errorOffline, errorStuck, tryAgain } = TEXTS[language];
  const head = `<link rel="modulepreload" href="/pages/link.js">
<script type="module" src="/pages/activate.js"></script>`;
  const content = `<header id="brand" hidden></header>
<main id="view">
<noscript><h1>${title}</h1><p>${noscript}</p></noscript>
<h1 id="loading">${loading}</h1>
<section id="stuck" role="alert"><h1>${troubleHeading}</h1><p>${errorStuck}</p></section>
<section id="trouble" hidden>
<h1 tabindex="-1">${troubleHeading}</h1>
<p>${errorOffline}</p>
<button type="button" class="main">${tryAgain}</button>
</section>
</main>
<footer id="support" hidden></footer>`;
  return card({ language, title, head, content });
}
