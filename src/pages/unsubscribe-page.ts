import { escapeHtml } from '../emails/escape.ts';
import { type Look, lookOf } from '../emails/look.ts';
import { STRINGS } from '../emails/strings/index.ts';
import type { Branding } from '../model/branding.ts';
import type { Language } from '../model/language.ts';
import { card } from './card.ts';
import { formPolicy, html } from './html.ts';
import { UNSUBSCRIBE_TEXTS } from './unsubscribe-texts.ts';

/** What the page shows: the question or its outcome, as the reseller's; that there is no such link; that there is no time. */
export type UnsubscribeView = { readonly language: Language } & (
  | { readonly view: 'ask' | 'done'; readonly branding: Branding }
  | { readonly view: 'unknown' }
  | { readonly view: 'busy'; readonly retryAfterSeconds: number }
);

const STATUS = { ask: 200, done: 200, unknown: 404, busy: 429 } as const;

/** The page behind the unsubscribe links of mails, whole as it comes: it needs no scripts. */
export async function unsubscribePage(shown: UnsubscribeView): Promise<Response> {
  const { view, language } = shown;
  const { heading, text } = UNSUBSCRIBE_TEXTS[language][view];
  const look = 'branding' in shown ? lookOf(shown.branding) : null;
  const paint = look === null ? '' : `:root{--brand:${look.color};--on-brand:${look.onColor}}`;
  const main = `<main id="view">
<h1>${heading}</h1>
<p>${escapeHtml(text(look?.product ?? ''))}</p>${view === 'ask' ? buttonOf(language) : ''}
</main>`;
  const content = look === null ? main : branded(look, main, language);
  return html(card({ language, title: heading, head: `<style>${paint}</style>`, content }), {
    status: STATUS[view],
    policy: await formPolicy(paint),
    headers: {
      'X-Robots-Tag': 'noindex',
      Vary: 'Accept-Language',
      ...(shown.view === 'busy' && { 'Retry-After': String(shown.retryAfterSeconds) }),
    },
  });
}

/** What a mail program sends by itself (RFC 8058 §3.2), and so the address takes one thing only. */
function buttonOf(language: Language): string {
  return `
<form method="post">
<input type="hidden" name="List-Unsubscribe" value="One-Click">
<button class="main">${UNSUBSCRIBE_TEXTS[language].button}</button>
</form>`;
}

function branded({ product, supportEmail }: Look, main: string, language: Language): string {
  const brand = `<header id="brand"><bdi>${escapeHtml(product)}</bdi></header>\n${main}`;
  if (supportEmail === null) return brand;
  const address = `mailto:${encodeURIComponent(supportEmail).replaceAll('%40', '@')}`;
  const link = `<a href="${escapeHtml(address)}">${escapeHtml(supportEmail)}</a>`;
  return `${brand}\n<footer id="support">${STRINGS[language].help}${link}</footer>`;
}
