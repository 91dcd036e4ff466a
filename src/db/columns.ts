import { type Column, getTableColumns, type InferSelectModel, type SQL, sql } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';

/** A row as D1 gives it raw: values in the order of the select. Half the size of objects, and no names to clash. */
export type RawRow = readonly unknown[];

/**
 * Some columns of a table, to select side by side, and the way back from a row to an object of drizzle's types. `alias`
 * is the table's name within the query; the column `id` comes first and tells whether a left join found anything.
 */
export function columnsOf<T extends SQLiteTable, K extends string & keyof InferSelectModel<T>>(
  table: T,
  alias: string,
  names: readonly K[],
) {
  const columns: Record<string, Column> = getTableColumns(table);
  const fields = names.map((name) => {
    const column = columns[name];
    if (column === undefined) throw new Error(`no column ${name}`);
    return { name, column, plain: column.dataType === 'string' || column.dataType === 'number' };
  });
  const selected: SQL = sql.raw(fields.map(({ column }) => `${alias}.${column.name}`).join(', '));
  return {
    selected,
    width: names.length,
    /** The object whose columns start at `from`; null where a left join found none. */
    read(row: RawRow, from: number): Pick<InferSelectModel<T>, K> | null {
      if (row[from] === null) return null;
      const entity: Record<string, unknown> = {};
      for (const [index, { name, column, plain }] of fields.entries()) {
        const value = row[from + index];
        entity[name] = plain || value === null ? value : column.mapFromDriverValue(value);
      }
      return entity as Pick<InferSelectModel<T>, K>;
    },
  };
}
