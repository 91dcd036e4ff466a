import { getTableName, type SQL, sql } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { IPV6_SITE_FACTOR, KNOWN_NETWORK_MS, SIGN_INS_PER_MINUTE } from '../../model/limits/index.ts';
import { siteOf } from '../../model/network.ts';
import { knownNetworks, signInRates } from '../schema/index.ts';
import { arg, literal } from '../sql/statement.ts';

const MINUTE_MS = 60_000;

export type NetworkLimit = {
  readonly hasRoom: SQL;
  /** When the row began whose expiry makes room; 0: there is room. */
  readonly fullSince: SQL;
};

/**
 * `max` rows for a network, a multiple for its /48. Needs an index on both columns. The limit of all rows in a minute (by
 * trigger, in `sign_in_rates`) exempts known networks.
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
  // The plus forces the network index: a /48 has few rows.
  const last = (rows: SQL, order: SQL, skipped: number) =>
    sql`ifnull((select ${began} ${rows} order by ${order} desc limit 1 offset ${skipped}), 0)`;
  return {
    hasRoom: sql`(select count(*) ${same}) < ${max} and (select count(*) ${near}) < ${siteMax} and not (${full})`,
    fullSince: sql`max(${last(same, began, max - 1)}, ${last(near, sql`+${began}`, siteMax - 1)},
      iif(${full}, ${arg('minuteSince')}, 0))`,
  };
}

/** `minuteSince`: the start of a row that would leave the window at the end of this minute. */
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
