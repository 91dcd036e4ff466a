import { faultOf } from './fault.ts';

/** What a deployment wants to read: each level with those before it. */
export const LOG_LEVELS = ['error', 'warn', 'info'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What a line says; nothing personal, and no text of a caller's. Fields that are undefined are left out. */
type Fields = Readonly<Record<string, string | number | boolean | null | undefined>>;

const write: Readonly<Record<LogLevel, (line: string) => void>> = {
  error: (line) => console.error(line),
  warn: (line) => console.warn(line),
  info: (line) => console.log(line),
};

/** One line about `where`, if the deployment wants its level. */
export function log(wanted: LogLevel, level: LogLevel, where: string, fields: Fields): void {
  if (LOG_LEVELS.indexOf(level) <= LOG_LEVELS.indexOf(wanted)) write[level](lineOf({ level, where, ...fields }));
}

/** One line that is kept as evidence, whatever level the deployment reads. */
export function logRecord(where: string, fields: Fields): void {
  console.log(lineOf({ level: 'info', where, ...fields }));
}

/**
 * One line for a fault that nobody expected. The text of an error may hold SQL or what a caller sent, so only its kind
 * is written, with SQLite's code if it has one.
 */
export function logFault(where: string, error: unknown, requestId?: string): void {
  console.error(lineOf({ level: 'error', where, requestId, ...faultOf(error) }));
}

/** One line for something that went wrong elsewhere. `detail` is in words of ours, or of a library that repeats nothing. */
export function logTrouble(where: string, detail: string, requestId?: string): void {
  console.error(lineOf({ level: 'warn', where, requestId, detail }));
}

/** JSON in printable ASCII, so that nothing within can end the line, move a cursor or look like something else. */
function lineOf(fields: Fields): string {
  return JSON.stringify(fields).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
