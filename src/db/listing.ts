import { type SQL, sql } from 'drizzle-orm';
import { fold } from '../model/fields.ts';
import { COMPILED_LISTS_MAX } from '../model/limits.ts';
import type { Filter, ListQuery, Page, TextOperator, TimeOperator } from '../model/listing.ts';
import type { Call } from './call.ts';
import { admit, type CallerStatement, callerStatement, type Who } from './caller.ts';
import type { RawRow } from './columns.ts';
import { arg, type Values } from './statement.ts';

/** A list that callers sort, filter and search: which columns may be used, and where its rows come from. */
export type Listing = {
  readonly alias: string;
  readonly selected: SQL;
  /** `from caller left join …`, with `conditions` on the join of the listed table. */
  readonly from: (who: Who, conditions: SQL) => SQL;
  readonly sorts: Readonly<Record<string, SQL>>;
  readonly texts: Readonly<Record<string, { readonly column: SQL; readonly folded: boolean }>>;
  readonly times: Readonly<Record<string, SQL>>;
  readonly searched: readonly SQL[];
};

/** Values ahead of the listed columns: the caller's, and the two of the row's position. */
const HEAD = 3;

const textConditions: Record<TextOperator, (column: SQL, value: SQL) => SQL> = {
  eq: (column, value) => sql`${column} = ${value} ->> 0`,
  ne: (column, value) => sql`${column} is not ${value} ->> 0`,
  sw: (column, value) => sql`instr(${column}, ${value} ->> 0) = 1`,
  ew: (column, value) => sql`substr(${column}, -length(${value} ->> 0)) = ${value} ->> 0`,
  cn: (column, value) => sql`instr(${column}, ${value} ->> 0) > 0`,
  nc: (column, value) => sql`ifnull(instr(${column}, ${value} ->> 0), 0) = 0`,
  in: (column, value) => sql`${column} in (select value from json_each(${value}))`,
  nin: (column, value) => sql`(${column} is null or ${column} not in (select value from json_each(${value})))`,
};

const timeConditions: Record<TimeOperator, SQL> = {
  eq: sql`=`,
  ne: sql`is not`,
  gt: sql`>`,
  gte: sql`>=`,
  lt: sql`<`,
  lte: sql`<=`,
};

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
    const { sort, descending, after, search, filters } = list;
    const shape = JSON.stringify([sort, descending, after !== null, search !== null, ...filters.map(shapeOf)]);
    const known = compiled.get(shape);
    if (known !== undefined) return known;
    if (compiled.size >= COMPILED_LISTS_MAX) compiled.clear();
    const made = callerStatement((who) => select(listing, list, who));
    compiled.set(shape, made);
    return made;
  }
}

const shapeOf = (filter: Filter) => [filter.field, filter.operator];

function select(listing: Listing, list: ListQuery, who: Who): SQL {
  const column = known(listing.sorts, list.sort);
  const id = sql`${sql.identifier(listing.alias)}.id`;
  const conditions = [sql`true`, ...list.filters.map((filter, index) => condition(listing, filter, index))];
  if (list.search !== null) {
    const hits = listing.searched.map((searched) => sql`instr(${searched}, ${arg('search')}) > 0`);
    conditions.push(sql`(${sql.join(hits, sql` or `)})`);
  }
  if (list.after !== null) {
    conditions.push(
      sql`(${column}, ${id}) ${list.descending ? sql`<` : sql`>`} (${arg('afterValue')}, ${arg('afterId')})`,
    );
  }
  const direction = list.descending ? sql`desc` : sql`asc`;
  return sql`select caller.permitted, ${column}, ${id}, ${listing.selected}
    ${listing.from(who, sql.join(conditions, sql` and `))}
    order by ${column} ${direction}, ${id} ${direction} limit ${arg('limit')} offset ${arg('offset')}`;
}

function condition(listing: Listing, filter: Filter, index: number): SQL {
  const value = sql`${arg(`filter${index}`)}`;
  if (filter.on === 'time')
    return sql`${known(listing.times, filter.field)} ${timeConditions[filter.operator]} ${value}`;
  return textConditions[filter.operator](known(listing.texts, filter.field).column, value);
}

function valuesOf(listing: Listing, list: ListQuery) {
  const values: Record<string, unknown> = {
    limit: list.limit + 1,
    offset: list.offset,
    afterValue: list.after?.value,
    afterId: list.after?.id,
    search: list.search === null ? null : fold(list.search),
  };
  list.filters.forEach((filter, index) => {
    values[`filter${index}`] = filter.on === 'time' ? filter.timeMs : JSON.stringify(textValues(listing, filter));
  });
  return values;
}

function textValues(listing: Listing, filter: Filter & { on: 'text' }) {
  return known(listing.texts, filter.field).folded ? filter.values.map(fold) : filter.values;
}

function positionValue(value: unknown): string | number {
  return typeof value === 'number' ? value : String(value);
}

function known<T>(map: Readonly<Record<string, T>>, name: string): T {
  const found = map[name];
  if (found === undefined) throw new Error(`the list knows no ${name}`);
  return found;
}
