import { sql } from 'drizzle-orm';
import { ROW_BYTES, WEBHOOK_INCIDENT_MS, WEBHOOK_SUSPEND_AFTER_MS } from '../../model/limits/index.ts';
import { type Budgets, startOfDay } from '../../model/usage/budgets.ts';
import { events, tenantDays, webhookAttempts, webhookDeliveries, webhookEndpoints } from '../schema/index.ts';
import { query } from '../sql/query.ts';
import { flag } from '../sql/selection.ts';
import { arg, type Db, statement } from '../sql/statement.ts';
import { insertCharge, unlimitedCharge } from '../usage/budgets.ts';
import {
  type ClaimedDeliveries,
  type ClaimedDelivery,
  type ClaimOptions,
  claimNext,
  type EndpointLease,
  hasDueBy,
  readClaimed,
  resumedAtSelected,
} from './claim.ts';

export type AttemptResult = Omit<typeof webhookAttempts.$inferSelect, 'resellerId' | 'endpointId' | 'eventType'> & {
  readonly state: 'pending' | 'delivered' | 'dead';
  readonly endedAt: number;
  readonly payer: ClaimedDelivery['payer'];
};

export type AttemptRecord = ClaimedDeliveries & {
  readonly more: boolean;
  /** To be suspended. */
  readonly shouldSuspend: boolean;
};

const field = (name: string) => sql.raw(`given.value ->> '${name}'`);
const resultRows = sql`json_each(${arg('results')}) as given`;

const isPayerOverBudget = sql`ifnull((select day.bytes >= ${arg('bytesPerDay')} from ${tenantDays} as day
  where day.day = ${arg('day')} and day.reseller_id = ${field('payer')}), false)`;

// Above the budget an attempt replaces the earlier ones: retries use no more space.
const deleteEarlier = statement(
  () => sql`delete from ${webhookAttempts}
    where delivery_id in (select ${field('deliveryId')} from ${resultRows} where ${isPayerOverBudget})`,
);
const insertAttempts = statement(
  () => sql`insert into ${webhookAttempts} (id, delivery_id, endpoint_id, reseller_id, event_id, event_type, attempt, status,
      attempted_at, duration_ms, status_code, reason, answer, next_attempt_at)
    select ${field('id')}, delivery.id, delivery.endpoint_id, endpoint.reseller_id, delivery.event_id, delivery.event_type,
      ${field('attempt')}, ${field('status')}, ${field('attemptedAt')}, ${field('durationMs')}, ${field('statusCode')},
      ${field('reason')}, iif(${isPayerOverBudget}, '', ${field('answer')}), ${field('nextAttemptAt')}
    from ${resultRows} join ${webhookDeliveries} as delivery on delivery.id = ${field('deliveryId')}
    join ${webhookEndpoints} as endpoint on endpoint.id = delivery.endpoint_id`,
);
const charge = statement(() =>
  insertCharge(sql`given.value ->> 'payer'`, sql`from json_each(${arg('costs')}) as given where true`, {
    bytes: sql`iif(${isPayerOverBudget}, given.value ->> 'rowBytes', given.value ->> 'bytes')`,
    emails: sql`0`,
  }),
);
// A failure counts only under its lease, a success always.
const settleDeliveries = statement(
  () => sql`update ${webhookDeliveries} set state = ${field('state')}, lease = null,
      next_attempt_at = ${field('nextAttemptAt')}, resumed_at = ${resumedAtSelected},
      settled_at = iif(${field('state')} = 'pending', null, ${field('endedAt')})
    from ${resultRows} where ${webhookDeliveries}.id = ${field('deliveryId')}
      and (lease = ${arg('lease')} or (${field('state')} = 'delivered' and ${webhookDeliveries}.state = 'pending'))`,
);
// Claimed but not attempted.
const releaseUnattempted = statement(
  () => sql`update ${webhookDeliveries} set lease = null, attempts = attempts - 1,
      next_attempt_at = ${arg('now')}, resumed_at = ${resumedAtSelected}
    where id in (select value from json_each(${arg('rest')})) and state = 'pending' and lease = ${arg('lease')}`,
);
const missedSince = sql`(select min(event.occurred_at) from ${resultRows} join ${events} as event on event.id = ${field('eventId')}
  where ${field('state')} = 'dead')`;
