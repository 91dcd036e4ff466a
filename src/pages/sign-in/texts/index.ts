import type { Language } from '../../../model/language.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { ja } from './ja.ts';
import type { SignInTexts } from './texts.ts';

export type { SignInNotice as Notice, SignInTexts } from './texts.ts';

export const SIGN_IN_TEXTS: Readonly<Record<Language, SignInTexts>> = { en, de, ja, fr, es };
