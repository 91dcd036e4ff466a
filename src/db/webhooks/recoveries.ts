import { sql } from 'drizzle-orm';
import { absent, refuse } from '../../model/failure.ts';
import { events, webhookEndpoints, webhookRecoveries } from '../schema/index.ts';
import { callerStatement } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { callerQuery } from '../sql/query.ts';
import { columnsOf } from '../sql/selection.ts';
import { arg, insertSelect } from '../sql/statement.ts';
import { isOwnWebhook } from './webhooks.ts';

const columns = columnsOf(webhookRecoveries, 'recovery', [
  'id',
  'endpointId',
  'since',
  'cursor',
  'upto',
  'pending',
  'delivered',
  'dead',
  'createdAt',
]);

export type Recovery = Pick<typeof webhookRecoveries.$inferSelect, 'id' | 'endpointId' | 'since' | 'createdAt'> & {
  readonly searching: boolean;
  readonly queued: number;
  readonly delivered: number;
  readonly failed: number;
};

const endpoint = sql`left join ${webhookEndpoints} as webhook on webhook.id = ${arg('endpointId')} and ${isOwnWebhook}`;
const one = callerQuery((callerSql) => ({
  select: { recovery: columns },
  from: sql`from ${callerSql.table} ${endpoint}
    left join ${webhookRecoveries} as recovery on recovery.id = ${arg('id')} and recovery.endpoint_id = webhook.id`,
}));

/** Refuses `not_found`. */
export async function findRecovery(caller: CallerContext, endpointId: string, id: string): Promise<Recovery> {
  const [{ recovery }] = await one(caller, { endpointId, id });
  const { cursor, upto, pending, dead, ...rest } = recovery ?? refuse(absent('recovery'));
  return { ...rest, searching: cursor < upto, queued: pending, failed: dead };
}

// Ids begin with their time.
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
/** Trigger webhook_recoveries_started clears `missedSince`. */
export const insertRecovery = (caller: CallerContext, recovery: Recovery, fromId: string) =>
  insert(caller, { ...recovery, updatedAt: recovery.createdAt, fromId });
