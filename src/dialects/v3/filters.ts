import * as v from 'valibot';
import { FILTER_MAX_CHARS, FILTER_VALUES_MAX } from '../../model/limits/index.ts';
import { type Filter, TEXT_OPERATORS, TIME_OPERATORS } from '../../model/listing.ts';
import { Time } from './time.ts';

const Text = v.pipe(v.string(), v.minLength(1), v.maxLength(FILTER_MAX_CHARS));
const Texts = v.pipe(
  v.union([v.string(), v.array(v.string())]),
  v.transform((values) => [values].flat().flatMap((part) => part.split(','))),
  v.maxLength(FILTER_VALUES_MAX),
  v.array(Text),
);
type FilterEntries = Record<string, v.GenericSchema<unknown, Filter | undefined>>;

/** The parameters `field` and `field[operator]`. */
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
