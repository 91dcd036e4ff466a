import { type InferSelectModel, type SQL, sql } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { columnOf } from './statement.ts';

/** A row as D1 gives it raw: values in the order of the select. Half the size of objects, and no names to clash. */
export type RawRow = readonly unknown[];

/**
 * Some columns of a table to select, and the way back from a row to an object of drizzle's types. `alias` is the
 * table's name within the query; `id` is among the columns and is null where a left join found nothing.
 */
export function columnsOf<T extends SQLiteTable, K extends string & keyof InferSelectModel<T>>(
  table: T,
  alias: string,
  names: readonly K[],
) {
  type Entity = Pick<InferSelectModel<T>, K>;
  const fields = names.map((name) => {
    const column = columnOf(table, name);
    return { name, column, plain: column.dataType === 'string' || column.dataType === 'number' };
  });
  const list = fields.map(({ column }) => `${alias}.${column.name}`).join(', ');

  /** The object whose columns start at `from`; null where there is none. */
  function read(row: RawRow, from: number): Entity | null {
    if (row[from] === null) return null;
    const entity: Record<string, unknown> = {};
    let at = from;
    for (const { name, column, plain } of fields) {
      const value = row[at++];
      entity[name] = plain || value === null ? value : column.mapFromDriverValue(value);
    }
    return entity as Entity;
  }

  const selected: SQL = sql.raw(list);
  /** All in one column: where most rows have none, that is far cheaper than a null for each. */
  const selectedAsJson: SQL = sql.raw(`iif(${alias}.id is null, null, json_array(${list}))`);
  const readJson = (value: unknown): Entity | null => (typeof value === 'string' ? read(JSON.parse(value), 0) : null);
  return { selected, selectedAsJson, width: names.length, read, readJson };
}
