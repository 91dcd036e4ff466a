import * as v from 'valibot';
import { text } from '../fields.ts';
import {
  COMMON_PASSWORDS,
  PASSWORD_MAX_CHARS,
  PASSWORD_MIN_CHARS,
  STRONG_PASSWORD_MIN_CHARS,
} from '../limits/index.ts';
import { isCommonPassword } from './common-passwords.ts';

export const PASSWORD_RULE = [
  {
    name: 'length',
    pattern: `^.{${STRONG_PASSWORD_MIN_CHARS},}$`,
    message: `Must have at least ${STRONG_PASSWORD_MIN_CHARS} characters.`,
  },
  { name: 'lower', pattern: '[a-z]', message: 'Must contain a lower case letter [a-z].' },
  { name: 'upper', pattern: '[A-Z]', message: 'Must contain an upper case letter [A-Z].' },
  { name: 'digit', pattern: '[0-9]', message: 'Must contain a digit [0-9].' },
  {
    name: 'special',
    pattern: '[~!@#$%^&*()\\-_+={}[\\]|;:<>,./?]',
    message: 'Must contain a special character (~!@#$%^&*()-_+={}[]|;:<>,./?).',
  },
] as const;

const parts = PASSWORD_RULE.map(({ pattern, message }) => v.regex<string, string>(new RegExp(pattern, 'su'), message));

// toLocaleString would load ICU at every start.
const MOST_USED = `one of the ${COMMON_PASSWORDS / 1_000},000 most used passwords`;
const uncommon = v.check((password: string) => !isCommonPassword(password), `Must not be ${MOST_USED}.`);

export const Password = v.pipe(
  text(PASSWORD_MIN_CHARS, PASSWORD_MAX_CHARS),
  uncommon,
  v.description(`Not ${MOST_USED}.`),
);

export const StrongPassword = v.pipe(text(0, PASSWORD_MAX_CHARS), ...parts, uncommon);
