import { sql } from 'drizzle-orm';
import { absent, refuse } from '../../model/failure.ts';
import { events, webhookEndpoints, webhookRecoveries } from '../schema/index.ts';
import { callerStatement, read } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { columnsOf } from '../sql/columns.ts';
import { arg, insertSelect } from '../sql/statement.ts';
import { own } from './webhooks.ts';

const names = ['id', 'endpointId', 'since', 'cursor', 'upto', 'createdAt'] as const;
const columns = columnsOf(webhookRecoveries, 'recovery', names);

/** How far a recovery has come: the events it found, and how many of them wait, have arrived or were given up. */
export type Recovery = Pick<typeof webhookRecoveries.$inferSelect, 'id' | 'endpointId' | 'since' | 'createdAt'> & {
  readonly searching: boolean;
  readonly queued: number;
  readonly delivered: number;
  readonly failed: number;
};

const endpoint = sql`left join ${webhookEndpoints} as webhook on webhook.id = ${arg('endpointId')} and ${own}`;
const one = callerStatement(
  (callerSql) => sql`select caller.permitted, recovery.pending, recovery.delivered, recovery.dead, ${columns.selected}
    from ${callerSql.table} ${endpoint}
    left join ${webhookRecoveries} as recovery on recovery.id = ${arg('id')} and recovery.endpoint_id = webhook.id`,
);

/** The recovery with its progress, or the refusal `not_found`. */
export async function findRecovery(caller: CallerContext, endpointId: string, id: string): Promise<Recovery> {
  const [row] = await read(caller, one(caller, { endpointId, id }));
  const found = row && columns.read(row, 4);
  if (!row || !found) refuse(absent('recovery'));
  const { cursor, upto, ...rest } = found;
  const [queued, delivered, failed] = row.slice(1, 4).map(Number);
  return { ...rest, searching: cursor < upto, queued: queued ?? 0, delivered: delivered ?? 0, failed: failed ?? 0 };
}

// Ids begin with their time, so that their index finds where to start; a minute for clocks that differ.
const firstEvent = sql`(select seq - 1 from ${events} where id >= ${arg('fromId')} order by id limit 1)`;
const lastEvent = sql`(select ifnull(max(seq), 0) from ${events})`;
const insert = callerStatement((callerSql) =>
  insertSelect(
    webhookRecoveries,
    ['id', 'endpointId', 'since', 'createdAt', 'updatedAt'],
    sql`from ${callerSql.table} ${endpoint} where caller.permitted and webhook.enabled`,
    { cursor: sql`max(webhook.after_seq, ifnull(${firstEvent}, ${lastEvent}))`, upto: lastEvent },
  ),
);
export const insertRecovery = (caller: CallerContext, recovery: Recovery, fromId: string) =>
  insert(caller, { ...recovery, updatedAt: recovery.createdAt, fromId });
