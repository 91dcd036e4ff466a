import type { Language } from '../../model/language.ts';

/** In UTC: the user's time zone is unknown. */
export function formatTime(language: Language, ms: number): string {
  const text = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(
    ms,
  );
  return `<time datetime="${new Date(ms).toISOString()}">${text} UTC</time>`;
}
