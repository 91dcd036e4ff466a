import type { Language } from '../../model/language.ts';

/** A time as HTML. Where its reader is, nobody has said. */
export function when(language: Language, ms: number): string {
  const text = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(
    ms,
  );
  return `<time datetime="${new Date(ms).toISOString()}">${text} UTC</time>`;
}
