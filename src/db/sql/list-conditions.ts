import { type SQL, sql } from 'drizzle-orm';
import type { Filter, ListQuery } from '../../model/listing.ts';
import type { CallerSql } from './caller.ts';
import { type Filterable, filterCondition, requireEntry } from './filters.ts';
import type { Selection } from './selection.ts';
import { arg } from './statement.ts';

export type Listing<T = unknown> = Filterable & {
  readonly alias: string;
  readonly table: SQL;
  readonly id?: SQL;
  /** Joins the table `reseller` that owns the rows. */
  readonly owner?: (callerSql: CallerSql) => SQL;
  /** In the order of the indexes' columns. */
  readonly rows: (callerSql: CallerSql) => SQL;
  readonly visible?: (callerSql: CallerSql) => SQL;
  readonly joined?: SQL;
  readonly selected: Selection<T | null>;
  readonly sorts: Readonly<Record<string, SQL>>;
  readonly searched: readonly SQL[];
  /** The indexed condition for callers confined to one organization. */
  readonly confined?: SQL;
  /** The sort that this index provides. */
  readonly confinedSort?: string;
};

export type Order = {
  readonly value: SQL;
  readonly id: SQL;
  readonly by: SQL;
};

export const idOf = ({ id, alias }: Listing): SQL => id ?? sql`${sql.identifier(alias)}.id`;

export function orderOf(listing: Listing, list: ListQuery, found: boolean): Order {
  const value = requireEntry(listing.sorts, list.sort);
  const id = idOf(listing);
  const direction = list.descending ? sql`desc` : sql`asc`;
  // The plus keeps SQLite from scanning the order's index.
  const sorted = found ? sql`+` : sql``;
  return {
    value,
    id,
    by: sql`order by ${sorted}${value} ${direction}, ${id} ${direction}`,
  };
}

/** `along` is a range of the order's index; `among` filters its rows. */
export function conditionsOf(listing: Listing, list: ListQuery, { value, id }: Order) {
  const [along, among]: SQL[][] = [[], []];
  for (const [index, filter] of list.filters.entries())
    (isAlong(listing, list, filter) ? along : among)?.push(filterCondition(listing, filter, `filter${index}`));
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

/** With an index in another order than the list's. */
export function indexedFilters(listing: Listing, list: ListQuery): SQL[] {
  return list.filters.flatMap((filter, index) => {
    const { finds } = listing.texts[filter.field] ?? {};
    const isFinding = filter.operator === 'eq' || (filter.operator === 'in' && finds === 'few');
    if (finds === undefined || !isFinding || isAlong(listing, list, filter)) return [];
    return [filterCondition(listing, filter, `filter${index}`)];
  });
}

function isAlong({ texts }: Listing, { sort }: ListQuery, { field, operator }: Filter): boolean {
  if (texts[field]?.finds === 'many' && sort === 'createdAt') return operator === 'eq';
  return field === sort && ['eq', 'sw', 'gt', 'gte', 'lt', 'lte'].includes(operator);
}
