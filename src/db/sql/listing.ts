import { invalid, refuse } from '../../model/failure.ts';
import { foldCase } from '../../model/fields.ts';
import { COMPILED_LISTS_MAX, LIST_EXAMINED_ROWS } from '../../model/limits/index.ts';
import type { ListPage, ListQuery } from '../../model/listing.ts';
import { type CallerStatement, callerStatement, requirePermitted } from './caller.ts';
import type { CallerContext } from './caller-context.ts';
import { filterValue } from './filters.ts';
import type { Listing } from './list-conditions.ts';
import { pageRow, selectPage } from './page-sql.ts';
import { readRaw } from './selection.ts';
import type { Values } from './statement.ts';

const TOO_DEEP = `Not within the first ${LIST_EXAMINED_ROWS} rows of the list. Use after, from the Link header of a page.`;

/**
 * Compiles each shape of a query once. `admitOwner` receives the list's reseller before any row is read. A short page
 * may have a next one. Refuses page numbers out of range.
 */
export function lister<T>(listing: Listing<T>, admitOwner: (owner: string | null) => void = () => {}) {
  const compiled = new Map<string, CallerStatement>();
  const row = pageRow(listing.selected, {});
  return async (caller: CallerContext, list: ListQuery, values: Values = {}): Promise<ListPage<T>> => {
    const prepared = statementFor(list)(caller, { ...values, ...valuesOf(listing, list) });
    const found = requirePermitted(caller, await readRaw(row, prepared));
    const last = found.at(-1);
    if (last !== undefined) admitOwner(last.owner);
    const isEnd = last?.position === null;
    const rows = found.slice(0, isEnd ? -1 : list.limit);
    const next = (isEnd ? last.end : rows.at(-1)?.position) ?? null;
    if (list.numberedBy !== null && list.offset > 0 && isEnd && next !== null && rows.length < list.limit)
      refuse(invalid('query', list.numberedBy, TOO_DEEP));
    return { rows: rows.flatMap(({ listed }) => listed ?? []), next };
  };

  function statementFor(list: ListQuery): CallerStatement {
    const shape = shapeOf(list);
    const compiledStatement =
      compiled.get(shape) ?? callerStatement((callerSql) => selectPage(listing, list, callerSql));
    if (!compiled.has(shape) && compiled.size >= COMPILED_LISTS_MAX) compiled.clear();
    compiled.set(shape, compiledStatement);
    return compiledStatement;
  }
}

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
