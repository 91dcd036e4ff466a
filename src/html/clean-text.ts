import { GREETING_NAME_MAX_CHARS } from '../model/limits/index.ts';
import { looksLikeLink } from '../model/users/displayable-name.ts';

/** White space, control characters, line separators, bidirectional controls (UAX #9). */
const CONTROL_CHARACTERS = /[\s\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;
const LINE_BREAK = /\r\n?|[\n\u0085\u2028\u2029]/;
const CONTROL_CHARACTERS_IN_LINE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** Cannot start another line or header. */
export function oneLine(text: string): string {
  return text.toWellFormed().replace(CONTROL_CHARACTERS, ' ').trim();
}

export function linesOf(text: string): string[] {
  const lines = text.toWellFormed().split(LINE_BREAK);
  return lines.map((line) => line.replace(CONTROL_CHARACTERS_IN_LINE, ' ').trimEnd());
}

/** Empty if it could pass for a link: anyone can sign up a stranger. */
export function greetingName(firstName: string): string {
  const name = oneLine(firstName).replace(/\p{Cf}/gu, '');
  return looksLikeLink(name) || /[\d/]/.test(name) || [...name].length > GREETING_NAME_MAX_CHARS ? '' : name;
}
