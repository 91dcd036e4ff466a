import { type SQL, sql } from 'drizzle-orm';
import { type Age, expiring, type Kind, oldest, oldestSince } from './expiring.ts';
import { refreshTokens, sessions, webhookAttempts, webhookDeliveries, webhookRecoveries } from './schema.ts';
import { arg, statement } from './statement.ts';

// Any number of rows may hang on one of these: they go first, so that no statement takes more than its share by a cascade.

const expired = sql`(select id from ${sessions} where expires_at <= ${arg('now')} order by expires_at limit ${arg('rows')})`;

/** Sessions that have run out, with all that they were ever refreshed by. */
export const signedIn: Kind = {
  drop: [
    statement(
      () => sql`delete from ${refreshTokens} where token_hash in
        (select token_hash from ${refreshTokens} where session_id in ${expired} limit ${arg('rows')})`,
    ),
    statement(
      () => sql`delete from ${sessions} as old where old.id in ${expired}
        and not exists (select 1 from ${refreshTokens} as token where token.session_id = old.id)`,
    ),
  ],
  since: expiring(sessions, 'id', 'expires_at').since,
};

/** Old deliveries with their attempts, whatever is planned: no receiver that fails for ever keeps a row. */
export function delivered(age: Age): Kind {
  const next = oldest(webhookDeliveries, age);
  return { drop: [dropAttempts(next), dropDeliveries(next)], since: oldestSince(webhookDeliveries, age) };
}

/** Takes attempts of these deliveries away. */
export const dropAttempts = (deliveryIds: SQL) =>
  statement(
    () => sql`delete from ${webhookAttempts} where id in
      (select id from ${webhookAttempts} where delivery_id in ${deliveryIds} limit ${arg('rows')})`,
  );

/** Takes those of these deliveries away that have no attempts left. */
export const dropDeliveries = (deliveryIds: SQL) =>
  statement(
    () => sql`delete from ${webhookDeliveries} where id in (select id from ${webhookDeliveries} as old where old.id in ${deliveryIds}
      and not exists (select 1 from ${webhookAttempts} as attempt where attempt.delivery_id = old.id) limit ${arg('rows')})`,
  );

/** Old recoveries, which their deliveries name no more. */
export function recovered(age: Age): Kind {
  const next = oldest(webhookRecoveries, age);
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
    since: oldestSince(webhookRecoveries, age),
  };
}
