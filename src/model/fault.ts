/** What may be said of an error that nobody expected: its kind, with SQLite's code if it has one. Its text may hold values. */
export function faultOf(error: unknown): { readonly error: string; readonly code: string | undefined } {
  if (!(error instanceof Error)) return { error: typeof error, code: undefined };
  return { error: error.name, code: /SQLITE_\w+/.exec(error.message)?.[0] };
}
