import { type SQL, sql } from 'drizzle-orm';
import { addressKey, foldCase } from '../../model/fields.ts';
import type { Filter, TextOperator, TimeOperator } from '../../model/listing.ts';
import { arg } from './statement.ts';

/**
 * A text that callers filter by. A folded one holds the form by which names, or addresses, are compared. One that an index
 * knows finds few rows, or many of one value, which come in the order of their creation; in any other they are sorted
 * afterwards.
 */
type Text = { readonly column: SQL; readonly folded: boolean | 'address'; readonly finds?: 'few' | 'many' };

/** The columns of a list that callers filter by. */
export type Filterable = {
  readonly texts: Readonly<Record<string, Text>>;
  readonly times: Readonly<Record<string, SQL>>;
};

// The values of a text filter travel as one JSON array. No LIKE: D1 takes patterns of 50 bytes, and % and _ are literal.
const textConditions: Record<TextOperator, (column: SQL, values: SQL) => SQL> = {
  eq: (column, values) => sql`${column} = ${values} ->> 0`,
  ne: (column, values) => sql`${column} is not ${values} ->> 0`,
  // A stretch of the index; no text goes on with the byte ff.
  sw: (column, values) => sql`(${column} >= ${values} ->> 0 and ${column} < (${values} ->> 0) || cast(x'ff' as text))`,
  ew: (column, values) => sql`substr(${column}, -length(${values} ->> 0)) = ${values} ->> 0`,
  cn: (column, values) => sql`instr(${column}, ${values} ->> 0) > 0`,
  nc: (column, values) => sql`ifnull(instr(${column}, ${values} ->> 0), 0) = 0`,
  in: (column, values) => sql`${column} in (select value from json_each(${values}))`,
  nin: (column, values) => sql`(${column} is null or ${column} not in (select value from json_each(${values})))`,
};

const timeOperators: Record<TimeOperator, SQL> = {
  eq: sql`=`,
  ne: sql`is not`,
  gt: sql`>`,
  gte: sql`>=`,
  lt: sql`<`,
  lte: sql`<=`,
};

/** A filter as a condition whose value is bound under `name`. */
export function condition({ texts, times }: Filterable, filter: Filter, name: string): SQL {
  const value = sql`${arg(name)}`;
  if (filter.on === 'text') return textConditions[filter.operator](requireEntry(texts, filter.field).column, value);
  return sql`${requireEntry(times, filter.field)} ${timeOperators[filter.operator]} ${value}`;
}

/** What is bound for that condition. */
export function filterValue({ texts }: Filterable, filter: Filter): string | number {
  if (filter.on === 'time') return filter.timeMs;
  const { folded } = requireEntry(texts, filter.field);
  if (folded === false) return JSON.stringify(filter.values);
  return JSON.stringify(filter.values.map(folded === 'address' ? addressKey : foldCase));
}

/** The entry of this name; that there is none is a fault of the route's declaration. */
export function requireEntry<T>(entries: Readonly<Record<string, T>>, name: string): T {
  const found = entries[name];
  if (found === undefined) throw new Error(`the list knows no ${name}`);
  return found;
}
