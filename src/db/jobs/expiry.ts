import { type SQL, sql } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { arg, literal, type Statement, statement } from '../sql/statement.ts';

/** Rows that do not stay, and go by at most `rows` of a table in one statement. */
export type RetentionRule = {
  /** What stands before that in the batch, and takes nothing away. */
  readonly ahead?: readonly Statement[];
  /** What takes the next of them away: one batch. */
  readonly drop: readonly Statement[];
  /** Since when the oldest of them is to go, milliseconds; null where there is none. */
  readonly since: SQL;
};

/** Rows whose column says when they run out, kept for so much longer. */
export function retainUntil(table: SQLiteTable, key: string, column: string, keptMs = 0): RetentionRule {
  const [keys, end, kept] = [sql.raw(key), sql.raw(column), literal(keptMs)];
  const due = sql`select ${keys} from ${table} where ${end} <= ${arg('now')} - ${kept} order by ${end} limit ${arg('rows')}`;
  return {
    drop: [statement(() => sql`delete from ${table} where (${keys}) in (${due})`)],
    since: sql`(select min(${end}) + ${kept} from ${table})`,
  };
}

/** How old rows get: `before` names the first id that is younger, `column` says when a row began. */
export type RetentionAge = {
  readonly before: string;
  readonly column: string;
  readonly keptMs: number;
  /** Which of the table `old` at all, where an index has only those. */
  readonly among?: SQL;
};

/**
 * The next rows of a table that are too old: ids begin with their time, so that they are the first of the primary key. None
 * of them may have to stay: a window full of such rows would hold back all behind it, whichever tenant they are of.
 */
export function selectExpired(table: SQLiteTable, { before, among = sql`true` }: RetentionAge): SQL {
  return sql`(select id from ${table} as old where old.id < ${arg(before)} and ${among} order by old.id limit ${arg('rows')})`;
}

/** Since when the first of them is too old. */
export function firstExpiredAt(table: SQLiteTable, { before, column, keptMs, among = sql`true` }: RetentionAge): SQL {
  return sql`(select old.${sql.raw(column)} + ${literal(keptMs)} from ${table} as old
    where old.id < ${arg(before)} and ${among} order by old.id limit 1)`;
}

/** Rows that go when they are too old. */
export function retainFor(table: SQLiteTable, age: RetentionAge): RetentionRule {
  return {
    drop: [statement(() => sql`delete from ${table} where id in ${selectExpired(table, age)}`)],
    since: firstExpiredAt(table, age),
  };
}
