import { addressHash } from '../auth/secrets/address-hash.ts';
import { releaseMails } from '../db/emails/emails.ts';
import { findFanout, recordFanout } from '../db/events/outbox.ts';
import { eventBody } from '../dialects/index.ts';
import { confirmationsOf } from '../domain/emails/confirmations.ts';
import type { EventRecord } from '../model/events/event.ts';
import { eachIntact } from '../model/intact.ts';
import { log } from '../model/log.ts';
import { mailOf } from '../model/users/invitation-email.ts';
import { queueMails, wake } from './relay.ts';
import type { WorkerContext } from './worker-context.ts';

/**
 * Makes the deliveries and mails of these events and has them sent. Repeated messages find nothing left to do. An event
 * that cannot be shown holds up no other: it stays in the outbox until the sweep gives it up.
 */
export async function fanOut({ env, db, now, newId }: WorkerContext, eventIds: readonly string[]): Promise<void> {
  const { events, pairs } = await findFanout(db, eventIds);
  const bodies = eachIntact(events, (event) => ({
    id: event.id,
    payer: payerOf(event),
    body: JSON.stringify(eventBody(event)),
  }));
  if (bodies.length === 0) return;
  const shown = new Set(bodies.map(({ id }) => id));
  const matches = pairs.filter(({ eventId }) => shown.has(eventId));
  const deliveries = matches.map(({ eventId, endpointId }) => ({ id: newId(), eventId, endpointId }));
  const raised = events.filter(({ id }) => shown.has(id));
  const mails = eachIntact(raised, (event) => mailOf(event, newId));
  const confirmations = await confirmationsOf(raised, { newId, addressHash });
  const unserved = await recordFanout(db, deliveries, bodies, mails, confirmations, now());
  const written = [...mails, ...confirmations];
  for (const { id, type, requestId } of raised) {
    const mine = ({ eventId }: { readonly eventId: string }) => eventId === id;
    const made = { deliveries: deliveries.filter(mine).length, mails: written.filter(mine).length };
    log(env.logLevel, 'info', 'fan-out', { requestId, eventId: id, type, ...made });
  }
  // Those that have failed lately come last: they may take their time.
  const [healthy, failing] = [matches.filter((match) => match.healthy), matches.filter((match) => !match.healthy)];
  const endpoints = new Set([...healthy, ...failing].map(({ endpointId }) => endpointId));
  const asleep = [...endpoints].filter((endpointId) => unserved.has(endpointId));
  const wakes = asleep.map((endpointId) => ({ endpointId }));
  const waiting = events.some(enablesReseller) ? await releaseMails(db, now()) : [];
  const emailIds = [...written.map(({ id }) => id), ...waiting];
  // Both are tried, whatever becomes of the other.
  await Promise.all([wake(env, wakes), queueMails(env, emailIds)]);
}

/** The tenant that caused the event: one that changes a user of several pays for what all of them are sent. */
const payerOf = ({ actor, resellerId }: EventRecord) => /^reseller:(.+)$/.exec(actor)?.[1] ?? resellerId;

/** Whether mails need wait no longer. */
const enablesReseller = (event: EventRecord) =>
  event.type === 'reseller.updated' && event.after.enabled && !event.before.enabled;
