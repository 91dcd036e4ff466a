import { GREETED_NAME_MAX_CHARS } from '../model/limits/index.ts';
import { looksLikeLink } from '../model/users/shown-name.ts';

/** White space, control characters, line separators, and what turns the direction of the text around it (UAX #9). */
const UNRULY = /[\s\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;
const LINE_BREAK = /\r\n?|[\n\u0085\u2028\u2029]/;
/** Those of them that keep to no line: spaces and what right-to-left scripts are written with stay. */
const UNRULY_IN_LINE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** Text of others on one line: it can begin no line of its own, and no header. */
export function oneLine(text: string): string {
  return text.toWellFormed().replace(UNRULY, ' ').trim();
}

/** Text of others on the lines that it was written on. */
export function linesOf(text: string): string[] {
  const lines = text.toWellFormed().split(LINE_BREAK);
  return lines.map((line) => line.replace(UNRULY_IN_LINE, ' ').trimEnd());
}

/**
 * The first name to greet by, or '' where it could pass for a link: whoever signs a stranger up could else have us send
 * him one.
 */
export function greetable(firstName: string): string {
  const name = oneLine(firstName).replace(/\p{Cf}/gu, '');
  return looksLikeLink(name) || /[\d/]/.test(name) || [...name].length > GREETED_NAME_MAX_CHARS ? '' : name;
}
