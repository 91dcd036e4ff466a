import * as v from 'valibot';
import { nextLink as cursorLink, DEFAULT_SORT, readPosition } from '../../http/paging.ts';
import { decode } from '../../http/routes/decode.ts';
import type { QueryDeclaration } from '../../http/routes/route.ts';
import { ACCOUNTS_PAGE_ROWS, PAGE_MAX_NUMBER } from '../../model/limits/index.ts';
import { CREATION_ORDER, type ListPage, type ListQuery, mayScanManyRows } from '../../model/listing.ts';
import type { NumberedPage } from './envelope.ts';

const Paging = v.strictObject(
  {
    pageIndex: v.optional(
      v.pipe(v.string(), v.digits(), v.transform(Number), v.minValue(0), v.maxValue(PAGE_MAX_NUMBER)),
      '0',
    ),
    pageSize: v.optional(
      v.pipe(v.string(), v.digits(), v.transform(Number), v.minValue(1), v.maxValue(ACCOUNTS_PAGE_ROWS)),
      String(ACCOUNTS_PAGE_ROWS),
    ),
    after: v.optional(v.string()),
  },
  'Unknown parameter.',
);

export type Numbered = { readonly index: number; readonly list: ListQuery };

/** `pageIndex` from 0 and `pageSize`, or a cursor. */
export const listQuery: QueryDeclaration<Numbered> = {
  entries: Paging.entries,
  heavy: ({ list }) => mayScanManyRows(list),
  read(query) {
    const { pageIndex, pageSize, after } = decode(Paging, query, 'query');
    const position = after === undefined ? null : readPosition(DEFAULT_SORT, after);
    const offset = position === null ? pageIndex * pageSize : 0;
    const numberedBy = position === null ? 'pageIndex' : null;
    return { index: pageIndex, list: { ...CREATION_ORDER, numberedBy, limit: pageSize, offset, after: position } };
  },
};

export async function numbered<T>({ index }: Numbered, page: Promise<ListPage<T>>): Promise<NumberedPage<T>> {
  return { ...(await page), index };
}

/** `Link: rel="next"` by cursor; carries the page number along. */
export function nextLink(page: NumberedPage<unknown>, url: URL): Record<string, string> {
  const numbered = new URL(url);
  numbered.searchParams.set('pageIndex', String(page.index + 1));
  return cursorLink(page, numbered, DEFAULT_SORT);
}
