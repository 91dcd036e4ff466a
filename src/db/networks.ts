import { type SQL, sql } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { IPV6_SITE_TIMES } from '../model/limits.ts';
import { siteOf } from '../model/network.ts';
import { arg } from './statement.ts';

/** How many of a table's rows are younger than `since` and name this network, or one in the same /48. */
export type NetworkRoom = {
  /** There is room for one more. */
  readonly hasRoom: SQL;
  /** When the row began that has to leave the window first, where there is no room; else 0. */
  readonly fullSince: SQL;
};

/**
 * Bounds the rows that one network can write, `among` those that count: at most `max`, and so many times as many in its /48.
 * An index has both columns.
 */
export function boundByNetwork(
  table: SQLiteTable,
  network: string,
  time: string,
  max: number,
  among = sql`true`,
): NetworkRoom {
  const [name, began] = [sql.raw(network), sql.raw(time)];
  const rowsOf = (which: SQL) => sql`from ${table} where ${which} and ${began} > ${arg('since')} and ${among}`;
  const same = rowsOf(sql`${name} = ${arg('network')}`);
  const near = rowsOf(sql`${name} >= ${arg('siteStart')} and ${name} < ${arg('siteEnd')}`);
  const siteMax = max * IPV6_SITE_TIMES;
  // The plus: the rows of a /48 are few, and no index has them in the order of their time.
  const last = (rows: SQL, order: SQL, skipped: number) =>
    sql`ifnull((select ${began} ${rows} order by ${order} desc limit 1 offset ${skipped}), 0)`;
  return {
    hasRoom: sql`(select count(*) ${same}) < ${max} and (select count(*) ${near}) < ${siteMax}`,
    fullSince: sql`max(${last(same, began, max - 1)}, ${last(near, sql`+${began}`, siteMax - 1)})`,
  };
}

/** What the statements with such a bound are told of a network. Those of one /48 share a prefix; an IPv4 address shares none. */
export function networkValues(network: string): Readonly<Record<'network' | 'siteStart' | 'siteEnd', string>> {
  const site = siteOf(network);
  // In ASCII a semicolon follows the colon.
  return { network, siteStart: site === null ? '' : `${site}:`, siteEnd: site === null ? '' : `${site};` };
}
