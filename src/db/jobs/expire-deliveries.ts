import { type SQL, sql } from 'drizzle-orm';
import { webhookAttempts, webhookDeliveries, webhookRecoveries } from '../schema/index.ts';
import { arg, statement } from '../sql/statement.ts';
import { firstExpiredAt, type RetentionAge, type RetentionRule, selectExpired } from './expiry.ts';

/** Planned deliveries too: a receiver that always fails keeps no rows. */
export function deliveryRetention(age: RetentionAge): RetentionRule {
  const next = selectExpired(webhookDeliveries, age);
  return { drop: [deleteAttempts(next), deleteDeliveries(next)], since: firstExpiredAt(webhookDeliveries, age) };
}

export const deleteAttempts = (deliveryIds: SQL) =>
  statement(
    () => sql`delete from ${webhookAttempts} where id in
      (select id from ${webhookAttempts} where delivery_id in ${deliveryIds} limit ${arg('rows')})`,
  );

export const deleteDeliveries = (deliveryIds: SQL) =>
  statement(
    () => sql`delete from ${webhookDeliveries} where id in (select id from ${webhookDeliveries} as old where old.id in ${deliveryIds}
      and not exists (select 1 from ${webhookAttempts} as attempt where attempt.delivery_id = old.id) limit ${arg('rows')})`,
  );

export function recoveryRetention(age: RetentionAge): RetentionRule {
  const next = selectExpired(webhookRecoveries, age);
  return {
    drop: [
      statement(
        () => sql`update ${webhookDeliveries} set recovery_id = null where id in
          (select id from ${webhookDeliveries} where recovery_id in ${next} limit ${arg('rows')})`,
      ),
      statement(
        () => sql`delete from ${webhookRecoveries} as old where old.id in ${next}
          and not exists (select 1 from ${webhookDeliveries} as delivery where delivery.recovery_id = old.id)`,
      ),
    ],
    since: firstExpiredAt(webhookRecoveries, age),
  };
}
