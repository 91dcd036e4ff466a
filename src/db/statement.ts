import { fillPlaceholders, getTableColumns, type SQL, sql } from 'drizzle-orm';
import { SQLiteAsyncDialect, type SQLiteTable } from 'drizzle-orm/sqlite-core';

/** What statements run on: a request's D1 session or, in the background, the database itself. */
export type Session = Pick<D1DatabaseSession, 'prepare' | 'batch'>;
export type Values = Readonly<Record<string, unknown>>;
/** Binds values to a compiled statement, ready for `run`, `all` or a batch. */
export type Statement = (session: Session, values: Values) => D1PreparedStatement;

const dialect = new SQLiteAsyncDialect();

/**
 * A statement whose SQL drizzle writes once per isolate, at first use; each call only binds. The values are named by
 * `sql.placeholder`; a missing one throws.
 */
export function statement(query: () => SQL): Statement {
  let compiled: { sql: string; params: unknown[] } | undefined;
  return (session, values) => {
    compiled ??= dialect.sqlToQuery(query());
    return session.prepare(compiled.sql).bind(...fillPlaceholders(compiled.params, { ...values }));
  };
}

/** The value that a call passes under this name. */
export function arg(name: string) {
  return sql.placeholder(name);
}

/** `insert into table (columns) select :values <rest>`: an insert that can be guarded by what `rest` finds. */
export function insertSelect(table: SQLiteTable, names: readonly string[], rest: SQL): SQL {
  const columns = getTableColumns(table);
  const chosen = names.map((name) => {
    const column = columns[name];
    if (column === undefined) throw new Error(`no column ${name}`);
    return column;
  });
  const list = sql.join(
    chosen.map((column) => sql.identifier(column.name)),
    sql`, `,
  );
  const values = sql.join(
    chosen.map((column, index) => sql`${sql.param(sql.placeholder(names[index] ?? ''), column)}`),
    sql`, `,
  );
  return sql`insert into ${table} (${list}) select ${values} ${rest}`;
}

/** `a = :a, b = :b`, for an update. */
export function assignments(table: SQLiteTable, names: readonly string[]): SQL {
  const columns = getTableColumns(table);
  return sql.join(
    names.map((name) => {
      const column = columns[name];
      if (column === undefined) throw new Error(`no column ${name}`);
      return sql`${sql.identifier(column.name)} = ${sql.param(sql.placeholder(name), column)}`;
    }),
    sql`, `,
  );
}
