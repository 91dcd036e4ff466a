import { type SQL, sql } from 'drizzle-orm';
import { type CallerSql, callerStatement } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { type Db, statement, type Values } from '../sql/statement.ts';

declare const followUp: unique symbol;
/** A statement that does nothing unless the one directly ahead of it in the batch changed a row. */
export type FollowUp = D1PreparedStatement & { readonly [followUp]: true };

/** How many rows the statement ahead changed. Triggers do not count. */
export const changedRows = sql`changes()`;
const changed = sql`${changedRows} > 0`;

/** The statement that `build` makes with its guard. It changes a row itself, for the one behind it. */
export function afterChange(build: (changed: SQL) => SQL): (db: Db, values: Values) => FollowUp {
  const make = statement(() => build(changed));
  return (db, values) => make(db, values) as FollowUp;
}

/** The same of a statement that starts from the caller. */
export function callerAfterChange(
  build: (callerSql: CallerSql, changed: SQL) => SQL,
): (caller: CallerContext, values: Values) => FollowUp {
  const make = callerStatement((callerSql) => build(callerSql, changed));
  return (caller, values) => make(caller, values) as FollowUp;
}

/** A write and what goes on where it changed a row: in this order, with nothing in between, in one batch. */
export const chain = <T extends D1PreparedStatement>(
  first: T,
  ...next: readonly FollowUp[]
): readonly [T, ...FollowUp[]] => [first, ...next];
