import { type DisplayBranding, displayBranding } from '../html/display-branding.ts';
import { escapeHtml } from '../html/escape.ts';
import { SUPPORT_LEAD } from '../html/support.ts';
import type { Language } from '../model/language.ts';
import type { Branding } from '../model/resellers/branding.ts';
import { card } from './card.ts';
import { formPolicy, html } from './html.ts';

export type BrandedPage = {
  readonly language: Language;
  readonly title: string;
  /** What the page has in its head beside the styles of all, and its `main`: HTML. */
  readonly head?: string;
  readonly main: string;
  /** The reseller's; null: a page that nobody's name stands on. */
  readonly branding: Branding | null;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether scripts of ours run in it, and ask us. */
  readonly scripted?: boolean;
  /** An origin that its forms may lead on to, beside our own. */
  readonly leadsTo?: string | null;
  readonly referrer?: 'no-referrer' | 'same-origin';
};

/** A page of forms in the look of its reseller, whole as it comes: it needs no scripts. */
export async function brandedPage(page: BrandedPage): Promise<Response> {
  const { language, title, main, branding, status = 200, head = '', scripted = false, leadsTo = null } = page;
  const look = branding === null ? null : displayBranding(branding);
  const paint = look === null ? '' : `:root{--brand:${look.color};--on-brand:${look.onColor}}`;
  const content = look === null ? main : branded(look, main, language);
  return html(card({ language, title: escapeHtml(title), head: `${head}<style>${paint}</style>`, content }), {
    status,
    policy: await formPolicy(paint, { scripted, leadsTo }),
    referrer: page.referrer ?? 'no-referrer',
    headers: { 'X-Robots-Tag': 'noindex', Vary: 'Accept-Language', ...page.headers },
  });
}

function branded({ product, supportEmail }: DisplayBranding, main: string, language: Language): string {
  const brand = `<header id="brand"><bdi>${escapeHtml(product)}</bdi></header>\n${main}`;
  if (supportEmail === null) return brand;
  const address = `mailto:${encodeURIComponent(supportEmail).replaceAll('%40', '@')}`;
  const link = `<a href="${escapeHtml(address)}">${escapeHtml(supportEmail)}</a>`;
  return `${brand}\n<footer id="support">${SUPPORT_LEAD[language]}${link}</footer>`;
}
