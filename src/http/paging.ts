import { invalid, refuse } from '../model/failure.ts';
import type { ListPage, Position } from '../model/listing.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

/** How a list is sorted where nobody says otherwise. */
export const DEFAULT_SORT = 'createdAt';

/** Shows each row of a page. */
export function pageOf<Row, Shown>(present: (row: Row) => Shown): (page: ListPage<Row>) => Shown[] {
  return (page) => page.rows.map(present);
}

/** `Link: rel="next"` by cursor, on every page but the last (RFC 8288). `sort`: of a list that has only one. */
export function nextLink({ next }: ListPage<unknown>, url: URL, sort?: string): Record<string, string> {
  if (next === null) return {};
  const target = new URL(url);
  target.searchParams.delete('page');
  target.searchParams.set('after', encodeCursor(sort ?? target.searchParams.get('sort') ?? DEFAULT_SORT, next));
  return { Link: `<${target}>; rel="next"` };
}

/** The same where pages come after a row, by its id. */
export function linkBehind({ next }: { readonly next: string | null }, url: URL): Record<string, string> {
  if (next === null) return {};
  const target = new URL(url);
  target.searchParams.set('after', next);
  return { Link: `<${target}>; rel="next"` };
}

/** Where a list of this sort goes on. Refuses a cursor that is none, or another list's. */
export function readPosition(sort: string, after: string): Position {
  const problem = 'Must come from the Link header of a list with the same sort.';
  return decodeCursor(sort, after) ?? refuse(invalid('query', 'after', problem));
}
