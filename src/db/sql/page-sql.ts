import { type SQL, sql } from 'drizzle-orm';
import { LIST_EXAMINED_ROWS, LIST_SORTED_ROWS } from '../../model/limits/index.ts';
import type { ListQuery, Position } from '../../model/listing.ts';
import { organizations } from '../schema/index.ts';
import type { CallerSql } from './caller.ts';
import { allOf, conditionsOf, idOf, indexedFilters, type Listing, orderOf } from './list-conditions.ts';
import { mapped, record, type Selection, selected as selectedSql, value } from './selection.ts';
import { arg, literal } from './statement.ts';

/**
 * A scan along the order, of at most `LIST_EXAMINED_ROWS` rows, or (`found`) a sort of the few rows that meet other
 * conditions.
 */
type ScanPlan = { readonly when: SQL; readonly conditions: readonly SQL[]; readonly found: boolean };

const NULL = sql`null`;
const position = (at: SQL, id: SQL): Selection<Position | null> =>
  mapped(record({ value: value<string | number | null>(at), id: value<string | null>(id) }), ({ value, id }) =>
    value === null || id === null ? null : { value, id },
  );

export const pageRow = <T>(
  listed: Selection<T>,
  at: { readonly [K in 'permitted' | 'value' | 'id' | 'endValue' | 'endId' | 'owner']?: SQL },
) =>
  record({
    permitted: value<number | null>(at.permitted ?? NULL),
    position: position(at.value ?? NULL, at.id ?? NULL),
    /** The last row examined, if the page is not full. */
    end: position(at.endValue ?? NULL, at.endId ?? NULL),
    owner: value<string | null>(at.owner ?? NULL),
    listed,
  });

/** Reads one row more than the page has. Without it a row without a position follows, for `end`. */
export function selectPage(listing: Listing, list: ListQuery, callerSql: CallerSql): SQL {
  const caller = { ...callerSql, table: sql`caller` };
  const finding = indexedFilters(listing, list);
  const plans = scanPlansFor(listing, list, caller, finding);
  const few = sql`, few (holds) as materialized (select count(*) <= ${MOST} from
    (select 1 ${rowsOf(listing, caller, finding)} limit ${MOST} + 1))`;
  const pages = plans.map((plan) => sql`select * from (${pageOf(listing, list, caller, plan)})`);
  return sql`with caller as not materialized ${callerSql.rows} ${finding.length > 0 ? few : sql``}
    ${sql.join(pages, sql` union all `)} union all select * from (${endOf(listing, list, caller, plans)}) limit ${arg('limit')}`;
}

const MOST = literal(LIST_SORTED_ROWS);
const ofFewUsers = sql`(select few.user_count <= ${MOST} from ${organizations} as few where few.id = caller.within)`;

function scanPlansFor(
  listing: Listing,
  list: ListQuery,
  { confinable }: CallerSql,
  finding: readonly SQL[],
): readonly ScanPlan[] {
  if (finding.length > 0) return eitherOf(finding, sql`(select holds from few)`);
  const { confined, confinedSort } = listing;
  if (!confinable || confined === undefined) return [{ when: sql`true`, conditions: [], found: false }];
  if (list.sort !== confinedSort) return eitherOf([confined], sql`ifnull(${ofFewUsers}, false)`);
  return [
    { when: sql`caller.within is not null`, conditions: [confined], found: false },
    { when: sql`caller.within is null`, conditions: [], found: false },
  ];
}

const eitherOf = (conditions: readonly SQL[], holds: SQL): readonly ScanPlan[] => [
  { when: holds, conditions, found: true },
  { when: sql`not ${holds}`, conditions: [], found: false },
];

function rowsOf({ table, owner, rows }: Listing, callerSql: CallerSql, conditions: readonly SQL[]): SQL {
  return sql`from caller ${owner && sql`left join ${owner(callerSql)}`} left join ${table} on ${allOf([rows(callerSql), ...conditions])}`;
}

// A subquery is computed once, a caller's column for every row.
const permitted = sql`(select permitted from caller)`;
const within = sql`(select within from caller)`;
const inItsOrganization = (organizationId: SQL) => sql`(${within} is null or ${within} is ${organizationId})`;

/** The inner select is a coroutine: it reads row by row until the page is full. */
function pageOf(listing: Listing, list: ListQuery, callerSql: CallerSql, { when, conditions, found }: ScanPlan): SQL {
  const { alias, owner, joined, selected, visible } = listing;
  const order = orderOf(listing, list, found);
  const { along, among } = conditionsOf(listing, list, order);
  const row = sql.identifier(alias);
  const visibility = visible?.(callerSql.confinable ? { ...callerSql, confinedTo: inItsOrganization } : callerSql);
  const examined = sql`select ${owner ? sql`reseller.id` : sql`null`} as owner_id, ${row}.*
    ${rowsOf(listing, callerSql, [...conditions, ...along])} where ${when} ${order.by} limit ${literal(LIST_EXAMINED_ROWS)}`;
  const columns = pageRow(selected, { permitted, value: order.value, id: order.id, owner: sql`${row}.owner_id` });
  return sql`select ${selectedSql(columns)}
    from (${examined}) as ${row} ${joined}
    where ${allOf([sql`${idOf(listing)} is not null`, ...(visibility ? [visibility] : []), ...among])}
    limit ${arg('limit')} offset ${arg('offset')}`;
}

function endOf(listing: Listing, list: ListQuery, callerSql: CallerSql, plans: readonly ScanPlan[]): SQL {
  const { owner, table, joined, selected } = listing;
  const order = orderOf(listing, list, false);
  const { along } = conditionsOf(listing, list, order);
  const edges = plans
    .filter(({ found }) => !found)
    .map(
      ({
        when,
        conditions,
      }) => sql`select * from (select ${order.value} as at_value, ${order.id} as at_id ${rowsOf(listing, callerSql, [...conditions, ...along])}
        where ${when} ${order.by} limit 1 offset ${literal(LIST_EXAMINED_ROWS - 1)})`,
    );
  const columns = pageRow(selected, {
    permitted: sql`caller.permitted`,
    endValue: sql`edge.at_value`,
    endId: sql`edge.at_id`,
    ...(owner && { owner: sql`reseller.id` }),
  });
  return sql`select ${selectedSql(columns)}
    from caller ${owner && sql`left join ${owner(callerSql)}`}
    left join (${sql.join(edges, sql` union all `)}) as edge on true left join ${table} on ${idOf(listing)} = null ${joined}`;
}
