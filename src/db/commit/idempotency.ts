import { sql } from 'drizzle-orm';
import { idempotencyKeys } from '../schema/index.ts';
import type { Call } from '../sql/call.ts';
import { callerStatement, read } from '../sql/caller.ts';
import { columnsOf } from '../sql/columns.ts';
import { arg } from '../sql/statement.ts';

const columns = columnsOf(idempotencyKeys, 'kept', ['fingerprint', 'status', 'sealedBody']);

const find = callerStatement(
  (who) => sql`select caller.permitted, ${columns.selected}
    from ${who.table} left join ${idempotencyKeys} as kept on kept.credential = ${arg('credential')}
      and kept.key = ${arg('key')} and kept.expires_at > ${arg('now')}`,
);

/** The answer kept under the caller's key, or null. */
export async function findKept(call: Call, key: string) {
  const [row] = await read(call, find(call, { credential: call.actor.credential, key, now: call.now }));
  return row ? columns.read(row, 1) : null;
}
