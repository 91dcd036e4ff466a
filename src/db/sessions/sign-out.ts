import { sql } from 'drizzle-orm';
import type { RequestOrigin } from '../../model/events/audit.ts';
import { arg, type Db as Database } from '../sql/statement.ts';
import { endSessionsWhere } from './sessions.ts';

const end = endSessionsWhere(sql`id = ${arg('id')} and expires_at > ${arg('now')}`);

export async function signOut(
  database: Database,
  session: { readonly id: string; readonly userId: string },
  { requestId, now, origin }: { readonly requestId: string; readonly now: number; readonly origin: RequestOrigin },
): Promise<void> {
  const by = `user:${session.userId}`;
  await end(database, { id: session.id, reason: 'signed-out', by, from: null, requestId, now, ...origin }).run();
}
