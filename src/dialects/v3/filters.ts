import * as v from 'valibot';
import { FILTER_MAX_CHARS, FILTER_VALUES_MAX } from '../../model/limits.ts';
import { type Filter, TEXT_OPERATORS, TIME_OPERATORS } from '../../model/listing.ts';

const Text = v.pipe(v.string(), v.minLength(1), v.maxLength(FILTER_MAX_CHARS));
/** Several values: separated by commas, or the parameter repeated. */
const Texts = v.pipe(
  v.union([v.string(), v.array(v.string())]),
  v.transform((given) => [given].flat().flatMap((part) => part.split(','))),
  v.maxLength(FILTER_VALUES_MAX),
  v.array(Text),
);
/** A date or an RFC 3339 time. */
const Time = v.pipe(
  v.string(),
  v.regex(
    /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d))?$/i,
    'Must be a date or an RFC 3339 time.',
  ),
  v.check(isRealDate, 'Must be a date that exists.'),
  v.transform((text) => Date.parse(text.toUpperCase())),
  v.number('Must be a date or an RFC 3339 time.'),
);

/** `Date.parse` takes 30 February for 1 March. */
function isRealDate(text: string): boolean {
  const day = text.slice(0, 10);
  const midnight = Date.parse(day);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day);
}

type FilterEntries = Record<string, v.GenericSchema<unknown, Filter | undefined>>;

/** The parameters `field` and `field[operator]` for each field of a list (contracts: v3, Lists). */
export function filterEntries(texts: readonly string[], times: readonly string[]): FilterEntries {
  const entries: FilterEntries = {};
  for (const field of texts) {
    entries[field] = text(field, 'eq');
    for (const operator of TEXT_OPERATORS) {
      entries[`${field}[${operator}]`] =
        operator === 'in' || operator === 'nin' ? list(field, operator) : text(field, operator);
    }
  }
  for (const field of times) {
    entries[field] = time(field, 'eq');
    for (const operator of TIME_OPERATORS) entries[`${field}[${operator}]`] = time(field, operator);
  }
  return entries;
}

function text(field: string, operator: (typeof TEXT_OPERATORS)[number]) {
  return v.optional(
    v.pipe(
      Text,
      v.transform((value): Filter => ({ field, on: 'text', operator, values: [value] })),
    ),
  );
}

function list(field: string, operator: 'in' | 'nin') {
  return v.optional(
    v.pipe(
      Texts,
      v.transform((values): Filter => ({ field, on: 'text', operator, values })),
    ),
  );
}

function time(field: string, operator: (typeof TIME_OPERATORS)[number]) {
  return v.optional(
    v.pipe(
      Time,
      v.transform((timeMs): Filter => ({ field, on: 'time', operator, timeMs })),
    ),
  );
}
