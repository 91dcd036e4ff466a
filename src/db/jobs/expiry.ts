import { type SQL, sql } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { arg, literal, type Statement, statement } from '../sql/statement.ts';

/** Rows that expire, at most `rows` of a table per statement. */
export type RetentionRule = {
  /** Runs first in the batch, and deletes nothing. */
  readonly ahead?: readonly Statement[];
  /** Deletes the next rows: one batch. */
  readonly drop: readonly Statement[];
  /** When the oldest row expired, in milliseconds; null: none did. */
  readonly since: SQL;
};

export function retainUntil(table: SQLiteTable, key: string, column: string, keptMs = 0): RetentionRule {
  const [keys, end, kept] = [sql.raw(key), sql.raw(column), literal(keptMs)];
  const due = sql`select ${keys} from ${table} where ${end} <= ${arg('now')} - ${kept} order by ${end} limit ${arg('rows')}`;
  return {
    drop: [statement(() => sql`delete from ${table} where (${keys}) in (${due})`)],
    since: sql`(select min(${end}) + ${kept} from ${table})`,
  };
}

/** `before` names the first id that stays; `column` holds when a row began. */
export type RetentionAge = {
  readonly before: string;
  readonly column: string;
  readonly keptMs: number;
  /** Limits the rule to some rows of the table `old`, for a partial index. */
  readonly among?: SQL;
};

/**
 * Ids begin with their time: the oldest rows are first in the primary key. All of them must be deletable, or they block
 * the rows behind them.
 */
export function selectExpired(table: SQLiteTable, { before, among = sql`true` }: RetentionAge): SQL {
  return sql`(select id from ${table} as old where old.id < ${arg(before)} and ${among} order by old.id limit ${arg('rows')})`;
}

export function firstExpiredAt(table: SQLiteTable, { before, column, keptMs, among = sql`true` }: RetentionAge): SQL {
  return sql`(select old.${sql.raw(column)} + ${literal(keptMs)} from ${table} as old
    where old.id < ${arg(before)} and ${among} order by old.id limit 1)`;
}

export function retainFor(table: SQLiteTable, age: RetentionAge): RetentionRule {
  return {
    drop: [statement(() => sql`delete from ${table} where id in ${selectExpired(table, age)}`)],
    since: firstExpiredAt(table, age),
  };
}
