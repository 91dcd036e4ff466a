import { type InferSelectModel, type SQL, sql } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { columnOf } from './statement.ts';

/** Values in the order of the select: half the size of objects, and no name clashes. */
type RawRow = readonly unknown[];

export type Selection<T> = {
  readonly columns: readonly SQL[];
  readonly read: (row: RawRow, at: number) => T;
};
export type Selected<S> = S extends Selection<infer T> ? T : never;

const one = <T>(column: SQL, read: (value: unknown) => T): Selection<T> => ({
  columns: [column],
  read: (row, at) => read(row[at]),
});

export const value = <T extends string | number | null>(column: SQL) => one(column, (found) => found as T);
/** False for null. */
export const flag = (column: SQL) => one(column, (found) => found === 1);
/** Null if the column is null. */
export const jsonValue = <T>(column: SQL) =>
  one(column, (found): T => JSON.parse(found === null ? 'null' : String(found)));
export const values = <T>(columns: readonly SQL[]): Selection<readonly T[]> => ({
  columns,
  read: (row, at) => row.slice(at, at + columns.length) as T[],
});

export const mapped = <T, U>({ columns, read }: Selection<T>, map: (found: T) => U): Selection<U> => ({
  columns,
  read: (row, at) => map(read(row, at)),
});

export type Fields = Readonly<Record<string, Selection<unknown>>>;
export type Found<F extends Fields> = { readonly [K in keyof F]: Selected<F[K]> };

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

/** Null if the first column is: a left join found nothing. */
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
      let index = at;
      for (const { name, column, plain } of fields) {
        const found = row[index++];
        entity[name] = plain || found === null ? found : column.mapFromDriverValue(found);
      }
      return entity as Pick<InferSelectModel<T>, K>;
    },
  };
}

/** Cheaper than many nulls where most rows have none. */
export function asJson<T>({ columns, read }: Selection<T | null>): Selection<T | null> {
  const [first] = columns;
  return one(sql`iif(${first} is null, null, json_array(${list(columns)}))`, (found) =>
    typeof found === 'string' ? read(JSON.parse(found), 0) : null,
  );
}

export const selected = ({ columns }: Selection<unknown>): SQL => list(columns);
/** Rows of a batch are objects: names must be unique. */
export const selectedByName = ({ columns }: Selection<unknown>): SQL =>
  list(columns.map((column, index) => sql`${column} as ${sql.raw(`c${index}`)}`));

const list = (columns: readonly SQL[]): SQL => sql.join([...columns], sql`, `);

export async function readRaw<T>({ read }: Selection<T>, prepared: D1PreparedStatement): Promise<T[]> {
  const rows = await prepared.raw();
  return rows.map((row) => read(row, 0));
}
export const readNamed = <T>({ read }: Selection<T>, rows: readonly unknown[] = []): T[] =>
  rows.map((row) => read(Object.values(Object(row)), 0));
