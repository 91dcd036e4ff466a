import { sql } from 'drizzle-orm';
import type { Call } from './call.ts';
import { callerStatement, read } from './caller.ts';
import { columnsOf } from './columns.ts';
import { idempotencyKeys } from './schema.ts';
import { arg } from './statement.ts';

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
