import * as v from 'valibot';
import { PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS, QUOTA_MAX, TEXT_MAX_CHARS, UNLIMITED } from './limits.ts';

/** How names and addresses are compared: composed (NFC) and without case. */
export function fold(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

const storable = v.check(
  (text: string) => text.isWellFormed() && !text.includes('\0'),
  'Must not contain NUL or half a surrogate pair.',
);

/** Any text of `min` to `max` characters that the database can give back as it came. */
export function text(min: number, max: number) {
  return v.pipe(v.string(), v.minLength(min), v.maxLength(max), storable);
}

export const Name = text(1, TEXT_MAX_CHARS);
export const OptionalText = v.optional(text(0, TEXT_MAX_CHARS));

/** An e-mail address, trimmed and composed before it is judged, so that look-alike forms of one address are one. */
export const Email = v.pipe(
  v.string(),
  v.trim(),
  v.normalize('NFC'),
  v.maxLength(TEXT_MAX_CHARS),
  v.rfcEmail('Must be an e-mail address.'),
  v.check((address) => !/@[^.]*$/.test(address), 'Must have a full domain.'),
);

export const Password = text(PASSWORD_MIN_CHARS, PASSWORD_MAX_CHARS);
export const Quota = v.pipe(v.number(), v.integer(), v.minValue(UNLIMITED), v.maxValue(QUOTA_MAX));

/** A UUID of any version, in lower case as stored. */
export const Id = v.pipe(v.string(), v.uuid('Must be a UUID.'), v.toLowerCase());
