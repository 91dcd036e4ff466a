import { sql } from 'drizzle-orm';
import type { NewEmail } from '../../model/emails/email.ts';
import type { SubscriptionConfirmation } from '../../model/emails/subscription-confirmation.ts';
import {
  BODIES_PER_PARAMETER,
  IDS_PER_PARAMETER,
  RELAY_BACKOFF_MS,
  RELAY_SWEEP_EVENTS,
  RELAY_TRIES,
} from '../../model/limits/index.ts';
import { mapOrSkip } from '../../model/map-or-skip.ts';
import { toChunks } from '../../model/to-chunks.ts';
import { immediatelyDueAt } from '../../model/webhooks/due.ts';
import { insertConfirmations } from '../emails/confirmations.ts';
import { insertEmails } from '../emails/emails.ts';
import { deadLetters, events, webhookDeliveries, webhookEndpoints } from '../schema/index.ts';
import { query } from '../sql/query.ts';
import { value } from '../sql/selection.ts';
import { arg, type Db, idsFromArgument, statement } from '../sql/statement.ts';
import { chargeFanout, type EventBody } from '../usage/fan-out-cost.ts';
import { eventColumns, toEvent } from './events.ts';

export type NewDelivery = { readonly id: string; readonly eventId: string; readonly endpointId: string };

const unrelayed = query(() => ({
  select: { id: value<string>(sql`id`) },
  from: sql`from ${events} where relay_at is not null and relay_at <= ${arg('now')}
    order by relay_at limit ${arg('limit')}`,
}));

export async function findUnrelayed(db: Db, now: number): Promise<string[]> {
  return (await unrelayed(db, { now, limit: RELAY_SWEEP_EVENTS })).map(({ id }) => id);
}

const isExhausted = sql`relay_at is not null and relay_at <= ${arg('now')} and relays >= ${arg('tries')}`;
const insertDeadLetters = statement(
  () => sql`insert into ${deadLetters} (id, message, reason, received_at)
    select id, json_object('eventId', id), 'relayed too often', ${arg('now')} from ${events}
    where ${isExhausted} on conflict do nothing`,
);
const close = statement(() => sql`update ${events} set relay_at = null where ${isExhausted}`);

export async function markUnrelayedDead(db: Db, now: number): Promise<void> {
  const values = { now, tries: RELAY_TRIES };
  await db.batch([insertDeadLetters(db, values), close(db, values)]);
}

const countRelay = statement(
  () => sql`update ${events} set relays = relays + 1, relay_at = ${arg('now')} + (${arg('backoffMs')} << relays)
    where id in ${idsFromArgument} and relay_at is not null`,
);

export async function markRelayed(db: Db, eventIds: readonly string[], now: number): Promise<void> {
  await countRelay(db, { ids: JSON.stringify(eventIds), now, backoffMs: RELAY_BACKOFF_MS }).run();
}

const pending = query(() => ({
  select: { event: eventColumns },
  from: sql`from ${events} as event where id in ${idsFromArgument} and relay_at is not null`,
}));
export const isSubscribedToEvent = sql`event.audit_only = 0 and exists (select 1 from json_each(endpoint.events) as wanted where wanted.value in ('*', event.type))`;
const isRecipient = sql`(endpoint.reseller_id = event.reseller_id or endpoint.reseller_id is null)
  and endpoint.enabled and endpoint.after_seq < event.seq and ${isSubscribedToEvent}`;
const matching = query(() => ({
  select: {
    eventId: value<string>(sql`event.id`),
    endpointId: value<string>(sql`endpoint.id`),
    healthy: value<number>(sql`endpoint.status = 'healthy'`),
  },
  from: sql`from ${events} as event join ${webhookEndpoints} as endpoint on ${isRecipient}
    where event.id in ${idsFromArgument} and event.relay_at is not null`,
}));

export async function findFanout(db: Db, eventIds: readonly string[]) {
  const values = { ids: JSON.stringify(eventIds) };
  const [found, pairs] = await db.batch([pending.prepare(db, values), matching.prepare(db, values)]);
  return {
    events: mapOrSkip(pending.read(found), ({ event }) => event && toEvent(event)),
    pairs: matching.read(pairs),
  };
}

const insertDeliveries = statement(
  () => sql`insert into ${webhookDeliveries} (id, event_id, endpoint_id, event_type, state, next_attempt_at, resumed_at, created_at)
    select given.value ->> 'id', event.id, endpoint.id, event.type, 'pending', ${arg('dueAt')}, endpoint.resumed_at,
      ${arg('now')}
    from json_each(${arg('rows')}) as given
    join ${events} as event on event.id = given.value ->> 'eventId'
    join ${webhookEndpoints} as endpoint on endpoint.id = given.value ->> 'endpointId'
    where true on conflict do nothing`,
);
// An endpoint enabled since has no delivery yet: the event stays open, for the sweep.
const hasMissingDelivery = sql`exists (select 1 from ${webhookEndpoints} as endpoint where ${isRecipient}
  and not exists (select 1 from ${webhookDeliveries} as delivery
    where delivery.event_id = event.id and delivery.endpoint_id = endpoint.id))`;
const markFannedOut = statement(
  () => sql`update ${events} as event set body = ifnull(body, given.value ->> 'body'), relay_at = iif(${hasMissingDelivery}, relay_at, null)
    from json_each(${arg('bodies')}) as given where event.id = given.value ->> 'id'`,
);

// A lease holder looks for due deliveries before it releases the endpoint.
const withoutLease = query(() => ({
  select: { id: value<string>(sql`id`) },
  from: sql`from ${webhookEndpoints} where id in ${idsFromArgument} and leased_until <= ${arg('now')}`,
}));

/** Writes each delivery and mail once. Returns the endpoints without a lease. */
export async function recordFanout(
  db: Db,
  deliveries: readonly NewDelivery[],
  bodies: readonly EventBody[],
  mails: readonly NewEmail[],
  confirmations: readonly SubscriptionConfirmation[],
  now: number,
): Promise<Set<string>> {
  const endpoints = [...new Set(deliveries.map(({ endpointId }) => endpointId))];
  const results = await db.batch([
    chargeFanout(db, { deliveries, bodies, mails }, now),
    ...toChunks(deliveries, IDS_PER_PARAMETER).map((group) =>
      insertDeliveries(db, { rows: JSON.stringify(group), now, dueAt: immediatelyDueAt(now) }),
    ),
    ...insertEmails(db, mails, { now, dueAt: immediatelyDueAt(now) }),
    ...insertConfirmations(db, confirmations, now),
    ...toChunks(bodies, BODIES_PER_PARAMETER).map((group) => markFannedOut(db, { bodies: JSON.stringify(group) })),
    withoutLease.prepare(db, { ids: JSON.stringify(endpoints), now }),
  ]);
  return new Set(withoutLease.read(results.at(-1)).map(({ id }) => id));
}
