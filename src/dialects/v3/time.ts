import * as v from 'valibot';

/** A date or an RFC 3339 time. */
export const Time = v.pipe(
  v.string(),
  v.regex(
    /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d))?$/i,
    'Must be a date or an RFC 3339 time.',
  ),
  // What is no time at all gets no further.
  v.toUpperCase(),
  v.check(isRealDate, 'Must be a date that exists.'),
  v.transform((text) => Date.parse(text)),
  v.number('Must be a date or an RFC 3339 time.'),
  // With its offset a time may lie in a year that RFC 3339 has no word for.
  v.check((ms) => /^\d{4}-/.test(new Date(ms).toISOString()), 'Must be a date that exists.'),
);

/** `Date.parse` takes 30 February for 1 March. */
function isRealDate(text: string): boolean {
  const day = text.slice(0, 10);
  const midnight = Date.parse(day);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day);
}
