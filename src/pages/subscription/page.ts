import { displayBranding } from '../../html/display-branding.ts';
import { escapeHtml } from '../../html/escape.ts';
import type { Language } from '../../model/language.ts';
import type { Branding } from '../../model/resellers/branding.ts';
import { brandedPage } from '../branded.ts';
import { SUBSCRIPTION_TEXTS } from './texts.ts';

export type SubscriptionView = { readonly language: Language } & (
  | {
      readonly view: 'subscribe' | 'unsubscribe' | 'confirmed' | 'suppressed';
      readonly branding: Branding;
      readonly token: string;
    }
  | { readonly view: 'unknown' }
  | { readonly view: 'busy'; readonly retryAfterSeconds: number }
);

const STATUS = { subscribe: 200, unsubscribe: 200, confirmed: 200, suppressed: 200, unknown: 404, busy: 429 } as const;

export function subscriptionPage(shown: SubscriptionView): Promise<Response> {
  const { view, language } = shown;
  const { heading, text } = SUBSCRIPTION_TEXTS[language][view];
  const branding = 'branding' in shown ? shown.branding : null;
  const product = branding === null ? '' : displayBranding(branding).product;
  const main = `<main id="view">
<h1>${heading}</h1>
<p>${escapeHtml(text(product))}</p>${formOf(shown)}
</main>`;
  const headers: Record<string, string> =
    shown.view === 'busy' ? { 'Retry-After': String(shown.retryAfterSeconds) } : {};
  return brandedPage({ language, title: heading, main, branding, status: STATUS[view], headers });
}

function formOf(shown: SubscriptionView): string {
  if (!('token' in shown)) return '';
  const { subscribe, unsubscribe, refuse, again } = SUBSCRIPTION_TEXTS[shown.language].buttons;
  switch (shown.view) {
    case 'subscribe':
      return form(`${button(shown, 'subscribe', subscribe, true)}\n${button(shown, 'unsubscribe', refuse)}`);
    case 'unsubscribe':
      // A fixed body for mail programs (RFC 8058 §3.2), so the action is in the path.
      return form(
        `<input type="hidden" name="List-Unsubscribe" value="One-Click">\n${button(shown, 'unsubscribe', unsubscribe, true)}`,
      );
    case 'suppressed':
      return form(button(shown, 'subscribe', again));
    case 'confirmed':
      return form(button(shown, 'unsubscribe', unsubscribe));
  }
}

function form(content: string): string {
  return `\n<form method="post">\n${content}\n</form>`;
}

/** Its form has its own action. */
function button(
  { token }: { readonly token: string },
  path: 'subscribe' | 'unsubscribe',
  label: string,
  main = false,
): string {
  return `<button formaction="/${path}/${escapeHtml(token)}"${main ? ' class="main"' : ''}>${label}</button>`;
}
