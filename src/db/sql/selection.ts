import { type InferSelectModel, type SQL, sql } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { columnOf } from './statement.ts';

/** A row as D1 gives it raw: values in the order of the select. Half the size of objects, and no names to clash. */
type RawRow = readonly unknown[];

/** What a query selects, and the way back from a row whose values begin at `at`: one declaration. */
export type Selection<T> = {
  readonly columns: readonly SQL[];
  readonly read: (row: RawRow, at: number) => T;
};
/** What a selection gives. */
export type Selected<S> = S extends Selection<infer T> ? T : never;

const one = <T>(column: SQL, read: (value: unknown) => T): Selection<T> => ({
  columns: [column],
  read: (row, at) => read(row[at]),
});

/** A value as SQLite has it. */
export const value = <T extends string | number | null>(column: SQL) => one(column, (found) => found as T);
/** A condition; false where it is null. */
export const flag = (column: SQL) => one(column, (found) => found === 1);
/** JSON in one column; null where there is none. */
export const json = <T>(column: SQL) => one(column, (found): T => JSON.parse(found === null ? 'null' : String(found)));
/** Several columns as an array. */
export const values = <T>(columns: readonly SQL[]): Selection<readonly T[]> => ({
  columns,
  read: (row, at) => row.slice(at, at + columns.length) as T[],
});

/** What another selection gives, made into something else. */
export const mapped = <T, U>({ columns, read }: Selection<T>, map: (found: T) => U): Selection<U> => ({
  columns,
  read: (row, at) => map(read(row, at)),
});

/** Selections by name. */
export type Fields = Readonly<Record<string, Selection<unknown>>>;
export type Found<F extends Fields> = { readonly [K in keyof F]: Selected<F[K]> };

/** An object of these, each behind the one before. */
export function record<F extends Fields>(fields: F): Selection<Found<F>> {
  let width = 0;
  const parts = Object.entries(fields).map(([name, { columns, read }]) => {
    const part = { name, read, offset: width };
    width += columns.length;
    return part;
  });
  return {
    columns: Object.values(fields).flatMap(({ columns }) => columns),
    read: (row, at) => {
      const found: Record<string, unknown> = {};
      for (const { name, read, offset } of parts) found[name] = read(row, at + offset);
      return found as Found<F>;
    },
  };
}

/**
 * Some columns of a table as an object of drizzle's types. `alias` is the table's name within the query; the first column is
 * never null but where a left join found nothing, and then the object is.
 */
export function columnsOf<T extends SQLiteTable, K extends string & keyof InferSelectModel<T>>(
  table: T,
  alias: string,
  names: readonly K[],
): Selection<Pick<InferSelectModel<T>, K> | null> {
  const fields = names.map((name) => {
    const column = columnOf(table, name);
    return { name, column, plain: column.dataType === 'string' || column.dataType === 'number' };
  });
  return {
    columns: fields.map(({ column }) => sql.raw(`${alias}.${column.name}`)),
    read: (row, at) => {
      if (row[at] === null) return null;
      const entity: Record<string, unknown> = {};
      let place = at;
      for (const { name, column, plain } of fields) {
        const found = row[place++];
        entity[name] = plain || found === null ? found : column.mapFromDriverValue(found);
      }
      return entity as Pick<InferSelectModel<T>, K>;
    },
  };
}

/** All of it in one column: where most rows have none, that is far cheaper than a null for each. */
export function asJson<T>({ columns, read }: Selection<T | null>): Selection<T | null> {
  const [first] = columns;
  return one(sql`iif(${first} is null, null, json_array(${list(columns)}))`, (found) =>
    typeof found === 'string' ? read(JSON.parse(found), 0) : null,
  );
}

/** The columns, for a select whose rows are read raw. */
export const selected = ({ columns }: Selection<unknown>): SQL => list(columns);
/** The same, each under a name of its own: rows of a batch are objects. */
export const named = ({ columns }: Selection<unknown>): SQL =>
  list(columns.map((column, index) => sql`${column} as ${sql.raw(`c${index}`)}`));

const list = (columns: readonly SQL[]): SQL => sql.join([...columns], sql`, `);

/** Runs a select of these columns. */
export async function readRaw<T>({ read }: Selection<T>, prepared: D1PreparedStatement): Promise<T[]> {
  const rows = await prepared.raw();
  return rows.map((row) => read(row, 0));
}
/** Rows of a batch that were selected by `named`. */
export const readNamed = <T>({ read }: Selection<T>, rows: readonly unknown[] = []): T[] =>
  rows.map((row) => read(Object.values(Object(row)), 0));
