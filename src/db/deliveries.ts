import { sql } from 'drizzle-orm';
import { WEBHOOK_SWEEP_DELIVERIES } from '../model/limits.ts';
import { events, resellers, webhookAttempts, webhookDeliveries, webhookEndpoints } from './schema.ts';
import { arg, idsGiven, type Session, statement } from './statement.ts';

/** A delivery that this consumer holds by its lease, with all it takes to make one attempt. */
export type ClaimedDelivery = {
  readonly id: string;
  readonly eventId: string;
  readonly endpointId: string;
  /** Attempts including the one about to be made. */
  readonly attempts: number;
  readonly url: string;
  readonly sealedToken: string;
  readonly body: string;
};

/** How an attempt went, and what becomes of the delivery. */
export type AttemptResult = Pick<
  typeof webhookAttempts.$inferSelect,
  'id' | 'deliveryId' | 'attemptedAt' | 'durationMs' | 'statusCode' | 'reason'
> & {
  readonly endpointId: string;
  readonly state: 'pending' | 'delivered' | 'dead';
  /** When the next attempt is due; of a settled delivery, when it was settled. */
  readonly dueAt: number;
};

const working = sql`endpoint_id in (select endpoint.id from ${webhookEndpoints} as endpoint
  left join ${resellers} as owner on owner.id = endpoint.reseller_id
  where endpoint.enabled and owner.deleted_at is null)`;

const claim = statement(
  () => sql`update ${webhookDeliveries} set lease = ${arg('lease')}, next_attempt_at = ${arg('until')}, attempts = attempts + 1
    where id in ${idsGiven} and state = 'pending' and next_attempt_at <= ${arg('dueBy')} and ${working}`,
);
const claimed = statement(
  () => sql`select delivery.id, delivery.event_id as eventId, delivery.endpoint_id as endpointId, delivery.attempts,
      endpoint.url, endpoint.sealed_token as sealedToken, event.body
    from ${webhookDeliveries} as delivery
    join ${webhookEndpoints} as endpoint on endpoint.id = delivery.endpoint_id
    join ${events} as event on event.id = delivery.event_id
    where delivery.id in ${idsGiven} and delivery.lease = ${arg('lease')}`,
);

/** Takes those of the deliveries that are due and nobody else holds; they are free again at `until`. */
export async function claimDeliveries(
  session: Session,
  ids: readonly string[],
  given: { readonly lease: string; readonly dueBy: number; readonly until: number },
): Promise<ClaimedDelivery[]> {
  const values = { ...given, ids: JSON.stringify(ids) };
  const [, rows] = await session.batch<ClaimedDelivery>([claim(session, values), claimed(session, values)]);
  return rows?.results ?? [];
}

const field = (name: string) => sql.raw(`given.value ->> '${name}'`);
const given = sql`json_each(${arg('results')}) as given`;

const logAttempts = statement(
  () => sql`insert into ${webhookAttempts} (id, delivery_id, attempted_at, duration_ms, status_code, reason)
    select ${field('id')}, delivery.id, ${field('attemptedAt')}, ${field('durationMs')}, ${field('statusCode')}, ${field('reason')}
    from ${given} join ${webhookDeliveries} as delivery on delivery.id = ${field('deliveryId')}`,
);
const settle = statement(
  () => sql`update ${webhookDeliveries} set state = ${field('state')}, lease = null, next_attempt_at = ${field('dueAt')},
      settled_at = iif(${field('state')} = 'pending', null, ${field('dueAt')})
    from ${given} where ${webhookDeliveries}.id = ${field('deliveryId')} and lease = ${arg('lease')}`,
);
const judge = statement(
  () => sql`update ${webhookEndpoints} set status = iif(${field('state')} = 'delivered', 'healthy', 'unhealthy')
    from ${given} where ${webhookEndpoints}.id = ${field('endpointId')} and status <> 'suspended'
      and status <> iif(${field('state')} = 'delivered', 'healthy', 'unhealthy')`,
);

/** Logs the attempts, and moves on those deliveries whose lease has not gone to somebody else. */
export async function recordAttempts(
  session: Session,
  lease: string,
  results: readonly AttemptResult[],
): Promise<void> {
  const values = { results: JSON.stringify(results), lease };
  await session.batch([logAttempts(session, values), settle(session, values), judge(session, values)]);
}

const overdue = statement(
  () => sql`select id from ${webhookDeliveries} where state = 'pending' and next_attempt_at <= ${arg('before')} and ${working}
    order by next_attempt_at limit ${arg('limit')}`,
);

/** Deliveries that were due before this time and that no message has brought to a consumer. */
export async function findOverdue(session: Session, before: number): Promise<string[]> {
  const { results } = await overdue(session, { before, limit: WEBHOOK_SWEEP_DELIVERIES }).all<{ id: string }>();
  return results.map(({ id }) => id);
}
