import { escapeHtml } from '../html/escape.ts';

type Field = {
  readonly name: string;
  readonly label: string;
  readonly type?: 'text' | 'password';
  readonly value?: string;
  readonly hint?: string;
  readonly maxChars: number;
  readonly focused?: boolean;
  /** Whether the form's complaint is about it. */
  readonly wrong?: boolean;
  /** More attributes, as they stand. */
  readonly attributes: string;
};

/** A labelled field of a form. Nothing that is typed into one is a word of a dictionary. */
export function field({ name, label, type = 'text', value = '', hint, maxChars, ...rest }: Field): string {
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

/** What is wrong with what was sent, for the field of this name. */
export function complaint(name: string, text: string | null): string {
  return text === null ? '' : `<p class="complaint" role="alert" id="${name}-complaint">${escapeHtml(text)}</p>\n`;
}

type Form = {
  readonly action: string;
  /** HTML. */
  readonly fields: string;
  readonly submit: string;
  /** Whether the page is about it. */
  readonly main?: boolean;
  /** What the button says to those who hear it among others of its kind. */
  readonly label?: string;
};

/** A form with one button. */
export function form({ action, fields, submit, main = true, label }: Form): string {
  const named = label === undefined ? '' : ` aria-label="${escapeHtml(label)}"`;
  return `<form method="post" action="${escapeHtml(action)}">
${fields}
<button${main ? ' class="main"' : ''}${named}>${escapeHtml(submit)}</button>
</form>`;
}

/** What a form carries along. */
export function hidden(name: string, value: string): string {
  return `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`;
}

/** A link to an address of ours; `button` looks like one. */
export function link(path: string, label: string, look: 'plain' | 'button' = 'plain'): string {
  return `<a${look === 'button' ? ' class="button"' : ''} href="${escapeHtml(path)}">${escapeHtml(label)}</a>`;
}
