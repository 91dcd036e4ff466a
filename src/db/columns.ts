import { type Column, getTableColumns, type InferSelectModel, type SQL, sql } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';

/**
 * Some columns of a table, selected under an alias each (a batch mixes up columns of one name), and the way back from
 * a row to an object of drizzle's types. `alias` is the table's name within the query.
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
    return { name, column, as: `${alias}_${name}` };
  });
  const selected: SQL = sql.join(
    fields.map(
      ({ column, as }) => sql`${sql.identifier(alias)}.${sql.identifier(column.name)} as ${sql.identifier(as)}`,
    ),
    sql`, `,
  );
  return {
    selected,
    /** The object in this row; null where a left join found none (its id is null). */
    read(row: Readonly<Record<string, unknown>>): Pick<InferSelectModel<T>, K> | null {
      if (row[`${alias}_id`] === null) return null;
      const entity: Record<string, unknown> = {};
      for (const { name, column, as } of fields) {
        const value = row[as];
        entity[name] = value === null ? null : column.mapFromDriverValue(value);
      }
      return entity as Pick<InferSelectModel<T>, K>;
    },
  };
}
