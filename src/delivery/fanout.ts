import { addressHash } from '../auth/secrets/address-hash.ts';
import { releaseEmails } from '../db/emails/emails.ts';
import { findFanout, recordFanout } from '../db/events/outbox.ts';
import { eventBody } from '../dialects/index.ts';
import { confirmationsOf } from '../domain/emails/confirmations.ts';
import { emailForEvent } from '../model/emails/event-email.ts';
import type { EventRecord } from '../model/events/event.ts';
import { log } from '../model/log.ts';
import { mapOrSkip } from '../model/map-or-skip.ts';
import { queueEmails, sendTasks } from './relay.ts';
import type { WorkerContext } from './worker-context.ts';

/** Repeatable. An event that cannot be rendered stays in the outbox until the sweep gives it up. */
export async function fanOut({ env, db, now, newId }: WorkerContext, eventIds: readonly string[]): Promise<void> {
  const { events, pairs } = await findFanout(db, eventIds);
  const bodies = mapOrSkip(events, (event) => ({
    id: event.id,
    payer: payerOf(event),
    body: JSON.stringify(eventBody(event)),
  }));
  if (bodies.length === 0) return;
  const shown = new Set(bodies.map(({ id }) => id));
  const matches = pairs.filter(({ eventId }) => shown.has(eventId));
  const deliveries = matches.map(({ eventId, endpointId }) => ({ id: newId(), eventId, endpointId }));
  const shownEvents = events.filter(({ id }) => shown.has(id));
  const invitationEmails = mapOrSkip(shownEvents, (event) => emailForEvent(event, newId));
  const confirmations = await confirmationsOf(shownEvents, { newId, addressHash });
  const unserved = await recordFanout(db, deliveries, bodies, invitationEmails, confirmations, now());
  const written = [...invitationEmails, ...confirmations];
  for (const { id, type, requestId } of shownEvents) {
    const mine = ({ eventId }: { readonly eventId: string }) => eventId === id;
    const made = { deliveries: deliveries.filter(mine).length, mails: written.filter(mine).length };
    log(env.logLevel, 'info', 'fan-out', { requestId, eventId: id, type, ...made });
  }
  // Slow, failing endpoints come last.
  const [healthy, failing] = [matches.filter((match) => match.healthy), matches.filter((match) => !match.healthy)];
  const endpoints = new Set([...healthy, ...failing].map(({ endpointId }) => endpointId));
  const asleep = [...endpoints].filter((endpointId) => unserved.has(endpointId));
  const tasks = asleep.map((endpointId) => ({ endpointId }));
  const waiting = events.some(enablesReseller) ? await releaseEmails(db, now()) : [];
  const emailIds = [...written.map(({ id }) => id), ...waiting];
  await Promise.all([sendTasks(env, tasks), queueEmails(env, emailIds)]);
}

/** The tenant that caused the event pays for all its deliveries. */
const payerOf = ({ actor, resellerId }: EventRecord) => /^reseller:(.+)$/.exec(actor)?.[1] ?? resellerId;

const enablesReseller = (event: EventRecord) =>
  event.type === 'reseller.updated' && event.after.enabled && !event.before.enabled;
