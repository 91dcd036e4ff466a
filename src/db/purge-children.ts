import { sql } from 'drizzle-orm';
import { type Age, type Kind, oldest, oldestSince } from './expiring.ts';
import { webhookAttempts, webhookDeliveries, webhookEndpoints } from './schema.ts';
import { arg, statement } from './statement.ts';

/** Old deliveries with their attempts; what is planned, for an endpoint that is on, still goes its way. */
export function delivered(age: Age): Kind {
  const unplanned = sql`(old.next_attempt_at is null
    or not (select endpoint.enabled from ${webhookEndpoints} as endpoint where endpoint.id = old.endpoint_id))`;
  const next = oldest(webhookDeliveries, age);
  return {
    drop: [
      statement(
        () => sql`delete from ${webhookAttempts} where id in (select id from ${webhookAttempts} where delivery_id in
          (select id from ${webhookDeliveries} as old where old.id in ${next} and ${unplanned}) limit ${arg('rows')})`,
      ),
      statement(
        () => sql`delete from ${webhookDeliveries} as old where old.id in ${next} and ${unplanned}
          and not exists (select 1 from ${webhookAttempts} as attempt where attempt.delivery_id = old.id)`,
      ),
    ],
    since: oldestSince(webhookDeliveries, age, unplanned),
  };
}
