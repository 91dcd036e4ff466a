import { TEXT_MAX_CHARS } from './fields.ts';

/** v3.md: rows of a page. */
export const PAGE_DEFAULT_ROWS = 25;
export const PAGE_MAX_ROWS = 100;
/** reseller.md: how much of a list comes at once. */
export const WHOLE_LIST_MAX_ROWS = 1000;
/** Numbered pages skip rows one by one; past this many a cursor is the only sensible way. */
export const PAGE_MAX_NUMBER = 100_000;
/** Rows that D1 may read for one request: about 5 ms of the one database. */
export const REQUEST_ROWS_MAX = 10_000;
/**
 * Rows of a list that one page looks at. With what belongs to each, and a second look for the end, they are up to six
 * times as many.
 */
export const LIST_EXAMINED_ROWS = 1500;
/** Rows that are found by an index and sorted afterwards; where there are more, a page walks along the order instead. */
export const LIST_SORTED_ROWS = 1000;
/** D1 binds at most 100 parameters a statement; twenty filters leave room for the rest. */
export const FILTERS_MAX = 20;
/** Values of one `in` list; they travel as one JSON parameter. */
export const FILTER_VALUES_MAX = 100;
/** Longest value of a filter: a full name, made of two fields and a space. */
export const FILTER_MAX_CHARS = 2 * TEXT_MAX_CHARS + 1;
/** Compiled list queries kept per isolate; one for each combination of sort and filters in use. */
export const COMPILED_LISTS_MAX = 200;
/** Events a feed page holds unless asked otherwise, and at the most. */
export const FEED_DEFAULT_ROWS = 100;
export const FEED_MAX_ROWS = 500;
/** accounts.md: rows of a page. */
export const ACCOUNTS_PAGE_ROWS = 1000;
