import { type SQL, sql } from 'drizzle-orm';
import { fold } from '../model/fields.ts';
import { COMPILED_LISTS_MAX, LIST_EXAMINED_ROWS } from '../model/limits.ts';
import type { Filter, ListQuery, Page, Position } from '../model/listing.ts';
import type { Call } from './call.ts';
import { admit, type CallerStatement, callerStatement, type Who } from './caller.ts';
import type { RawRow } from './columns.ts';
import { condition, type Filterable, filterValue, known } from './filters.ts';
import { arg, type Values } from './statement.ts';

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
};

/** Values ahead of the listed columns: the caller's, the two of the row's position, and the two of where the page ends. */
const HEAD = 5;

/**
 * Reads one page. The SQL depends only on which sort, filters and search are used, never on their values, so each
 * combination is compiled once. `found` sees the first row (the caller, admitted) before any row is taken. What no index
 * finds is sought among the next `LIST_EXAMINED_ROWS` rows only: such a page may have few rows, or none, and yet a next one.
 */
export function lister<T>(
  listing: Listing,
  toRow: (row: RawRow, from: number) => T | null,
  found: (row: RawRow, at: number) => void = () => {},
) {
  const compiled = new Map<string, CallerStatement>();
  return async (call: Call, list: ListQuery, values: Values = {}): Promise<Page<T>> => {
    const rows = await query(call, list, values).raw();
    // A page past the end skips the caller's own row as well, so that one is asked for alone.
    const pastEnd = rows.length === 0 && list.offset > 0;
    const admitted = pastEnd ? await query(call, { ...list, offset: 0, limit: 0 }, values).raw() : rows;
    admit(call, admitted);
    const [first] = admitted;
    if (first !== undefined) found(first, HEAD);
    const last = rows.length > list.limit ? rows[list.limit - 1] : undefined;
    return {
      rows: rows.slice(0, list.limit).flatMap((row) => toRow(row, HEAD) ?? []),
      next: last === undefined ? positionIn(first, 3) : positionIn(last, 1),
    };
  };

  function query(call: Call, list: ListQuery, values: Values): D1PreparedStatement {
    return statementFor(list)(call, { ...values, ...valuesOf(listing, list) });
  }

  function statementFor(list: ListQuery): CallerStatement {
    const shape = shapeOf(list);
    const made = compiled.get(shape) ?? callerStatement((who) => select(listing, list, who));
    if (!compiled.has(shape) && compiled.size >= COMPILED_LISTS_MAX) compiled.clear();
    compiled.set(shape, made);
    return made;
  }
}

/** What of a query decides its SQL. */
function shapeOf({ sort, descending, numbered, after, search, filters }: ListQuery): string {
  const used = filters.map(({ field, operator }) => [field, operator]);
  return JSON.stringify([sort, descending, numbered, after !== null, search !== null, used]);
}

function select(listing: Listing, list: ListQuery, who: Who): SQL {
  const column = known(listing.sorts, list.sort);
  const id = listing.id ?? sql`${sql.identifier(listing.alias)}.id`;
  const [beyond, within] = list.descending ? [sql`<`, sql`>=`] : [sql`>`, sql`<=`];
  const direction = list.descending ? sql`desc` : sql`asc`;
  // A plus keeps SQLite from walking the order's index through everything for the few rows that another one finds.
  const sorted = findsWith(listing, list, 'few') ? sql`+` : sql``;
  const order = sql`order by ${sorted}${column} ${direction}, ${id} ${direction}`;
  const along = [sql`true`];
  const among: SQL[] = [];
  for (const [index, filter] of list.filters.entries())
    (isAlong(list, filter) ? along : among).push(condition(listing, filter, `filter${index}`));
  if (list.search !== null) {
    const hits = listing.searched.map((searched) => sql`instr(${searched}, ${arg('search')}) > 0`);
    among.push(sql`(${sql.join(hits, sql` or `)})`);
  }
  if (list.after !== null) along.push(sql`(${column}, ${id}) ${beyond} (${arg('afterValue')}, ${arg('afterId')})`);
  const all = (conditions: readonly SQL[]) => sql.join([...conditions], sql` and `);
  const rows = (edge: SQL, conditions: readonly SQL[]) => sql`select caller.permitted, ${column}, ${id}, ${edge},
    ${listing.selected} ${listing.from(who, all(conditions))} ${order} limit ${arg('limit')} offset ${arg('offset')}`;
  if (!isSoughtAmong(listing, list)) return rows(sql`null, null`, [...along, ...among]);
  const end = sql`(ifnull((select value from edge), ${endOf(listing, list)}), ifnull((select id from edge), ''))`;
  return sql`with edge as materialized (select ${column} as value, ${id} as id ${listing.from(who, all(along))}
      ${order} limit 1 offset ${sql.raw(String(LIST_EXAMINED_ROWS - 1))})
    ${rows(sql`(select value from edge), (select id from edge)`, [...along, sql`(${column}, ${id}) ${within} ${end}`, ...among])}`;
}

/** Whether a filter takes a stretch of the order that the list has. */
function isAlong({ sort }: ListQuery, { field, operator }: Filter): boolean {
  return field === sort && ['eq', 'sw', 'gt', 'gte', 'lt', 'lte'].includes(operator);
}

/** Whether the rows have to be looked at one by one. Numbered pages count all that fit, so they look at all there are. */
function isSoughtAmong(listing: Listing, list: ListQuery): boolean {
  const { numbered, search, filters } = list;
  if (numbered || findsWith(listing, list, 'few') || findsWith(listing, list, 'many')) return false;
  return search !== null || filters.some((filter) => !isAlong(list, filter));
}

/** Whether a filter has its rows found by an index, so many or so few. */
function findsWith({ texts }: Listing, { filters }: ListQuery, finds: 'few' | 'many'): boolean {
  return filters.some(
    ({ field, operator }) => texts[field]?.finds === finds && (operator === 'eq' || operator === 'in'),
  );
}

/** What no value comes after: numbers are before texts, and those before blobs. */
function endOf({ times }: Listing, { sort, descending }: ListQuery): SQL {
  if (!descending) return sql`x'ff'`;
  return sort in times ? sql.raw(String(Number.MIN_SAFE_INTEGER)) : sql`''`;
}

function valuesOf(listing: Listing, list: ListQuery): Values {
  return {
    limit: list.limit + 1,
    offset: list.offset,
    afterValue: list.after?.value,
    afterId: list.after?.id,
    search: list.search === null ? null : fold(list.search),
    ...Object.fromEntries(list.filters.map((filter, index) => [`filter${index}`, filterValue(listing, filter)])),
  };
}

function positionIn(row: RawRow | undefined, at: number): Position | null {
  const [value, id] = row?.slice(at, at + 2) ?? [];
  if (value === null || value === undefined) return null;
  return { value: typeof value === 'number' ? value : String(value), id: String(id) };
}
