import { invalid, refuse } from '../../model/failure.ts';
import { foldCase } from '../../model/fields.ts';
import { COMPILED_LISTS_MAX, LIST_EXAMINED_ROWS } from '../../model/limits/index.ts';
import type { ListPage, ListQuery, Position } from '../../model/listing.ts';
import { type CallerStatement, callerStatement, read } from './caller.ts';
import type { CallerContext } from './caller-context.ts';
import type { RawRow } from './columns.ts';
import { filterValue } from './filters.ts';
import type { Listing } from './list-conditions.ts';
import { selectPage } from './page-sql.ts';
import type { Values } from './statement.ts';

/** Where the values of a row are: the caller's, the row's position, where a page ends that is not full, and what is listed. */
const AT = { position: 1, end: 3, owner: 5, listed: 6 } as const;

const TOO_DEEP = `Not within the first ${LIST_EXAMINED_ROWS} rows of the list. Use after, from the Link header of a page.`;

/**
 * Reads one page. The SQL depends only on which sort, filters and search are used, never on their values, so each
 * combination is compiled once. `admitOwner` sees a row (the caller, admitted) before any is taken, and where the id of the
 * list's reseller is. A page looks at the next `LIST_EXAMINED_ROWS` rows only: it may be short, or empty, and yet have a next
 * one. Refuses a page by its number that does not lie within the first ones.
 */
export function lister<T>(
  listing: Listing,
  toRow: (row: RawRow, from: number) => T | null,
  admitOwner: (row: RawRow, at: number) => void = () => {},
) {
  const compiled = new Map<string, CallerStatement>();
  return async (caller: CallerContext, list: ListQuery, values: Values = {}): Promise<ListPage<T>> => {
    const found = await read(caller, statementFor(list)(caller, { ...values, ...valuesOf(listing, list) }));
    const last = found.at(-1);
    if (last !== undefined) admitOwner(last, AT.owner);
    const isEnd = last?.[AT.position] === null;
    const rows = found.slice(0, isEnd ? -1 : list.limit);
    const next = positionIn(isEnd ? last : rows.at(-1), isEnd ? AT.end : AT.position);
    if (list.numberedBy !== null && list.offset > 0 && isEnd && next !== null && rows.length < list.limit)
      refuse(invalid('query', list.numberedBy, TOO_DEEP));
    return { rows: rows.flatMap((row) => toRow(row, AT.listed) ?? []), next };
  };

  function statementFor(list: ListQuery): CallerStatement {
    const shape = shapeOf(list);
    const made = compiled.get(shape) ?? callerStatement((callerSql) => selectPage(listing, list, callerSql));
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

function valuesOf(listing: Listing, list: ListQuery): Values {
  return {
    limit: list.limit + 1,
    offset: list.offset,
    afterValue: list.after?.value,
    afterId: list.after?.id,
    search: list.search === null ? null : foldCase(list.search),
    ...Object.fromEntries(list.filters.map((filter, index) => [`filter${index}`, filterValue(listing, filter)])),
  };
}

function positionIn(row: RawRow | undefined, at: number): Position | null {
  const [value, id] = row?.slice(at, at + 2) ?? [];
  if (value === null || value === undefined) return null;
  return { value: typeof value === 'number' ? value : String(value), id: String(id) };
}
