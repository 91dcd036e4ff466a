import { sql } from 'drizzle-orm';
import { type Age, expiring, type Kind, oldest, oldestSince } from './expiring.ts';
import { refreshTokens, sessions, webhookAttempts, webhookDeliveries, webhookEndpoints } from './schema.ts';
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
