import { sql } from 'drizzle-orm';
import { idempotencyKeys } from '../schema/index.ts';
import { callerStatement, read } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { columnsOf } from '../sql/columns.ts';
import { arg } from '../sql/statement.ts';

const columns = columnsOf(idempotencyKeys, 'kept', ['fingerprint', 'status', 'sealedBody']);

const find = callerStatement(
  (callerSql) => sql`select caller.permitted, ${columns.selected}
    from ${callerSql.table} left join ${idempotencyKeys} as kept on kept.credential = ${arg('credential')}
      and kept.key = ${arg('key')} and kept.expires_at > ${arg('now')}`,
);

/** The answer kept under the caller's key, or null. */
export async function findKept(caller: CallerContext, key: string) {
  const [row] = await read(caller, find(caller, { credential: caller.actor.credential, key, now: caller.now }));
  return row ? columns.read(row, 1) : null;
}
