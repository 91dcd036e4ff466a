import { getTableName, type SQL, sql } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { IPV6_SITE_FACTOR, KNOWN_NETWORK_MS, SIGN_INS_PER_MINUTE } from '../../model/limits/index.ts';
import { siteOf } from '../../model/network.ts';
import { knownNetworks, signInRates } from '../schema/index.ts';
import { arg, literal } from '../sql/statement.ts';

const MINUTE_MS = 60_000;

/** Whether one more row fits in: by the rows younger than `since` of this network and of its /48, and by all of this minute. */
export type NetworkLimit = {
  /** There is room for one more. */
  readonly hasRoom: SQL;
  /** When the row began that has to leave the window first, where there is no room; else 0. */
  readonly fullSince: SQL;
};

/**
 * Bounds the rows that one network can write, `among` those that count: at most `max`, and so many times as many in its /48.
 * An index has both columns. A trigger counts those of a minute from all networks in `sign_in_rates`: of too many in all,
 * people where somebody signed in lately notice nothing.
 */
export function limitByNetwork(
  table: SQLiteTable,
  network: string,
  time: string,
  max: number,
  among = sql`true`,
): NetworkLimit {
  const [name, began] = [sql.raw(network), sql.raw(time)];
  const rowsOf = (which: SQL) => sql`from ${table} where ${which} and ${began} > ${arg('since')} and ${among}`;
  const same = rowsOf(sql`${name} = ${arg('network')}`);
  const near = rowsOf(sql`${name} >= ${arg('siteStart')} and ${name} < ${arg('siteEnd')}`);
  const full = sql`exists (select 1 from ${signInRates} where kind = ${literal(getTableName(table))}
    and minute >= ${arg('minute')} and begun >= ${SIGN_INS_PER_MINUTE})
    and not exists (select 1 from ${knownNetworks} as place where place.network = ${arg('network')}
      and place.signed_in_at > ${arg('knownSince')})`;
  const siteMax = max * IPV6_SITE_FACTOR;
  // The plus: the rows of a /48 are few, and no index has them in the order of their time.
  const last = (rows: SQL, order: SQL, skipped: number) =>
    sql`ifnull((select ${began} ${rows} order by ${order} desc limit 1 offset ${skipped}), 0)`;
  return {
    hasRoom: sql`(select count(*) ${same}) < ${max} and (select count(*) ${near}) < ${siteMax} and not (${full})`,
    fullSince: sql`max(${last(same, began, max - 1)}, ${last(near, sql`+${began}`, siteMax - 1)},
      iif(${full}, ${arg('minuteSince')}, 0))`,
  };
}

/**
 * What the statements with such a bound over `windowMs` are told of a network. Those of one /48 share a prefix; an IPv4 address
 * shares none. `minuteSince`: when a row began that leaves the window with this minute.
 */
export function networkLimitValues(network: string, now: number, windowMs: number) {
  const site = siteOf(network);
  const minute = Math.floor(now / MINUTE_MS);
  return {
    network,
    // In ASCII a semicolon follows the colon.
    siteStart: site === null ? '' : `${site}:`,
    siteEnd: site === null ? '' : `${site};`,
    since: now - windowMs,
    minute,
    knownSince: now - KNOWN_NETWORK_MS,
    minuteSince: (minute + 1) * MINUTE_MS - windowMs,
  };
}
