import { type SQL, sql } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { arg, literal, type Statement, statement } from '../sql/statement.ts';

/** Rows that expire, at most `rows` of a table per statement. */
export type RetentionRule = {
  /** Runs first in the batch, and deletes nothing. */
  readonly ahead?: readonly Statement[];
  /** Deletes the next rows: one batch. */
  readonly drop: readonly Statement[];
  /** When the oldest row expires, in milliseconds; null: no row. */
  readonly since: SQL;
};

export function retainUntil(table: SQLiteTable, key: string, column: string, retentionMs = 0): RetentionRule {
  const [keys, end, retention] = [sql.raw(key), sql.raw(column), literal(retentionMs)];
  const due = sql`select ${keys} from ${table} where ${end} <= ${arg('now')} - ${retention} order by ${end} limit ${arg('rows')}`;
  return {
    drop: [statement(() => sql`delete from ${table} where (${keys}) in (${due})`)],
    since: sql`(select min(${end}) + ${retention} from ${table})`,
  };
}

/** `before` names the argument with the first id to keep; `column` says when a row began. */
export type RetentionAge = {
  readonly before: string;
  readonly column: string;
  readonly retentionMs: number;
  /** Of the table `old`, for a partial index. */
  readonly among?: SQL;
};

/** Ids begin with their time. A row that must stay would block those behind it. */
export function selectExpired(table: SQLiteTable, { before, among = sql`true` }: RetentionAge): SQL {
  return sql`(select id from ${table} as old where old.id < ${arg(before)} and ${among} order by old.id limit ${arg('rows')})`;
}

export function firstExpiredAt(
  table: SQLiteTable,
  { before, column, retentionMs, among = sql`true` }: RetentionAge,
): SQL {
  return sql`(select old.${sql.raw(column)} + ${literal(retentionMs)} from ${table} as old
    where old.id < ${arg(before)} and ${among} order by old.id limit 1)`;
}

export function retainFor(table: SQLiteTable, age: RetentionAge): RetentionRule {
  return {
    drop: [statement(() => sql`delete from ${table} where id in ${selectExpired(table, age)}`)],
    since: firstExpiredAt(table, age),
  };
}
