import { escapeHtml } from '../emails/escape.ts';
import { lookOf } from '../emails/look.ts';
import type { Branding } from '../model/branding.ts';
import type { Language } from '../model/language.ts';
import { brandedPage } from './branded.ts';
import { UNSUBSCRIBE_TEXTS } from './unsubscribe-texts.ts';

/** What the page shows: the question or its outcome, as the reseller's; that there is no such link; that there is no time. */
export type UnsubscribeView = { readonly language: Language } & (
  | { readonly view: 'ask' | 'done'; readonly branding: Branding }
  | { readonly view: 'unknown' }
  | { readonly view: 'busy'; readonly retryAfterSeconds: number }
);

const STATUS = { ask: 200, done: 200, unknown: 404, busy: 429 } as const;

/** The page behind the unsubscribe links of mails. */
export function unsubscribePage(shown: UnsubscribeView): Promise<Response> {
  const { view, language } = shown;
  const { heading, text } = UNSUBSCRIBE_TEXTS[language][view];
  const branding = 'branding' in shown ? shown.branding : null;
  const product = branding === null ? '' : lookOf(branding).product;
  const main = `<main id="view">
<h1>${heading}</h1>
<p>${escapeHtml(text(product))}</p>${view === 'ask' ? buttonOf(language) : ''}
</main>`;
  const headers: Record<string, string> =
    shown.view === 'busy' ? { 'Retry-After': String(shown.retryAfterSeconds) } : {};
  return brandedPage({ language, title: heading, main, branding, status: STATUS[view], headers });
}

/** What a mail program sends by itself (RFC 8058 §3.2), and so the address takes one thing only. */
function buttonOf(language: Language): string {
  return `
<form method="post">
<input type="hidden" name="List-Unsubscribe" value="One-Click">
<button class="main">${UNSUBSCRIBE_TEXTS[language].button}</button>
</form>`;
}
