import { LANGUAGES, type Language } from '../model/language.ts';

/** RFC 9110 §12.5.4. English by default. */
export function acceptedLanguage(header: string | null): Language {
  const ranges = (header ?? '').split(',').flatMap(toRange);
  return ranges.sort((a, b) => b.weight - a.weight).find(({ weight }) => weight > 0)?.language ?? 'en';
}

/** `ui_locales` first (OpenID Connect Core 1.0 §3.1.2.1). */
export function languageAskedFor(uiLocales: string | null, header: string | null): Language {
  return acceptedLanguage(`${(uiLocales ?? '').replaceAll(' ', ',')},${header ?? ''}`);
}

function toRange(range: string) {
  const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const language = LANGUAGES.find((one) => tag === one || tag.startsWith(`${one}-`));
  if (language === undefined) return [];
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
  return [{ language, weight: Number(quality) || 0 }];
}
