import { invalid, refuse } from '../model/failure.ts';
import type { ListPage, Position } from '../model/listing.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

export const DEFAULT_SORT = 'createdAt';

export function presentRows<Row, Shown>(present: (row: Row) => Shown): (page: ListPage<Row>) => Shown[] {
  return (page) => page.rows.map(present);
}

/** RFC 8288. `sort` is set for lists with a fixed sort. */
export function nextLink({ next }: ListPage<unknown>, url: URL, sort?: string): Record<string, string> {
  if (next === null) return {};
  const target = new URL(url);
  target.searchParams.delete('page');
  target.searchParams.set('after', encodeCursor(sort ?? target.searchParams.get('sort') ?? DEFAULT_SORT, next));
  return { Link: `<${target}>; rel="next"` };
}

export function nextLinkAfterId({ next }: { readonly next: string | null }, url: URL): Record<string, string> {
  if (next === null) return {};
  const target = new URL(url);
  target.searchParams.set('after', next);
  return { Link: `<${target}>; rel="next"` };
}

/** Refuses an invalid cursor or one of another sort. */
export function readPosition(sort: string, after: string): Position {
  const problem = 'Must come from the Link header of a list with the same sort.';
  return decodeCursor(sort, after) ?? refuse(invalid('query', 'after', problem));
}
