import { sql } from 'drizzle-orm';
import { events, webhookDeliveries, webhookEndpoints } from './schema.ts';
import { arg, idsGiven, type Session, statement } from './statement.ts';

/** One consumer's hold on endpoints: nobody else serves them until `until`, or until they are let go. */
export type Hold = { readonly endpointIds: readonly string[]; readonly lease: string; readonly until: number };

/** A delivery that is due, with all it takes to make one attempt. */
export type ClaimedDelivery = {
  readonly id: string;
  /** Null: a test. */
  readonly eventId: string | null;
  readonly endpointId: string;
  /** The request that raised the event. */
  readonly requestId: string | null;
  /** Attempts including the one about to be made. */
  readonly attempts: number;
  readonly url: string;
  readonly sealedToken: string;
  readonly sealedOldToken: string | null;
  readonly oldTokenUntil: number | null;
  readonly body: string;
  /** The tenant that attempts are charged to: the webhook's or, of the operator's webhooks, the event's. */
  readonly payer: string | null;
};

/** An endpoint and the deliveries of it to attempt next: none, and this consumer does not hold it (any more). */
export type Claimed = { readonly endpointId: string; readonly deliveries: readonly ClaimedDelivery[] };

/** Of `delivery`: to be attempted now. */
export const due = sql`delivery.state = 'pending' and delivery.next_attempt_at <= ${arg('now')}`;
const mine = sql`delivery.state = 'pending' and delivery.next_attempt_at = ${arg('until')} and delivery.lease = ${arg('lease')}`;

const take = statement(
  () => sql`update ${webhookEndpoints} set lease = ${arg('lease')}, leased_until = ${arg('until')}
    where id in ${idsGiven} and leased_until <= ${arg('now')} and deleted_at is null`,
);
const claim = statement(
  () => sql`update ${webhookDeliveries} set lease = ${arg('lease')}, next_attempt_at = ${arg('until')}, attempts = attempts + 1
    where id in (select delivery.id from ${webhookEndpoints} as endpoint
      join ${webhookDeliveries} as delivery on delivery.endpoint_id = endpoint.id and ${due}
      where endpoint.id = ${arg('endpointId')} and endpoint.lease = ${arg('lease')}
      order by delivery.next_attempt_at limit ${arg('limit')})`,
);
const letGo = statement(
  () => sql`update ${webhookEndpoints} as endpoint set lease = null, leased_until = 0
    where id in ${idsGiven} and lease = ${arg('lease')}
      and not exists (select 1 from ${webhookDeliveries} as delivery where delivery.endpoint_id = endpoint.id and ${mine})`,
);
const claimed = statement(
  () => sql`select delivery.id, delivery.event_id as eventId, delivery.endpoint_id as endpointId,
      event.request_id as requestId, delivery.attempts, endpoint.url,
      endpoint.sealed_token as sealedToken, endpoint.sealed_old_token as sealedOldToken,
      endpoint.old_token_until as oldTokenUntil, ifnull(delivery.body, event.body) as body,
      ifnull(endpoint.reseller_id, event.reseller_id) as payer
    from ${webhookEndpoints} as endpoint
    join ${webhookDeliveries} as delivery on delivery.endpoint_id = endpoint.id and ${mine}
    left join ${events} as event on event.id = delivery.event_id
    where endpoint.id in ${idsGiven}`,
);

/** `limit`: deliveries to claim of each endpoint. */
export type Claim = { readonly now: number; readonly limit: number };

/** Claims of each endpoint that is held, lets those go that have nothing due, and reads what was claimed. */
export function claimNext(session: Session, { endpointIds, lease, until }: Hold, given: Claim): D1PreparedStatement[] {
  const values = { ...given, lease, until, ids: JSON.stringify(endpointIds) };
  return [
    ...endpointIds.map((endpointId) => claim(session, { ...values, endpointId })),
    letGo(session, values),
    claimed(session, values),
  ];
}

/** Takes the endpoints that nobody else holds, and of each the oldest deliveries that are due. */
export async function openDrain(session: Session, hold: Hold, given: Claim): Promise<Claimed[]> {
  const { endpointIds, lease, until } = hold;
  const taken = take(session, { ids: JSON.stringify(endpointIds), lease, until, now: given.now });
  const results = await session.batch<ClaimedDelivery>([taken, ...claimNext(session, hold, given)]);
  const found = Map.groupBy(results.at(-1)?.results ?? [], ({ endpointId }) => endpointId);
  return [...found].map(([endpointId, deliveries]) => ({ endpointId, deliveries }));
}
