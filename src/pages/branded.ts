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
  /** `head` and `main` are HTML. */
  readonly head?: string;
  readonly main: string;
  /** Null: a page without a reseller's name. */
  readonly branding: Branding | null;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Allows this origin's scripts and their requests. */
  readonly scripted?: boolean;
  /** Another origin that the forms may redirect to. */
  readonly leadsTo?: string | null;
  readonly referrer?: 'no-referrer' | 'same-origin';
};

export async function brandedPage(page: BrandedPage): Promise<Response> {
  const { language, title, main, branding, status = 200, head = '', scripted = false, leadsTo = null } = page;
  const display = branding === null ? null : displayBranding(branding);
  const colorStyle = display === null ? '' : `:root{--brand:${display.color};--on-brand:${display.onColor}}`;
  const content = display === null ? main : branded(display, main, language);
  return html(card({ language, title: escapeHtml(title), head: `${head}<style>${colorStyle}</style>`, content }), {
    status,
    policy: await formPolicy(colorStyle, { scripted, leadsTo }),
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
