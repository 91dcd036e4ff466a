import type { Language } from '../../model/language.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { ja } from './ja.ts';
import type { Strings } from './strings.ts';

export const STRINGS: Readonly<Record<Language, Strings>> = { en, de, ja, fr, es };
