import { type SQL, sql } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { arg, type Statement, statement } from './statement.ts';

/** Rows that do not stay, and go by at most `rows` of a table in one statement. */
export type Kind = {
  /** What stands before that in the batch, and takes nothing away. */
  readonly ahead?: readonly Statement[];
  /** What takes the next of them away: one batch. */
  readonly drop: readonly Statement[];
  /** Since when the oldest of them is to go, milliseconds; null where there is none. */
  readonly since: SQL;
};

/** Rows whose column says when they run out, kept for so much longer. */
export function expiring(table: SQLiteTable, key: string, column: string, keptMs = 0): Kind {
  const [keys, end, kept] = [sql.raw(key), sql.raw(column), sql.raw(String(keptMs))];
  const due = sql`select ${keys} from ${table} where ${end} <= ${arg('now')} - ${kept} order by ${end} limit ${arg('rows')}`;
  return {
    drop: [statement(() => sql`delete from ${table} where (${keys}) in (${due})`)],
    since: sql`(select min(${end}) + ${kept} from ${table})`,
  };
}

/** How old rows get: `before` names the first id that is younger, `column` says when a row began. */
export type Age = {
  readonly before: string;
  readonly column: string;
  readonly keptMs: number;
  /** Which of the table `old` at all, where an index has only those. */
  readonly among?: SQL;
};

/**
 * The next rows of a table that are too old: ids begin with their time, so that they are the first of the primary key. So
 * many are looked at and no more, whatever is to become of them: one that has to stay holds back those behind a window full of
 * its like, until it goes.
 */
export function oldest(table: SQLiteTable, { before, among = sql`true` }: Age): SQL {
  return sql`(select id from ${table} as old where old.id < ${arg(before)} and ${among} order by old.id limit ${arg('rows')})`;
}

/** Since when the first of those that `goes`, of the table `old`, is too old. */
export function oldestSince(table: SQLiteTable, age: Age, goes: SQL): SQL {
  return sql`(select min(old.${sql.raw(age.column)}) + ${sql.raw(String(age.keptMs))} from ${table} as old
    where old.id in ${oldest(table, age)} and ${goes})`;
}

/** Rows that go when they are too old, unless something keeps them. */
export function aging(table: SQLiteTable, age: Age, goes: SQL = sql`true`): Kind {
  return {
    drop: [statement(() => sql`delete from ${table} as old where old.id in ${oldest(table, age)} and ${goes}`)],
    since: oldestSince(table, age, goes),
  };
}
