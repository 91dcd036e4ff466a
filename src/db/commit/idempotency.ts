import { sql } from 'drizzle-orm';
import { idempotencyKeys } from '../schema/index.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { callerQuery } from '../sql/query.ts';
import { columnsOf } from '../sql/selection.ts';
import { arg } from '../sql/statement.ts';

const replyColumns = columnsOf(idempotencyKeys, 'kept', ['fingerprint', 'status', 'sealedBody']);

const find = callerQuery((callerSql) => ({
  select: { reply: replyColumns },
  from: sql`from ${callerSql.table} left join ${idempotencyKeys} as kept on kept.credential = ${arg('credential')}
      and kept.key = ${arg('key')} and kept.expires_at > ${arg('now')}`,
}));

export async function findStoredReply(caller: CallerContext, key: string) {
  const [{ reply }] = await find(caller, { credential: caller.actor.credential, key, now: caller.now });
  return reply;
}
