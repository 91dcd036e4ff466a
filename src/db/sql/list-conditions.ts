import { type SQL, sql } from 'drizzle-orm';
import type { Filter, ListQuery } from '../../model/listing.ts';
import type { CallerSql } from './caller.ts';
import { condition, type Filterable, requireEntry } from './filters.ts';
import type { Selection } from './selection.ts';
import { arg } from './statement.ts';

/** A list that callers sort, filter and search: which columns may be used, and where its rows come from. */
export type Listing<T = unknown> = Filterable & {
  readonly alias: string;
  /** The listed table under its alias. */
  readonly table: SQL;
  /** Where the row's id is, if not in the table of that name. */
  readonly id?: SQL;
  /** Joins the table `reseller` that the rows belong to. */
  readonly owner?: (callerSql: CallerSql) => SQL;
  /** The rows of the list, as its indexes begin. */
  readonly rows: (callerSql: CallerSql) => SQL;
  /** Which of them the caller sees. */
  readonly visible?: (callerSql: CallerSql) => SQL;
  /** Left joins to the tables that are selected as well. */
  readonly joined?: SQL;
  readonly selected: Selection<T | null>;
  readonly sorts: Readonly<Record<string, SQL>>;
  readonly searched: readonly SQL[];
  /** By what an index finds the rows of `caller.within`, where callers that look after one organization read this list. */
  readonly confined?: SQL;
  /** The sort whose order that index has. */
  readonly confinedSort?: string;
};

/** What a page's rows are ordered by: the column that the caller names, and the id where that ties. */
export type Order = {
  readonly value: SQL;
  readonly id: SQL;
  readonly by: SQL;
};

/** Where a row's id is. */
export const idOf = ({ id, alias }: Listing): SQL => id ?? sql`${sql.identifier(alias)}.id`;

/** `found`: other conditions than the order's find the rows, which are sorted afterwards. */
export function orderOf(listing: Listing, list: ListQuery, found: boolean): Order {
  const value = requireEntry(listing.sorts, list.sort);
  const id = idOf(listing);
  const direction = list.descending ? sql`desc` : sql`asc`;
  // A plus keeps SQLite from walking the order's index through everything for the few rows that another one finds.
  const sorted = found ? sql`+` : sql``;
  return {
    value,
    id,
    by: sql`order by ${sorted}${value} ${direction}, ${id} ${direction}`,
  };
}

/** What a row has to meet: a stretch of the order (`along`), and what is looked for among its rows (`among`). */
export function conditionsOf(listing: Listing, list: ListQuery, { value, id }: Order) {
  const [along, among]: SQL[][] = [[], []];
  for (const [index, filter] of list.filters.entries())
    (isAlong(listing, list, filter) ? along : among)?.push(condition(listing, filter, `filter${index}`));
  if (list.search !== null) {
    const hits = listing.searched.map((searched) => sql`instr(${searched}, ${arg('search')}) > 0`);
    among?.push(sql`(${sql.join(hits, sql` or `)})`);
  }
  const beyond = list.descending ? sql`<` : sql`>`;
  if (list.after !== null) along?.push(sql`(${value}, ${id}) ${beyond} (${arg('afterValue')}, ${arg('afterId')})`);
  return { along: along ?? [], among: among ?? [] };
}

export function allOf(conditions: readonly SQL[]): SQL {
  return conditions.length === 0 ? sql`true` : sql.join([...conditions], sql` and `);
}

/** The filters whose rows an index finds that has not the list's order. */
export function indexedFilters(listing: Listing, list: ListQuery): SQL[] {
  return list.filters.flatMap((filter, index) => {
    const { finds } = listing.texts[filter.field] ?? {};
    const isFinding = filter.operator === 'eq' || (filter.operator === 'in' && finds === 'few');
    if (finds === undefined || !isFinding || isAlong(listing, list, filter)) return [];
    return [condition(listing, filter, `filter${index}`)];
  });
}

/** Whether a filter takes a stretch of the order that the list has, or of an index that has its rows in that order. */
function isAlong({ texts }: Listing, { sort }: ListQuery, { field, operator }: Filter): boolean {
  if (texts[field]?.finds === 'many' && sort === 'createdAt') return operator === 'eq';
  return field === sort && ['eq', 'sw', 'gt', 'gte', 'lt', 'lte'].includes(operator);
}
