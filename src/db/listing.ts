import { type SQL, sql } from 'drizzle-orm';
import { fold } from '../model/fields.ts';
import { COMPILED_LISTS_MAX } from '../model/limits.ts';
import type { ListQuery, Page } from '../model/listing.ts';
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

/** Values ahead of the listed columns: the caller's, and the two of the row's position. */
const HEAD = 3;

/**
 * Reads one page. The SQL depends only on which sort, filters and search are used, never on their values, so each
 * combination is compiled once. `found` sees the first row (the caller, admitted) before any row is taken.
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
      next: last === undefined ? null : { value: positionValue(last[1]), id: String(last[2]) },
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
function shapeOf({ sort, descending, after, search, filters }: ListQuery): string {
  const used = filters.map(({ field, operator }) => [field, operator]);
  return JSON.stringify([sort, descending, after !== null, search !== null, used]);
}

function select(listing: Listing, list: ListQuery, who: Who): SQL {
  const column = known(listing.sorts, list.sort);
  const id = listing.id ?? sql`${sql.identifier(listing.alias)}.id`;
  const conditions = [sql`true`, ...list.filters.map((filter, index) => condition(listing, filter, `filter${index}`))];
  if (list.search !== null) {
    const hits = listing.searched.map((searched) => sql`instr(${searched}, ${arg('search')}) > 0`);
    conditions.push(sql`(${sql.join(hits, sql` or `)})`);
  }
  if (list.after !== null) {
    const beyond = list.descending ? sql`<` : sql`>`;
    conditions.push(sql`(${column}, ${id}) ${beyond} (${arg('afterValue')}, ${arg('afterId')})`);
  }
  const direction = list.descending ? sql`desc` : sql`asc`;
  return sql`select caller.permitted, ${column}, ${id}, ${listing.selected}
    ${listing.from(who, sql.join(conditions, sql` and `))}
    order by ${column} ${direction}, ${id} ${direction} limit ${arg('limit')} offset ${arg('offset')}`;
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

function positionValue(value: unknown): string | number {
  return typeof value === 'number' ? value : String(value);
}
