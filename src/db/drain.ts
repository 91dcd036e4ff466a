import { sql } from 'drizzle-orm';
import { WEBHOOK_BLIP_MS, WEBHOOK_SUSPEND_AFTER_MS } from '../model/limits.ts';
import { events, webhookAttempts, webhookDeliveries, webhookEndpoints } from './schema.ts';
import { arg, idsGiven, type Session, statement } from './statement.ts';

/** One consumer's hold on endpoints: nobody else serves them until `until`, or until they are let go. */
export type Hold = { readonly endpointIds: readonly string[]; readonly lease: string; readonly until: number };

/** A delivery that is due, with all it takes to make one attempt. */
export type ClaimedDelivery = {
  readonly id: string;
  /** Null: a test. */
  readonly eventId: string | null;
  readonly eventType: string;
  readonly endpointId: string;
  readonly resellerId: string | null;
  /** Attempts including the one about to be made. */
  readonly attempts: number;
  readonly url: string;
  readonly sealedToken: string;
  readonly sealedOldToken: string | null;
  readonly oldTokenUntil: number | null;
  readonly body: string;
};

/** What a consumer that holds an endpoint learns from each step. */
export type Step = {
  readonly endpointId: string;
  /** The next deliveries to attempt; none, and the endpoint has been let go. */
  readonly claimed: readonly ClaimedDelivery[];
  /** Whether more are due. */
  readonly more: boolean;
  /** Whether nothing but failures has come from it for so long that it is to be suspended. */
  readonly hopeless: boolean;
};

const due = sql`delivery.state = 'pending' and delivery.next_attempt_at <= ${arg('dueBy')}`;
/** What this consumer has claimed and not yet settled. */
export const mine = sql`delivery.state = 'pending' and delivery.next_attempt_at = ${arg('until')} and delivery.lease = ${arg('lease')}`;

const take = statement(
  () => sql`update ${webhookEndpoints} set lease = ${arg('lease')}, leased_until = ${arg('until')}
    where id in ${idsGiven} and leased_until <= ${arg('now')}`,
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
  () => sql`select delivery.id, delivery.event_id as eventId, delivery.event_type as eventType,
      delivery.endpoint_id as endpointId, endpoint.reseller_id as resellerId, delivery.attempts, endpoint.url,
      endpoint.sealed_token as sealedToken, endpoint.sealed_old_token as sealedOldToken,
      endpoint.old_token_until as oldTokenUntil, ifnull(delivery.body, event.body) as body
    from ${webhookEndpoints} as endpoint
    join ${webhookDeliveries} as delivery on delivery.endpoint_id = endpoint.id and ${mine}
    left join ${events} as event on event.id = delivery.event_id
    where endpoint.id in ${idsGiven}`,
);
const outlook = statement(
  () => sql`select endpoint.id,
      exists (select 1 from ${webhookDeliveries} as delivery where delivery.endpoint_id = endpoint.id and ${due}) as more,
      failing_since <= ${arg('longAgo')} and exists (select 1 from ${webhookAttempts} as attempt
        where attempt.endpoint_id = endpoint.id
          and attempt.attempted_at between ${arg('longAgo')} and ${arg('beforeBlip')}) as hopeless
    from ${webhookEndpoints} as endpoint where endpoint.id in ${idsGiven}`,
);

/** `limit`: deliveries to claim of each endpoint. */
export type Claim = { readonly now: number; readonly dueBy: number; readonly limit: number };

export const drainValues = ({ endpointIds, lease, until }: Hold, { now, dueBy, limit }: Claim) => ({
  ids: JSON.stringify(endpointIds),
  lease,
  until,
  now,
  dueBy,
  limit,
  longAgo: now - WEBHOOK_SUSPEND_AFTER_MS,
  beforeBlip: now - WEBHOOK_BLIP_MS,
});

/** Claims of each endpoint, lets those go that have nothing due, and reads what there is to know. */
export function claimNext(session: Session, hold: Hold, all: ReturnType<typeof drainValues>): D1PreparedStatement[] {
  return [
    ...hold.endpointIds.map((endpointId) => claim(session, { ...all, endpointId })),
    ...[letGo, claimed, outlook].map((make) => make(session, all)),
  ];
}

/** Runs a batch that ends with `claimNext`. */
export async function runSteps(session: Session, batch: D1PreparedStatement[]): Promise<Step[]> {
  const results = await session.batch<Record<string, unknown>>(batch);
  const [deliveries, views] = results.slice(-2).map((result) => result.results);
  const byEndpoint = Map.groupBy((deliveries ?? []) as ClaimedDelivery[], ({ endpointId }) => endpointId);
  return (views ?? []).map(({ id, more, hopeless }) => ({
    endpointId: String(id),
    claimed: byEndpoint.get(String(id)) ?? [],
    more: more === 1,
    hopeless: hopeless === 1,
  }));
}

/** Takes the endpoints that nobody else holds, and of each the oldest deliveries that are due by `dueBy`. */
export function openDrain(session: Session, hold: Hold, given: Claim): Promise<Step[]> {
  const all = drainValues(hold, given);
  return runSteps(session, [take(session, all), ...claimNext(session, hold, all)]);
}
