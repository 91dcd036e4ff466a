/** A message may hold SQL or a caller's text, so it is left out. */
export function errorSummary(error: unknown): { readonly error: string; readonly code: string | undefined } {
  if (!(error instanceof Error)) return { error: typeof error, code: undefined };
  return { error: error.name, code: /SQLITE_\w+/.exec(error.message)?.[0] };
}
