import { type SQL, sql } from 'drizzle-orm';
import { LIST_EXAMINED_ROWS } from '../model/limits.ts';
import type { Filter, ListQuery } from '../model/listing.ts';
import type { Who } from './caller.ts';
import { condition, type Filterable, known } from './filters.ts';
import { arg } from './statement.ts';

/** A list that callers sort, filter and search: which columns may be used, and where its rows come from. */
export type Listing = Filterable & {
  readonly alias: string;
  /** Where the row's id is, if not in the table of that name. */
  readonly id?: SQL;
  readonly selected: SQL;
  /** `from caller left join …`, with `conditions` on the join of the listed table. */
  readonly from: (who: Who, conditions: SQL) => SQL;
  readonly sorts: Readonly<Record<string, SQL>>;
  readonly searched: readonly SQL[];
  /** By what an index finds the few rows of `caller.within`, where callers that look after one organization read this list. */
  readonly confined?: SQL;
};

/** What a page's rows are ordered by: the column that the caller names, and the id where that ties. */
type Order = {
  readonly position: SQL;
  /** How what comes after a row compares with it, and what does not. */
  readonly beyond: SQL;
  readonly upTo: SQL;
  readonly by: SQL;
};

/**
 * One page: `caller.permitted`, the row's position of two columns, that of the last row looked at where the rows are sought
 * one by one (else nulls), and what the listing selects. One row more than the page has tells whether there is a next one.
 *
 * Whether a user looks after one organization only, which asks for another way to the rows, is known to the statement
 * alone. So it has both ways, and the caller goes one of them.
 */
export function selectPage(listing: Listing, list: ListQuery, who: Who): SQL {
  const { confined } = listing;
  if (confined === undefined || who.confinable === null) return anyPage(listing, list, who, sql`true`);
  const caller = { ...who, table: sql`caller` };
  return sql`with caller as not materialized ${who.confinable}
    select * from (${foundPage(listing, list, caller, sql`caller.within is not null`, [confined])})
    union all select * from (${anyPage(listing, list, caller, sql`caller.within is null`)})`;
}

function anyPage(listing: Listing, list: ListQuery, who: Who, when: SQL): SQL {
  return isSoughtAmong(listing, list) ? soughtPage(listing, list, who, when) : foundPage(listing, list, who, when);
}

/** The rows that an index finds, in their order or, where they are few, sorted afterwards. */
function foundPage(listing: Listing, list: ListQuery, who: Who, when: SQL, confined: readonly SQL[] = []): SQL {
  const order = orderOf(listing, list, confined.length > 0 || findsFew(listing, list));
  const { along, among } = conditionsOf(listing, list, order);
  return rowsOf(listing, who, order, when, [...along, ...among, ...confined], sql`null, null`);
}

/** Those of the next `LIST_EXAMINED_ROWS` rows that fit. */
function soughtPage(listing: Listing, list: ListQuery, who: Who, when: SQL): SQL {
  const order = orderOf(listing, list, false);
  const { along, among } = conditionsOf(listing, list, order);
  const [value, id] = [sql`(select value from edge)`, sql`(select id from edge)`];
  const end = sql`(ifnull(${value}, ${lastValue(listing, list)}), ifnull(${id}, ''))`;
  const upToEdge = sql`(${order.position}) ${order.upTo} ${end}`;
  return sql`with edge (value, id) as materialized (select ${order.position} ${listing.from(who, allOf(along))}
      where ${when} ${order.by} limit 1 offset ${sql.raw(String(LIST_EXAMINED_ROWS - 1))})
    ${rowsOf(listing, who, order, when, [...along, upToEdge, ...among], sql`${value}, ${id}`)}`;
}

function rowsOf(listing: Listing, who: Who, order: Order, when: SQL, conditions: readonly SQL[], edge: SQL): SQL {
  return sql`select caller.permitted, ${order.position}, ${edge}, ${listing.selected} ${listing.from(who, allOf(conditions))}
    where ${when} ${order.by} limit ${arg('limit')} offset ${arg('offset')}`;
}

function orderOf(listing: Listing, list: ListQuery, few: boolean): Order {
  const column = known(listing.sorts, list.sort);
  const id = listing.id ?? sql`${sql.identifier(listing.alias)}.id`;
  const direction = list.descending ? sql`desc` : sql`asc`;
  // A plus keeps SQLite from walking the order's index through everything for the few rows that another one finds.
  const sorted = few ? sql`+` : sql``;
  return {
    position: sql`${column}, ${id}`,
    beyond: list.descending ? sql`<` : sql`>`,
    upTo: list.descending ? sql`>=` : sql`<=`,
    by: sql`order by ${sorted}${column} ${direction}, ${id} ${direction}`,
  };
}

/** What a row has to meet: a stretch of the order, and what is sought among the rows of that. */
function conditionsOf(listing: Listing, list: ListQuery, { position, beyond }: Order) {
  const along = [sql`true`];
  const among: SQL[] = [];
  for (const [index, filter] of list.filters.entries())
    (isAlong(listing, list, filter) ? along : among).push(condition(listing, filter, `filter${index}`));
  if (list.search !== null) {
    const hits = listing.searched.map((searched) => sql`instr(${searched}, ${arg('search')}) > 0`);
    among.push(sql`(${sql.join(hits, sql` or `)})`);
  }
  if (list.after !== null) along.push(sql`(${position}) ${beyond} (${arg('afterValue')}, ${arg('afterId')})`);
  return { along, among };
}

function allOf(conditions: readonly SQL[]): SQL {
  return sql.join([...conditions], sql` and `);
}

/** Whether a filter takes a stretch of the order that the list has, or of an index that has its rows in that order. */
function isAlong({ texts }: Listing, { sort }: ListQuery, { field, operator }: Filter): boolean {
  if (texts[field]?.finds === 'many' && sort === 'createdAt') return operator === 'eq';
  return field === sort && ['eq', 'sw', 'gt', 'gte', 'lt', 'lte'].includes(operator);
}

/** Whether the rows have to be looked at one by one. Numbered pages count all that fit, so they look at all there are. */
function isSoughtAmong(listing: Listing, list: ListQuery): boolean {
  if (list.numbered || findsFew(listing, list)) return false;
  return list.search !== null || list.filters.some((filter) => !isAlong(listing, list, filter));
}

/** Whether a filter has its rows found by an index that has not the list's order. */
function findsFew(listing: Listing, list: ListQuery): boolean {
  return list.filters.some((filter) => {
    const { finds } = listing.texts[filter.field] ?? {};
    const found = filter.operator === 'eq' || (filter.operator === 'in' && finds === 'few');
    return finds !== undefined && found && !isAlong(listing, list, filter);
  });
}

/** What no value comes after: numbers are before texts, and those before blobs. */
function lastValue({ times }: Listing, { sort, descending }: ListQuery): SQL {
  if (!descending) return sql`x'ff'`;
  return sort in times ? sql.raw(String(Number.MIN_SAFE_INTEGER)) : sql`''`;
}
