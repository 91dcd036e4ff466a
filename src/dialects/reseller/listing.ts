import * as v from 'valibot';
import { DEFAULT_SORT, readPosition } from '../../http/paging.ts';
import { decode } from '../../http/routes/decode.ts';
import type { QueryDeclaration } from '../../http/routes/route.ts';
import { WHOLE_LIST_MAX_ROWS } from '../../model/limits/index.ts';
import type { ListQuery } from '../../model/listing.ts';

const Paging = v.strictObject(
  {
    limit: v.optional(
      v.pipe(v.string(), v.digits(), v.transform(Number), v.minValue(1), v.maxValue(WHOLE_LIST_MAX_ROWS)),
      String(WHOLE_LIST_MAX_ROWS),
    ),
    after: v.optional(v.string()),
  },
  'Unknown parameter.',
);

/** Returns up to `WHOLE_LIST_MAX_ROWS` rows at once, then pages by cursor. */
export const listQuery: QueryDeclaration<Pick<ListQuery, 'after' | 'limit'>> = {
  entries: Paging.entries,
  read(query) {
    const { limit, after } = decode(Paging, query, 'query');
    return { limit, after: after === undefined ? null : readPosition(DEFAULT_SORT, after) };
  },
};
