import { sql } from 'drizzle-orm';
import { AUDIT_RETENTION_MS } from '../../model/limits/index.ts';
import { deleteAttempts, deleteDeliveries } from '../jobs/expire-deliveries.ts';
import type { RetentionRule } from '../jobs/expiry.ts';
import { auditChain, events, webhookDeliveries } from '../schema/index.ts';
import { arg, literal, statement } from '../sql/statement.ts';

const start = sql`(select start_seq from ${auditChain} where id = 1)`;
const isRetained = sql`waiting.id >= ${arg('eventsBefore')} or waiting.hash is null`;
const advanceStart = statement(
  () => sql`with waiting as (select seq, id, hash from ${events} where seq > ${start} order by seq limit ${arg('rows')})
    update ${auditChain} set start_seq = alone.seq, start_hash = alone.hash
    from (select max(seq) as seq, hash from waiting
      where seq < ifnull((select min(seq) from waiting where ${isRetained}), ${Number.MAX_SAFE_INTEGER})) as alone
    where id = 1 and alone.seq is not null`,
);
const expiredEvents = sql`(select id from ${events} where seq <= ${start} order by seq limit ${arg('rows')})`;
const expiredDeliveries = sql`(select id from ${webhookDeliveries} where event_id in ${expiredEvents})`;
const deleteEvents = statement(
  () => sql`delete from ${events} as old where old.id in ${expiredEvents}
    and not exists (select 1 from ${webhookDeliveries} as delivery where delivery.event_id = old.id)`,
);

/** The chain goes on from the last expired row. */
export const auditedEvents: RetentionRule = {
  ahead: [advanceStart],
  drop: [deleteAttempts(expiredDeliveries), deleteDeliveries(expiredDeliveries), deleteEvents],
  since: sql`(select old.occurred_at + ${literal(AUDIT_RETENTION_MS)} from ${events} as old
    where old.seq = (select min(seq) from ${events}))`,
};
