import { errorSummary } from './error-summary.ts';

export const LOG_LEVELS = ['error', 'warn', 'info'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** No personal data, no caller's text. */
type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

const write: Readonly<Record<LogLevel, (line: string) => void>> = {
  error: (line) => console.error(line),
  warn: (line) => console.warn(line),
  info: (line) => console.log(line),
};

export function log(threshold: LogLevel, level: LogLevel, where: string, fields: LogFields): void {
  if (LOG_LEVELS.indexOf(level) <= LOG_LEVELS.indexOf(threshold)) write[level](lineOf({ level, where, ...fields }));
}

export function logRecord(where: string, fields: LogFields): void {
  console.log(lineOf({ level: 'info', where, ...fields }));
}

export function logFault(where: string, error: unknown, requestId?: string): void {
  console.error(lineOf({ level: 'error', where, requestId, ...errorSummary(error) }));
}

/** `detail` must not quote a caller. */
export function logWarning(where: string, detail: string, requestId?: string): void {
  console.error(lineOf({ level: 'warn', where, requestId, detail }));
}

/** Printable ASCII: nothing ends the line or moves a cursor. */
function lineOf(fields: LogFields): string {
  return JSON.stringify(fields).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
