import { fold } from '../model/fields.ts';
import { COMPILED_LISTS_MAX } from '../model/limits.ts';
import type { ListQuery, Page, Position } from '../model/listing.ts';
import type { Call } from './call.ts';
import { admit, type CallerStatement, callerStatement } from './caller.ts';
import type { RawRow } from './columns.ts';
import { filterValue } from './filters.ts';
import { type Listing, selectPage } from './page-sql.ts';
import type { Values } from './statement.ts';

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
    const made = compiled.get(shape) ?? callerStatement((who) => selectPage(listing, list, who));
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
