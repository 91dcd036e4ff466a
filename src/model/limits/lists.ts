import { TEXT_MAX_CHARS } from './fields.ts';

// Published by the v3 API.
export const PAGE_DEFAULT_ROWS = 25;
export const PAGE_MAX_ROWS = 100;
export const WHOLE_LIST_MAX_ROWS = 1000; // Published by the reseller API.
export const PAGE_MAX_NUMBER = 100_000; // Numbered pages scan; beyond, use a cursor.
export const REQUEST_ROWS_MAX = 10_000; // About 5 ms of D1.
export const LIST_EXAMINED_ROWS = 1500; // D1 reads up to six times as many.
export const LIST_SORTED_ROWS = 1000; // Beyond, a page scans in list order.
export const FILTERS_MAX = 20; // D1 binds at most 100 parameters.
export const FILTER_VALUES_MAX = 100; // A page of ids.
export const FILTER_MAX_CHARS = 2 * TEXT_MAX_CHARS + 1; // A full name: two fields and a space.
export const COMPILED_LISTS_MAX = 200; // Above the combinations in use; per isolate.
export const FEED_DEFAULT_ROWS = 100; // As PAGE_MAX_ROWS.
export const FEED_MAX_ROWS = 500; // As EXPORT_CHUNK_ROWS.
export const ACCOUNTS_PAGE_ROWS = 1000; // Published by the accounts API.
