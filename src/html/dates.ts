import type { Language } from '../model/language.ts';

const FORMAT: Intl.DateTimeFormatOptions = {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZone: 'UTC',
  timeZoneName: 'short',
};

/** UTC, as the reader's time zone is unknown. */
export function formatDate(ms: number, language: Language): string {
  const written = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, FORMAT).format(ms);
  // French writes the first as an ordinal; Intl does not.
  return language === 'fr' ? written.replace(/^1\b/, '1er') : written;
}
