import { type SQL, sql } from 'drizzle-orm';
import { type CallerSql, callerStatement, PERMITTED, requirePermitted } from './caller.ts';
import type { CallerContext } from './caller-context.ts';
import { type Fields, type Found, named, readNamed, readRaw, record, type Selection } from './selection.ts';
import { type Db, type Statement, statement, type Values } from './statement.ts';

/** A statement and what it gives: rows of `T`, at once or, in a batch, from its result. */
export type Query<T> = {
  (db: Db, values: Values): Promise<T[]>;
  readonly prepare: Statement;
  readonly read: (result: D1Result | undefined) => T[];
};
type Select<F> = { readonly with?: SQL; readonly select: F; readonly from: SQL };

/** `select … from …`, by what is declared of each column. */
export const query = <F extends Fields>(build: () => Select<F>): Query<Found<F>> =>
  declared(() => {
    const { with: tables, select, from } = build();
    const selection = record(select);
    return { selection, text: sql`${tables} select ${named(selection)} ${from}` };
  });

/** A write, and what it gives of each row that it wrote. */
export const returning = <F extends Fields>(build: () => { readonly write: SQL; readonly give: F }): Query<Found<F>> =>
  declared(() => {
    const { write, give } = build();
    const selection = record(give);
    return { selection, text: sql`${write} returning ${named(selection)}` };
  });

function declared<T>(build: () => { readonly selection: Selection<T>; readonly text: SQL }): Query<T> {
  let built: ReturnType<typeof build> | undefined;
  const declaration = () => (built ??= build());
  const prepare = statement(() => declaration().text);
  const run = (db: Db, values: Values) => readRaw(declaration().selection, prepare(db, values));
  return Object.assign(run, {
    prepare,
    read: (result: D1Result | undefined) => readNamed(declaration().selection, result?.results),
  });
}

/** A row and those behind it. */
type Rows<T> = readonly [T, ...T[]];
/** The same of a query that starts from the caller. Refuses a caller without one (401) or without the right (403). */
export type CallerQuery<T> = {
  (caller: CallerContext, values: Values): Promise<Rows<T>>;
  readonly prepare: (caller: CallerContext, values: Values) => D1PreparedStatement;
  readonly read: (caller: CallerContext, result: D1Result | undefined) => Rows<T>;
};

/** `select … from …` with a caller's table in it. */
export function callerQuery<F extends Fields>(build: (callerSql: CallerSql) => Select<F>): CallerQuery<Found<F>> {
  // Of all kinds of callers the same but for the SQL.
  let selection: Selection<{ readonly permitted: number | null; readonly found: Found<F> }> | undefined;
  const prepare = callerStatement((callerSql) => {
    const { select, from } = build(callerSql);
    const made = record({ permitted: PERMITTED, found: record(select) });
    selection = made;
    return sql`select ${named(made)} ${from}`;
  });
  const admitted = (caller: CallerContext, rows: readonly { permitted: number | null; found: Found<F> }[]) => {
    const [first, ...more] = requirePermitted(caller, rows);
    return [first.found, ...more.map(({ found }) => found)] as const;
  };
  const run = async (caller: CallerContext, values: Values) => {
    const prepared = prepare(caller, values);
    return admitted(caller, selection === undefined ? [] : await readRaw(selection, prepared));
  };
  return Object.assign(run, {
    prepare,
    read: (caller: CallerContext, result: D1Result | undefined) =>
      admitted(caller, selection === undefined ? [] : readNamed(selection, result?.results)),
  });
}

/** The caller and nothing else. */
export const callerAlone = callerQuery((callerSql) => ({ select: {}, from: sql`from ${callerSql.table}` }));

/** Refuses a caller whose credential or right is gone: what else a guard may have meant comes after. */
export async function admitCaller(caller: CallerContext): Promise<void> {
  await callerAlone(caller, {});
}
