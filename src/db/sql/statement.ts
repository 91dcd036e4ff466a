import { type Column, fillPlaceholders, getTableColumns, type SQL, sql } from 'drizzle-orm';
import { CasingCache } from 'drizzle-orm/casing';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { ROW_BYTES } from '../../model/limits/index.ts';

export type Db = Pick<D1DatabaseSession, 'prepare' | 'batch'>;
export type Values = Readonly<Record<string, unknown>>;
export type Statement = (db: Db, values: Values) => D1PreparedStatement;

/** Drizzle's dialect without its query builders. */
const dialect = {
  casing: new CasingCache(),
  escapeName: (name: string) => `"${name.replaceAll('"', '""')}"`,
  escapeParam: () => '?',
  escapeString: (text: string) => `'${text.replaceAll("'", "''")}'`,
};

const written = new WeakMap<D1PreparedStatement, { readonly inserts: boolean; readonly values: readonly unknown[] }>();

/** Compiled once per isolate. Values are named by `sql.placeholder`; a missing one throws. */
export function statement(query: () => SQL): Statement {
  let compiled: { sql: string; params: unknown[]; verb: string | undefined } | undefined;
  return (session, args) => {
    compiled ??= compile(query());
    const { sql, params, verb } = compiled;
    const values = fillPlaceholders(params, { ...args });
    const prepared = session.prepare(sql).bind(...values);
    if (verb !== undefined) written.set(prepared, { inserts: verb === 'insert', values });
    return prepared;
  };
}

function compile(query: SQL) {
  const { sql, params } = query.toQuery(dialect);
  return { sql, params, verb: /^\s*(?<verb>insert|update)\b/.exec(sql)?.groups?.['verb'] };
}

/** An upper bound. */
export function writtenBytes(statements: readonly D1PreparedStatement[]): number {
  let bytes = 0;
  for (const statement of statements) {
    const { inserts, values } = written.get(statement) ?? { inserts: false, values: [] };
    if (inserts) bytes += ROW_BYTES;
    for (const value of values) if (typeof value === 'string') bytes += Buffer.byteLength(value);
  }
  return bytes;
}

export function arg(name: string) {
  return sql.placeholder(name);
}

/** A constant in the SQL: D1 binds at most 100 values. */
export const literal = (value: string | number) =>
  sql.raw(typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`);

/** One bound parameter. */
export const idsFromArgument = sql`(select value from json_each(${arg('ids')}))`;

/** `rest` guards the insert. `computed` columns are expressions. */
export function insertSelect(
  table: SQLiteTable,
  names: readonly string[],
  rest: SQL,
  computed: Readonly<Record<string, SQL>> = {},
): SQL {
  const all = [...names, ...Object.keys(computed)].map((name) => ({ name, column: columnOf(table, name) }));
  const list = all.map(({ column }) => sql.identifier(column.name));
  const values = all.map(({ name, column }) => computed[name] ?? sql`${sql.param(sql.placeholder(name), column)}`);
  return sql`insert into ${table} (${sql.join(list, sql`, `)}) select ${sql.join(values, sql`, `)} ${rest}`;
}

export function assignments(table: SQLiteTable, names: readonly string[]): SQL {
  return sql.join(
    names.map((name) => {
      const column = columnOf(table, name);
      return sql`${sql.identifier(column.name)} = ${sql.param(sql.placeholder(name), column)}`;
    }),
    sql`, `,
  );
}

export function columnOf(table: SQLiteTable, name: string): Column {
  const columns: Readonly<Record<string, Column>> = getTableColumns(table);
  const column = columns[name];
  if (column === undefined) throw new Error(`no column ${name}`);
  return column;
}
