/**
 * One line for a fault that nobody expected. The text of an error may hold SQL or what a caller sent, so only its kind
 * is written, with SQLite's code if it has one.
 */
export function logFault(where: string, error: unknown, requestId?: string): void {
  const name = error instanceof Error ? error.name : typeof error;
  const code = error instanceof Error ? /SQLITE_\w+/.exec(error.message)?.[0] : undefined;
  console.error(JSON.stringify({ level: 'error', where, requestId, error: name, code }));
}

/** One line for something that went wrong elsewhere. `detail` is in words of ours, or of a library that repeats nothing. */
export function logTrouble(where: string, detail: string, requestId?: string): void {
  console.error(JSON.stringify({ level: 'warn', where, requestId, detail }));
}

/** One line for the head of the audit log's chain, to verify it by later (`npm run audit:verify -- --head <seq>:<hash>`). */
export function logHead({ seq, hash }: { readonly seq: number; readonly hash: string }): void {
  console.log(JSON.stringify({ level: 'info', where: 'audit', head: `${seq}:${hash}` }));
}
