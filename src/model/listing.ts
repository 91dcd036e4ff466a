export const TEXT_OPERATORS = ['eq', 'ne', 'sw', 'ew', 'cn', 'nc', 'in', 'nin'] as const;
export const TIME_OPERATORS = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte'] as const;

export type TextOperator = (typeof TEXT_OPERATORS)[number];
export type TimeOperator = (typeof TIME_OPERATORS)[number];

export type Filter =
  | { readonly field: string; readonly on: 'text'; readonly operator: TextOperator; readonly values: readonly string[] }
  | { readonly field: string; readonly on: 'time'; readonly operator: TimeOperator; readonly timeMs: number };

/** The last row of a page: the value it was sorted by and its id. */
export type Position = { readonly value: string | number; readonly id: string };

/** Which rows of a list, in which order. `after` and `offset` exclude each other. */
export type ListQuery = {
  readonly sort: string;
  readonly descending: boolean;
  readonly limit: number;
  readonly offset: number;
  /** The parameter by whose number the page was asked for, if it was. */
  readonly numberedBy: 'page' | 'pageIndex' | null;
  readonly after: Position | null;
  readonly search: string | null;
  readonly filters: readonly Filter[];
};

/** A list as it comes where nobody asks for anything else. */
export const inOrderOfCreation = {
  sort: 'createdAt',
  descending: false,
  offset: 0,
  numberedBy: null,
  search: null,
  filters: [],
} satisfies Partial<ListQuery>;

/** One page; `next` is the position to go on from, null on the last one. */
export type Page<Row> = { readonly rows: readonly Row[]; readonly next: Position | null };
