import { type SQL, sql } from 'drizzle-orm';
import { events, webhookDeliveries, webhookEndpoints } from '../schema/index.ts';
import { query } from '../sql/query.ts';
import { value } from '../sql/selection.ts';
import { arg, type Db, idsFromArgument, statement } from '../sql/statement.ts';

export type EndpointLease = { readonly endpointIds: readonly string[]; readonly lease: string; readonly until: number };

export type ClaimedDelivery = {
  readonly id: string;
  /** Null: a test. */
  readonly eventId: string | null;
  readonly endpointId: string;
  readonly requestId: string | null;
  /** Including the attempt about to be made. */
  readonly attempts: number;
  readonly url: string;
  readonly sealedToken: string;
  readonly sealedOldToken: string | null;
  readonly oldTokenUntil: number | null;
  readonly body: string;
  /** The webhook's tenant; for an operator's webhook, the event's. */
  readonly payer: string | null;
};

/** Without deliveries the lease is released. */
export type ClaimedDeliveries = { readonly endpointId: string; readonly deliveries: readonly ClaimedDelivery[] };

const isPending = sql`delivery.endpoint_id = endpoint.id and delivery.state = 'pending' and endpoint.deleted_at is null`;
/** One condition per range of the index. */
const dueConditions = (time: SQL): readonly SQL[] => [
  // Tests, which disabled endpoints get, too.
  sql`${isPending} and delivery.resumed_at = 0 and delivery.next_attempt_at <= ${time}`,
  // Deliveries that waited while the endpoint was disabled, except attempts under way.
  sql`${isPending} and endpoint.enabled and endpoint.resumed_at <= ${time}
    and delivery.resumed_at > 0 and delivery.resumed_at < endpoint.resumed_at
    and (delivery.lease is null or delivery.next_attempt_at <= ${time})`,
  sql`${isPending} and endpoint.enabled and delivery.resumed_at = endpoint.resumed_at and delivery.next_attempt_at <= ${time}`,
];
export const hasDueBy = (time: SQL): SQL => {
  const found = dueConditions(time).map(
    (due) => sql`exists (select 1 from ${webhookDeliveries} as delivery where ${due})`,
  );
  return sql`(${sql.join(found, sql` or `)})`;
};
/** Set by every update that plans an attempt. */
export const resumedAtSelected = sql`iif(event_id is null, 0,
  (select endpoint.resumed_at from ${webhookEndpoints} as endpoint where endpoint.id = endpoint_id))`;
const isClaimed = sql`delivery.state = 'pending' and delivery.resumed_at in (0, endpoint.resumed_at)
  and delivery.next_attempt_at = ${arg('until')} and delivery.lease = ${arg('lease')}`;

const leaseEndpoints = statement(
  () => sql`update ${webhookEndpoints} set lease = ${arg('lease')}, leased_until = ${arg('until')}
    where id in ${idsFromArgument} and leased_until <= ${arg('now')} and deleted_at is null`,
);
const claimOldest = statement(() => {
  const oldest = dueConditions(sql`${arg('now')}`).map(
    (due) => sql`select id from (select delivery.id from ${webhookEndpoints} as endpoint
      join ${webhookDeliveries} as delivery on ${due}
      where endpoint.id = ${arg('endpointId')} and endpoint.lease = ${arg('lease')}
      order by delivery.resumed_at, delivery.next_attempt_at limit ${arg('limit')})`,
  );
  return sql`update ${webhookDeliveries} set lease = ${arg('lease')}, next_attempt_at = ${arg('until')}, attempts = attempts + 1,
      resumed_at = ${resumedAtSelected}
    where id in (${sql.join(oldest, sql` union all `)} limit ${arg('limit')})`;
});
const releaseIdle = statement(
  () => sql`update ${webhookEndpoints} as endpoint set lease = null, leased_until = 0
    where id in ${idsFromArgument} and lease = ${arg('lease')}
      and not exists (select 1 from ${webhookDeliveries} as delivery where delivery.endpoint_id = endpoint.id and ${isClaimed})`,
);
const claimedDeliveries = query(() => ({
  select: {
    id: value<string>(sql`delivery.id`),
    eventId: value<string | null>(sql`delivery.event_id`),
    endpointId: value<string>(sql`delivery.endpoint_id`),
    requestId: value<string | null>(sql`event.request_id`),
    attempts: value<number>(sql`delivery.attempts`),
    url: value<string>(sql`endpoint.url`),
    sealedToken: value<string>(sql`endpoint.sealed_token`),
    sealedOldToken: value<string | null>(sql`endpoint.sealed_old_token`),
    oldTokenUntil: value<number | null>(sql`endpoint.old_token_until`),
    body: value<string>(sql`ifnull(delivery.body, event.body)`),
    payer: value<string | null>(sql`ifnull(endpoint.reseller_id, event.reseller_id)`),
  },
  from: sql`from ${webhookEndpoints} as endpoint
    join ${webhookDeliveries} as delivery on delivery.endpoint_id = endpoint.id and ${isClaimed}
    left join ${events} as event on event.id = delivery.event_id
    where endpoint.id in ${idsFromArgument}`,
}));

/** `limit`: deliveries per endpoint. */
export type ClaimOptions = { readonly now: number; readonly limit: number };

/** Also releases endpoints without due deliveries. */
export function claimNext(
  db: Db,
  { endpointIds, lease, until }: EndpointLease,
  options: ClaimOptions,
): D1PreparedStatement[] {
  const values = { ...options, lease, until, ids: JSON.stringify(endpointIds) };
  return [
    ...endpointIds.map((endpointId) => claimOldest(db, { ...values, endpointId })),
    releaseIdle(db, values),
    claimedDeliveries.prepare(db, values),
  ];
}

export const readClaimed = (results: readonly D1Result[]): ClaimedDelivery[] => claimedDeliveries.read(results.at(-1));

export async function claimDeliveries(
  db: Db,
  endpointLease: EndpointLease,
  options: ClaimOptions,
): Promise<ClaimedDeliveries[]> {
  const { endpointIds, lease, until } = endpointLease;
  const taken = leaseEndpoints(db, { ids: JSON.stringify(endpointIds), lease, until, now: options.now });
  const results = await db.batch([taken, ...claimNext(db, endpointLease, options)]);
  const found = Map.groupBy(readClaimed(results), ({ endpointId }) => endpointId);
  return [...found].map(([endpointId, deliveries]) => ({ endpointId, deliveries }));
}
