import { sql } from 'drizzle-orm';
import { DELETED_RETENTION_MS, DELIVERY_RETENTION_MS } from '../../model/limits/index.ts';
import {
  events,
  organizations,
  resellers,
  webhookDeliveries,
  webhookEndpoints,
  webhookRecoveries,
} from '../schema/index.ts';
import { arg, literal, statement } from '../sql/statement.ts';
import type { RetentionRule } from './expiry.ts';

const retentionMs = literal(DELETED_RETENTION_MS);
// It depends on other rows.
const unknownSince = sql`null`;

// Skip scan: one step per endpoint.
const abandonedDeliveries = sql`(with recursive waiting (id) as (
    select min(endpoint_id) from ${webhookDeliveries} where state = 'pending'
    union all
    select (select min(endpoint_id) from ${webhookDeliveries} where state = 'pending' and endpoint_id > waiting.id)
    from waiting where waiting.id is not null
  )
  select delivery.id from waiting
  join ${webhookEndpoints} as endpoint on endpoint.id = waiting.id and endpoint.deleted_at is not null
  join ${webhookDeliveries} as delivery on delivery.endpoint_id = endpoint.id and delivery.state = 'pending'
    and (delivery.lease is null or delivery.next_attempt_at <= ${arg('now')})
  limit ${arg('rows')})`;
const isPastRetention = sql`deleted_at <= ${arg('now')} - ${sql.raw(String(DELIVERY_RETENTION_MS))}`;

export const deletedEndpoints: RetentionRule = {
  drop: [
    statement(
      () => sql`update ${webhookDeliveries} set state = 'dead', lease = null, next_attempt_at = null, settled_at = ${arg('now')}
        where id in ${abandonedDeliveries}`,
    ),
    statement(
      () => sql`delete from ${webhookEndpoints} where id in (select id from ${webhookEndpoints} as old
        where old.${isPastRetention}
          and not exists (select 1 from ${webhookDeliveries} as delivery where delivery.endpoint_id = old.id)
          and not exists (select 1 from ${webhookRecoveries} as recovery where recovery.endpoint_id = old.id)
        order by old.deleted_at limit ${arg('rows')})`,
    ),
  ],
  since: unknownSince,
};

const isExpiredAndEmpty = sql`deleted_at <= ${arg('now')} - ${retentionMs} and user_count = 0`;

export const deletedOrganizations: RetentionRule = {
  drop: [
    statement(
      () => sql`delete from ${organizations} where id in
        (select id from ${organizations} where ${isExpiredAndEmpty} order by deleted_at limit ${arg('rows')})`,
    ),
  ],
  since: sql`(select deleted_at + ${retentionMs} from ${organizations} where ${isExpiredAndEmpty} order by deleted_at limit 1)`,
};

export const purgedResellers: RetentionRule = {
  drop: [
    statement(
      () => sql`delete from ${resellers} where id in (select id from ${resellers} as old where old.purged_at is not null
        and not exists (select 1 from ${events} as event where event.reseller_id = old.id)
        and not exists (select 1 from ${resellers} as below where below.parent_id = old.id)
        limit ${arg('rows')})`,
    ),
  ],
  since: unknownSince,
};

export const rotatedTokens: RetentionRule = {
  drop: [
    statement(
      () => sql`update ${webhookEndpoints} set sealed_old_token = null, old_token_until = null where id in
        (select id from ${webhookEndpoints} where old_token_until <= ${arg('now')} order by old_token_until limit ${arg('rows')})`,
    ),
  ],
  since: sql`(select min(old_token_until) from ${webhookEndpoints} where old_token_until is not null)`,
};