const failingSince = sql`iif(${arg('recovered')}, ${arg('failedAt')}, ifnull(failing_since, ${arg('failedAt')}))`;
const updateHealth = statement(
  () => sql`update ${webhookEndpoints} set status = iif(${arg('failedAt')} is null, 'healthy', 'unhealthy'),
      failing_since = ${failingSince}, missed_since = ifnull(min(missed_since, ${missedSince}), ifnull(missed_since, ${missedSince}))
    where id = ${arg('endpointId')} and status <> 'suspended' and (${arg('anyLost')} or failing_since is not ${failingSince})`,
);
const endpointState = query(() => ({
  select: {
    more: flag(hasDueBy(sql`${arg('now')}`)),
    shouldSuspend: flag(sql`failing_since <= ${arg('longAgo')} and exists (select 1 from ${webhookAttempts} as attempt
      where attempt.endpoint_id = endpoint.id and attempt.attempted_at between ${arg('longAgo')} and ${arg('beforeBlip')})`),
  },
  from: sql`from ${webhookEndpoints} as endpoint where endpoint.id = ${arg('endpointId')}`,
}));

/** Releases `rest`, deliveries not attempted, and claims the next. */
export async function recordAttempts(
  db: Db,
  endpointLease: Omit<EndpointLease, 'endpointIds'> & { readonly endpointId: string },
  { results, rest }: { readonly results: readonly AttemptResult[]; readonly rest: readonly ClaimedDelivery[] },
  options: ClaimOptions & Pick<Budgets, 'bytesPerDay'>,
): Promise<AttemptRecord> {
  const { endpointId, lease, until } = endpointLease;
  const values = {
    endpointId,
    lease,
    now: options.now,
    results: JSON.stringify(results),
    ...unlimitedCharge(0),
    costs: JSON.stringify(attemptCosts(results)),
    day: startOfDay(options.now),
    bytesPerDay: options.bytesPerDay,
    rest: JSON.stringify(rest.map(({ id }) => id)),
    ...healthAfter(results),
    longAgo: options.now - WEBHOOK_SUSPEND_AFTER_MS,
    beforeBlip: options.now - WEBHOOK_INCIDENT_MS,
  };
  const record = [
    deleteEarlier,
    insertAttempts,
    charge,
    settleDeliveries,
    updateHealth,
    ...(rest.length > 0 ? [releaseUnattempted] : []),
    endpointState.prepare,
  ];
  const batch = await db.batch([
    ...record.map((make) => make(db, values)),
    ...claimNext(db, { endpointIds: [endpointId], lease, until }, options),
  ]);
  const [state = { more: false, shouldSuspend: false }] = endpointState.read(batch[record.length - 1]);
  return { endpointId, deliveries: readClaimed(batch), ...state };
}

/** By payer: `bytes` within the budget, `rowBytes` above it. */
function attemptCosts(results: readonly AttemptResult[]) {
  const bytesOf = ({ answer, reason }: AttemptResult) =>
    ROW_BYTES + Buffer.byteLength(answer) + Buffer.byteLength(reason);
  const paid = results.filter(({ payer }) => payer !== null);
  return [...Map.groupBy(paid, ({ payer }) => payer)].map(([payer, ofPayer]) => ({
    payer,
    bytes: ofPayer.reduce((sum, result) => sum + bytesOf(result), 0),
    /** Later attempts replace a row. */
    rowBytes: ofPayer.filter(({ attempt }) => attempt === 1).length * ROW_BYTES,
  }));
}

/** `failedAt`: the first failure after the last success. */
function healthAfter(results: readonly AttemptResult[]) {
  // Tests say nothing about events.
  const inOrder = results.filter(({ eventId }) => eventId !== null).sort((a, b) => a.endedAt - b.endedAt);
  const lastSuccess = inOrder.findLastIndex(({ status }) => status === 'delivered');
  return {
    recovered: lastSuccess >= 0 ? 1 : 0,
    failedAt: inOrder[lastSuccess + 1]?.endedAt ?? null,
    anyLost: inOrder.some(({ state }) => state === 'dead') ? 1 : 0,
  };
}
