import { type SQL, sql } from 'drizzle-orm';
import { type CallerSql, callerStatement } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { type Db, statement, type Values } from '../sql/statement.ts';

declare const followUp: unique symbol;
/** Does nothing unless the statement directly ahead of it in the batch changed a row. */
export type GuardedStatement = D1PreparedStatement & { readonly [followUp]: true };

/** Triggers do not count. */
export const changedRows = sql`changes()`;
const changed = sql`${changedRows} > 0`;

export function afterChange(build: (changed: SQL) => SQL): (db: Db, values: Values) => GuardedStatement {
  const make = statement(() => build(changed));
  return (db, values) => make(db, values) as GuardedStatement;
}

export function callerAfterChange(
  build: (callerSql: CallerSql, changed: SQL) => SQL,
): (caller: CallerContext, values: Values) => GuardedStatement {
  const make = callerStatement((callerSql) => build(callerSql, changed));
  return (caller, values) => make(caller, values) as GuardedStatement;
}

/** Nothing may come in between. */
export const chain = <T extends D1PreparedStatement>(
  first: T,
  ...next: readonly GuardedStatement[]
): readonly [T, ...GuardedStatement[]] => [first, ...next];
