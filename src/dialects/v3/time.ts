import * as v from 'valibot';

export const Time = v.pipe(
  v.string(),
  v.regex(
    /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d))?$/i,
    'Must be a date or an RFC 3339 time.',
  ),
  // Stops the pipe for an invalid time.
  v.toUpperCase(),
  v.check(isRealDate, 'Must be a date that exists.'),
  v.transform((text) => Date.parse(text)),
  v.number('Must be a date or an RFC 3339 time.'),
  // The offset can move a time outside RFC 3339's years.
  v.check((ms) => /^\d{4}-/.test(new Date(ms).toISOString()), 'Must be a date that exists.'),
);

/** `Date.parse` reads 30 February as 1 March. */
function isRealDate(text: string): boolean {
  const day = text.slice(0, 10);
  const midnight = Date.parse(day);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day);
}
