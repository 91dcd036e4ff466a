import * as v from 'valibot';
import { DEFAULT_SORT, readPosition } from '../../http/paging.ts';
import { decode } from '../../http/routes/decode.ts';
import type { QueryDeclaration } from '../../http/routes/route.ts';
import { invalid, refuse } from '../../model/failure.ts';
import {
  FILTERS_MAX,
  PAGE_DEFAULT_ROWS,
  PAGE_MAX_NUMBER,
  PAGE_MAX_ROWS,
  TEXT_MAX_CHARS,
} from '../../model/limits/index.ts';
import { type Filter, type ListQuery, mayScanManyRows } from '../../model/listing.ts';
import { filterEntries } from './filters.ts';

export type Listable = {
  readonly texts: readonly string[];
  readonly times: readonly string[];
  readonly sorts: readonly string[];
};

export const NAMED_RESOURCE: Listable = {
  texts: ['id', 'name'],
  times: ['createdAt', 'updatedAt'],
  sorts: ['createdAt', 'updatedAt', 'name'],
};

export const integerUpTo = (max: number) =>
  v.pipe(v.string(), v.digits(), v.transform(Number), v.minValue(1), v.maxValue(max, `Must be at most ${max}.`));

export function listQuery({ texts, times, sorts }: Listable): QueryDeclaration<ListQuery> {
  const paging = v.object({
    page: v.optional(integerUpTo(PAGE_MAX_NUMBER)),
    limit: v.optional(integerUpTo(PAGE_MAX_ROWS), String(PAGE_DEFAULT_ROWS)),
    sort: v.optional(v.picklist(sorts.flatMap((sort) => [sort, `-${sort}`])), DEFAULT_SORT),
    search: v.optional(v.pipe(v.string(), v.maxLength(TEXT_MAX_CHARS))),
    after: v.optional(v.string()),
  });
  type Asked = v.InferOutput<typeof paging> & Readonly<Record<string, Filter | undefined>>;
  const known = v.strictObject({ ...paging.entries, ...filterEntries(texts, times) }, 'Unknown field or operator.');
  return {
    entries: known.entries,
    heavy: mayScanManyRows,
    read(query) {
      const { page, limit, sort, search, after, ...filters } = decode(known, query, 'query') as Asked;
      if (page !== undefined && after !== undefined) refuse(invalid('query', 'page', 'Use page or after, not both.'));
      return {
        sort: sort.replace(/^-/, ''),
        descending: sort.startsWith('-'),
        limit,
        offset: ((page ?? 1) - 1) * limit,
        numberedBy: page === undefined ? null : 'page',
        after: after === undefined ? null : readPosition(sort, after),
        search: search || null,
        filters: readFilters(Object.values(filters)),
      };
    },
  };
}

function readFilters(candidates: readonly (Filter | undefined)[]): Filter[] {
  const filters = candidates.filter((filter) => filter !== undefined);
  if (filters.length > FILTERS_MAX) refuse(invalid('query', '', `Use at most ${FILTERS_MAX} filters.`));
  return filters;
}
