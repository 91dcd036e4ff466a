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

/** A date and time as the language writes it, in UTC and saying so: nobody knows where the reader is. */
export function dateOf(ms: number, language: Language): string {
  const written = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, FORMAT).format(ms);
  // Of all days French counts the first one only as an ordinal; Intl does not know.
  return language === 'fr' ? written.replace(/^1\b/, '1er') : written;
}
