import { sql } from 'drizzle-orm';
import { type Claim, claimNext, drainValues, type Hold, mine, runSteps, type Step } from './drain.ts';
import { webhookAttempts, webhookDeliveries, webhookEndpoints } from './schema.ts';
import { arg, idsGiven, type Session, statement } from './statement.ts';

/** An attempt as it is logged, and what becomes of its delivery. */
export type AttemptResult = Omit<typeof webhookAttempts.$inferSelect, 'resellerId' | 'endpointId' | 'eventType'> & {
  readonly state: 'pending' | 'delivered' | 'dead';
  readonly endedAt: number;
};

const field = (name: string) => sql.raw(`given.value ->> '${name}'`);
const given = sql`json_each(${arg('results')}) as given`;

const log = statement(
  () => sql`insert into ${webhookAttempts} (id, delivery_id, endpoint_id, reseller_id, event_id, event_type, attempt, status,
      attempted_at, duration_ms, status_code, reason, answer, next_attempt_at)
    select ${field('id')}, delivery.id, delivery.endpoint_id, endpoint.reseller_id, delivery.event_id, delivery.event_type,
      ${field('attempt')}, ${field('status')}, ${field('attemptedAt')}, ${field('durationMs')}, ${field('statusCode')},
      ${field('reason')}, ${field('answer')}, ${field('nextAttemptAt')}
    from ${given} join ${webhookDeliveries} as delivery on delivery.id = ${field('deliveryId')}
    join ${webhookEndpoints} as endpoint on endpoint.id = delivery.endpoint_id`,
);
// A lease that ran out has gone to somebody else, who settles it.
const settle = statement(
  () => sql`update ${webhookDeliveries} set state = ${field('state')}, lease = null,
      next_attempt_at = (select ${field('nextAttemptAt')} from ${webhookEndpoints} as endpoint
        where endpoint.id = endpoint_id and endpoint.enabled),
      settled_at = iif(${field('state')} = 'pending', null, ${field('endedAt')})
    from ${given} where ${webhookDeliveries}.id = ${field('deliveryId')} and lease = ${arg('lease')}`,
);
const judge = statement(
  () => sql`update ${webhookEndpoints} set status = iif(${arg('failedAt')} is null, 'healthy', 'unhealthy'),
      failing_since = iif(${arg('recovered')}, ${arg('failedAt')}, ifnull(failing_since, ${arg('failedAt')})),
      missed_since = iif(${arg('lost')}, coalesce(missed_since, failing_since, ${arg('failedAt')}), missed_since)
    where id = ${arg('endpointId')} and status <> 'suspended' and (${arg('lost')}
      or failing_since is not iif(${arg('recovered')}, ${arg('failedAt')}, ifnull(failing_since, ${arg('failedAt')})))`,
);

// What was claimed and not come to is as it was.
const giveBack = statement(
  () => sql`update ${webhookDeliveries} as delivery set lease = null, next_attempt_at = ${arg('now')}, attempts = attempts - 1
    where endpoint_id in ${idsGiven} and ${mine}`,
);

/**
 * Logs the attempts made for one endpoint, moves their deliveries and its health on, gives back what was not come to, and claims the next as `openDrain`
 * does. Null where the endpoint is gone.
 */
export async function stepDrain(
  session: Session,
  hold: Hold & { readonly endpointIds: readonly [string] },
  results: readonly AttemptResult[],
  given: Claim & { readonly allAttempted: boolean },
): Promise<Step | null> {
  const [endpointId] = hold.endpointIds;
  const all = { ...drainValues(hold, given), ...healthAfter(results), endpointId, results: JSON.stringify(results) };
  const record = [log, settle, judge, ...(given.allAttempted ? [] : [giveBack])].map((make) => make(session, all));
  const [step] = await runSteps(session, [...record, ...claimNext(session, hold, all)]);
  return step ?? null;
}

/** Whether any attempt succeeded, when the first failed that none succeeded after, and whether a delivery was given up. */
function healthAfter(results: readonly AttemptResult[]) {
  const inOrder = [...results].sort((a, b) => a.endedAt - b.endedAt);
  const lastSuccess = inOrder.findLastIndex(({ status }) => status === 'delivered');
  return {
    recovered: lastSuccess >= 0 ? 1 : 0,
    failedAt: inOrder[lastSuccess + 1]?.endedAt ?? null,
    lost: results.some(({ state, eventId }) => state === 'dead' && eventId !== null) ? 1 : 0,
  };
}
