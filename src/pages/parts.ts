import { escapeHtml } from '../html/escape.ts';

type FieldOptions = {
  readonly name: string;
  readonly label: string;
  readonly type?: 'text' | 'password';
  readonly value?: string;
  readonly hint?: string;
  readonly maxChars: number;
  readonly focused?: boolean;
  /** The form's error is about this field. */
  readonly wrong?: boolean;
  /** Further attributes as HTML. */
  readonly attributes: string;
};

export function field({ name, label, type = 'text', value = '', hint, maxChars, ...rest }: FieldOptions): string {
  const { focused = false, wrong = false, attributes } = rest;
  const described = [...(wrong ? [`${name}-complaint`] : []), ...(hint === undefined ? [] : [`${name}-hint`])];
  const more = [
    value === '' ? '' : ` value="${escapeHtml(value)}"`,
    described.length === 0 ? '' : ` aria-describedby="${described.join(' ')}"`,
    wrong ? ' aria-invalid="true"' : '',
    focused ? ' autofocus' : '',
  ].join('');
  const below = hint === undefined ? '' : `\n<p class="hint" id="${name}-hint">${escapeHtml(hint)}</p>`;
  return `<label for="${name}">${escapeHtml(label)}</label>
<div class="box"><input id="${name}" name="${name}" type="${type}" maxlength="${maxChars}" autocapitalize="none" spellcheck="false" required ${attributes}${more}>${below}</div>`;
}

export function complaint(name: string, text: string | null): string {
  return text === null ? '' : `<p class="complaint" role="alert" id="${name}-complaint">${escapeHtml(text)}</p>\n`;
}

type FormOptions = {
  readonly action: string;
  /** HTML. */
  readonly fields: string;
  readonly submit: string;
  /** The page's main form. */
  readonly main?: boolean;
  /** Tells buttons of the same text apart for screen readers. */
  readonly label?: string;
};

export function form({ action, fields, submit, main = true, label }: FormOptions): string {
  const named = label === undefined ? '' : ` aria-label="${escapeHtml(label)}"`;
  return `<form method="post" action="${escapeHtml(action)}">
${fields}
<button${main ? ' class="main"' : ''}${named}>${escapeHtml(submit)}</button>
</form>`;
}

export function hidden(name: string, value: string): string {
  return `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`;
}

export function link(path: string, label: string, look: 'plain' | 'button' = 'plain'): string {
  return `<a${look === 'button' ? ' class="button"' : ''} href="${escapeHtml(path)}">${escapeHtml(label)}</a>`;
}
