import type { Language } from '../../../model/language.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { ja } from './ja.ts';
import type { AccountTexts } from './texts.ts';

export type { AccountNotice as Done, AccountTexts } from './texts.ts';

export const ACCOUNT_TEXTS: Readonly<Record<Language, AccountTexts>> = { en, de, ja, fr, es };
