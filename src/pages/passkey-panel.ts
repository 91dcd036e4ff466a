import { escapeHtml } from '../html/escape.ts';

/** The script behind the part for passkeys. */
export const PASSKEY_SCRIPT = '<script type="module" src="/pages/passkey-panel.js"></script>\n';

type Panel = {
  readonly purpose: 'sign-in' | 'add';
  readonly optionsUrl: string;
  readonly url: string;
  readonly label: string;
  /** What is told of each problem. */
  readonly problems: Readonly<Record<string, string>>;
  /** What stands above the button: HTML. */
  readonly fields?: string;
  readonly main?: boolean;
};

/** A page's part for passkeys (static/sign-in/passkey-panel.js), hidden until its script runs. */
export function passkeyPanel({ purpose, optionsUrl, url, label, problems, fields = '', main = false }: Panel): string {
  const told = Object.entries(problems).map(([name, text]) => ` data-${name}="${escapeHtml(text)}"`);
  return `<section data-passkey="${purpose}" data-options-url="${escapeHtml(optionsUrl)}" data-url="${escapeHtml(url)}"${told.join('')} hidden>
${fields}<p class="complaint" role="alert"></p>
<button type="button"${main ? ' class="main"' : ''}>${escapeHtml(label)}</button>
</section>`;
}
