import { type SQL, sql } from 'drizzle-orm';
import { addressKey, foldCase } from '../../model/fields.ts';
import type { Filter, TextOperator, TimeOperator } from '../../model/listing.ts';
import { arg } from './statement.ts';

/** `folded`: in comparison form. `finds`: an index has `few` rows, or `many` in the order of creation. */
type TextColumn = { readonly column: SQL; readonly folded: boolean | 'address'; readonly finds?: 'few' | 'many' };

export type Filterable = {
  readonly texts: Readonly<Record<string, TextColumn>>;
  readonly times: Readonly<Record<string, SQL>>;
};

// No LIKE: D1 limits patterns to 50 bytes, and % and _ are literal.
const textConditions: Record<TextOperator, (column: SQL, values: SQL) => SQL> = {
  eq: (column, values) => sql`${column} = ${values} ->> 0`,
  ne: (column, values) => sql`${column} is not ${values} ->> 0`,
  // A range of the index; no text contains the byte ff.
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

export function filterCondition({ texts, times }: Filterable, filter: Filter, name: string): SQL {
  const value = sql`${arg(name)}`;
  if (filter.on === 'text') return textConditions[filter.operator](requireEntry(texts, filter.field).column, value);
  return sql`${requireEntry(times, filter.field)} ${timeOperators[filter.operator]} ${value}`;
}

export function filterValue({ texts }: Filterable, filter: Filter): string | number {
  if (filter.on === 'time') return filter.timeMs;
  const { folded } = requireEntry(texts, filter.field);
  if (folded === false) return JSON.stringify(filter.values);
  return JSON.stringify(filter.values.map(folded === 'address' ? addressKey : foldCase));
}

export function requireEntry<T>(entries: Readonly<Record<string, T>>, name: string): T {
  const found = entries[name];
  if (found === undefined) throw new Error(`the list knows no ${name}`);
  return found;
}
