import { type SQL, sql } from 'drizzle-orm';
import { type CallerSql, callerStatement, PERMITTED, requirePermitted } from './caller.ts';
import type { CallerContext } from './caller-context.ts';
import { type Fields, type Found, readNamed, readRaw, record, type Selection, selectedByName } from './selection.ts';
import { type Db, type Statement, statement, type Values } from './statement.ts';

export type Query<T> = {
  (db: Db, values: Values): Promise<T[]>;
  readonly prepare: Statement;
  readonly read: (result: D1Result | undefined) => T[];
};
type Select<F> = { readonly with?: SQL; readonly select: F; readonly from: SQL };

export const query = <F extends Fields>(build: () => Select<F>): Query<Found<F>> =>
  declared(() => {
    const { with: tables, select, from } = build();
    const selection = record(select);
    return { selection, text: sql`${tables} select ${selectedByName(selection)} ${from}` };
  });

export const returning = <F extends Fields>(build: () => { readonly write: SQL; readonly give: F }): Query<Found<F>> =>
  declared(() => {
    const { write, give } = build();
    const selection = record(give);
    return { selection, text: sql`${write} returning ${selectedByName(selection)}` };
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

type Rows<T> = readonly [T, ...T[]];
/** Refuses 401 without a caller, 403 without the right. */
export type CallerQuery<T> = {
  (caller: CallerContext, values: Values): Promise<Rows<T>>;
  readonly prepare: (caller: CallerContext, values: Values) => D1PreparedStatement;
  readonly read: (caller: CallerContext, result: D1Result | undefined) => Rows<T>;
};

export function callerQuery<F extends Fields>(build: (callerSql: CallerSql) => Select<F>): CallerQuery<Found<F>> {
  // Callers differ only in the SQL.
  let selection: Selection<{ readonly permitted: number | null; readonly found: Found<F> }> | undefined;
  const prepare = callerStatement((callerSql) => {
    const { select, from } = build(callerSql);
    const shape = record({ permitted: PERMITTED, found: record(select) });
    selection = shape;
    return sql`select ${selectedByName(shape)} ${from}`;
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

export const callerAlone = callerQuery((callerSql) => ({ select: {}, from: sql`from ${callerSql.table}` }));

export async function admitCaller(caller: CallerContext): Promise<void> {
  await callerAlone(caller, {});
}
