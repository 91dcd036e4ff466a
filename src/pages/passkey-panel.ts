import { escapeHtml } from '../html/escape.ts';

export const PASSKEY_SCRIPT = '<script type="module" src="/pages/passkey-panel.js"></script>\n';

type Panel = {
  readonly purpose: 'sign-in' | 'add';
  readonly optionsUrl: string;
  readonly url: string;
  readonly label: string;
  /** By problem code. */
  readonly problems: Readonly<Record<string, string>>;
  /** HTML above the button. */
  readonly fields?: string;
  readonly main?: boolean;
};

/** Hidden until static/sign-in/passkey-panel.js runs. */
export function passkeyPanel({ purpose, optionsUrl, url, label, problems, fields = '', main = false }: Panel): string {
  const problemAttributes = Object.entries(problems).map(([name, text]) => ` data-${name}="${escapeHtml(text)}"`);
  return `<section data-passkey="${purpose}" data-options-url="${escapeHtml(optionsUrl)}" data-url="${escapeHtml(url)}"${problemAttributes.join('')} hidden>
${fields}<p class="complaint" role="alert"></p>
<button type="button"${main ? ' class="main"' : ''}>${escapeHtml(label)}</button>
</section>`;
}
