import type { Language } from '../../../model/language.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { ja } from './ja.ts';
import type { ConsentTexts } from './texts.ts';

export type { ConsentTexts } from './texts.ts';
export const CONSENT_TEXTS: Readonly<Record<Language, ConsentTexts>> = { en, de, ja, fr, es };
