import { type SQL, sql } from 'drizzle-orm';
import { LIST_EXAMINED_ROWS, LIST_SORTED_ROWS } from '../../model/limits/index.ts';
import type { ListQuery } from '../../model/listing.ts';
import { organizations } from '../schema/index.ts';
import type { CallerSql } from './caller.ts';
import { allOf, conditionsOf, findingFilters, idOf, type Listing, orderOf } from './list-conditions.ts';
import { arg, literal } from './statement.ts';

/**
 * One way to a page's rows: along the order, at most `LIST_EXAMINED_ROWS` of them, or (`found`) those that other conditions
 * find, which are few enough to be sorted. Which way is taken only the statement can tell, by `when`.
 */
type Way = { readonly when: SQL; readonly conditions: readonly SQL[]; readonly found: boolean };

/**
 * One page, in the order of the list: `caller.permitted`, the row's position of two columns, two nulls, the id of the list's
 * reseller, and what the listing selects. One row more than the page has tells whether there is a next one.
 *
 * Where there is no such row, a last one without a position follows: it has, instead of the nulls, the position of the last
 * row that was looked at, unless the list ended before. SQLite does not compute it where the rows before fill the limit.
 */
export function selectPage(listing: Listing, list: ListQuery, callerSql: CallerSql): SQL {
  const caller = { ...callerSql, table: sql`caller` };
  const finding = findingFilters(listing, list);
  const ways = waysTo(listing, list, caller, finding);
  const few = sql`, few (holds) as materialized (select count(*) <= ${MOST} from
    (select 1 ${rowsOf(listing, caller, finding)} limit ${MOST} + 1))`;
  const pages = ways.map((way) => sql`select * from (${pageOf(listing, list, caller, way)})`);
  return sql`with caller as not materialized ${callerSql.rows} ${finding.length > 0 ? few : sql``}
    ${sql.join(pages, sql` union all `)} union all select * from (${endOf(listing, list, caller, ways)}) limit ${arg('limit')}`;
}

const MOST = literal(LIST_SORTED_ROWS);
const ofFewUsers = sql`(select few.user_count <= ${MOST} from ${organizations} as few where few.id = caller.within)`;

function waysTo(listing: Listing, list: ListQuery, { confinable }: CallerSql, finding: readonly SQL[]): readonly Way[] {
  if (finding.length > 0) return eitherOf(finding, sql`(select holds from few)`);
  const { confined, confinedSort } = listing;
  if (!confinable || confined === undefined) return [{ when: sql`true`, conditions: [], found: false }];
  if (list.sort !== confinedSort) return eitherOf([confined], sql`ifnull(${ofFewUsers}, false)`);
  return [
    { when: sql`caller.within is not null`, conditions: [confined], found: false },
    { when: sql`caller.within is null`, conditions: [], found: false },
  ];
}

/** The rows that these conditions find, if they are few (`holds`), or else those along the order. */
const eitherOf = (conditions: readonly SQL[], holds: SQL): readonly Way[] => [
  { when: holds, conditions, found: true },
  { when: sql`not ${holds}`, conditions: [], found: false },
];

/** The caller with all rows of the list that meet these conditions, or with none. */
function rowsOf({ table, owner, rows }: Listing, callerSql: CallerSql, conditions: readonly SQL[]): SQL {
  return sql`from caller ${owner && sql`left join ${owner(callerSql)}`} left join ${table} on ${allOf([rows(callerSql), ...conditions])}`;
}

// Each computed once, where a column of the caller would be for every row.
const permitted = sql`(select permitted from caller)`;
const within = sql`(select within from caller)`;
const inItsOrganization = (organizationId: SQL) => sql`(${within} is null or ${within} is ${organizationId})`;

/** Reads row by row, and only until the page is full: the inner select is a coroutine. */
function pageOf(listing: Listing, list: ListQuery, callerSql: CallerSql, { when, conditions, found }: Way): SQL {
  const { alias, owner, joined, selected, visible } = listing;
  const order = orderOf(listing, list, found);
  const { along, among } = conditionsOf(listing, list, order);
  const row = sql.identifier(alias);
  const seen = visible?.(callerSql.confinable ? { ...callerSql, confinedTo: inItsOrganization } : callerSql);
  const examined = sql`select ${owner ? sql`reseller.id` : sql`null`} as owner_id, ${row}.*
    ${rowsOf(listing, callerSql, [...conditions, ...along])} where ${when} ${order.by} limit ${literal(LIST_EXAMINED_ROWS)}`;
  return sql`select ${permitted}, ${order.position}, null, null, ${row}.owner_id, ${selected}
    from (${examined}) as ${row} ${joined}
    where ${allOf([sql`${idOf(listing)} is not null`, ...(seen ? [seen] : []), ...among])}
    limit ${arg('limit')} offset ${arg('offset')}`;
}

/** The row behind the last one, for a page that is not full. */
function endOf(listing: Listing, list: ListQuery, callerSql: CallerSql, ways: readonly Way[]): SQL {
  const { owner, table, joined, selected } = listing;
  const order = orderOf(listing, list, false);
  const { along } = conditionsOf(listing, list, order);
  const edges = ways
    .filter(({ found }) => !found)
    .map(
      ({
        when,
        conditions,
      }) => sql`select * from (select ${order.position} ${rowsOf(listing, callerSql, [...conditions, ...along])}
        where ${when} ${order.by} limit 1 offset ${literal(LIST_EXAMINED_ROWS - 1)})`,
    );
  return sql`select caller.permitted, null, null, edge.*, ${owner ? sql`reseller.id` : sql`null`}, ${selected}
    from caller ${owner && sql`left join ${owner(callerSql)}`}
    left join (${sql.join(edges, sql` union all `)}) as edge on true left join ${table} on ${idOf(listing)} = null ${joined}`;
}
