import type { Language } from '../../../model/language.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { ja } from './ja.ts';
import type { ConsentTexts } from './texts.ts';

export type { ConsentTexts } from './texts.ts';
export const CONSENT_TEXTS: Readonly<Record<Language, ConsentTexts>> = { en, de, ja, fr, es };

/** An unknown scope is shown as it is. */
export function wordsFor(language: Language, scope: string): string {
  return Object.entries(CONSENT_TEXTS[language].scopes).find(([name]) => name === scope)?.[1] ?? scope;
}
