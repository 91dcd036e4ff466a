export const TEXT_OPERATORS = ['eq', 'ne', 'sw', 'ew', 'cn', 'nc', 'in', 'nin'] as const;
export const TIME_OPERATORS = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte'] as const;

export type TextOperator = (typeof TEXT_OPERATORS)[number];
export type TimeOperator = (typeof TIME_OPERATORS)[number];

export type Filter =
  | { readonly field: string; readonly on: 'text'; readonly operator: TextOperator; readonly values: readonly string[] }
  | { readonly field: string; readonly on: 'time'; readonly operator: TimeOperator; readonly timeMs: number };

export type Position = { readonly value: string | number; readonly id: string };

/** `after` and `offset` exclude each other. */
export type ListQuery = {
  readonly sort: string;
  readonly descending: boolean;
  readonly limit: number;
  readonly offset: number;
  readonly numberedBy: 'page' | 'pageIndex' | null;
  readonly after: Position | null;
  readonly search: string | null;
  readonly filters: readonly Filter[];
};

export function mayScanManyRows({ offset, search, filters }: ListQuery): boolean {
  return offset > 0 || search !== null || filters.length > 0;
}

export const CREATION_ORDER = {
  sort: 'createdAt',
  descending: false,
  offset: 0,
  numberedBy: null,
  search: null,
  filters: [],
} satisfies Partial<ListQuery>;

export type ListPage<Row> = { readonly rows: readonly Row[]; readonly next: Position | null };
