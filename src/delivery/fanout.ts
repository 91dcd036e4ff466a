import { addressHash } from '../auth/secrets/address-hash.ts';
import { releaseEmails } from '../db/emails/emails.ts';
import { findFanout, recordFanout } from '../db/events/outbox.ts';
import { eventBody } from '../dialects/index.ts';
import { confirmationsFor } from '../domain/emails/confirmations.ts';
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
  const renderedIds = new Set(bodies.map(({ id }) => id));
  const matches = pairs.filter(({ eventId }) => renderedIds.has(eventId));
  const deliveries = matches.map(({ eventId, endpointId }) => ({ id: newId(), eventId, endpointId }));
  const renderedEvents = events.filter(({ id }) => renderedIds.has(id));
  const invitationEmails = mapOrSkip(renderedEvents, (event) => emailForEvent(event, newId));
  const confirmations = await confirmationsFor(renderedEvents, { newId, addressHash });
  const unserved = await recordFanout(db, deliveries, bodies, invitationEmails, confirmations, now());
  const emails = [...invitationEmails, ...confirmations];
  for (const { id, type, requestId } of renderedEvents) {
    const ofEvent = ({ eventId }: { readonly eventId: string }) => eventId === id;
    const counts = { deliveries: deliveries.filter(ofEvent).length, mails: emails.filter(ofEvent).length };
    log(env.logLevel, 'info', 'fan-out', { requestId, eventId: id, type, ...counts });
  }
  const [healthy, failing] = [matches.filter((match) => match.healthy), matches.filter((match) => !match.healthy)];
  const endpoints = new Set([...healthy, ...failing].map(({ endpointId }) => endpointId));
  const unservedEndpoints = [...endpoints].filter((endpointId) => unserved.has(endpointId));
  const tasks = unservedEndpoints.map((endpointId) => ({ endpointId }));
  const releasedEmailIds = events.some(enablesReseller) ? await releaseEmails(db, now()) : [];
  const emailIds = [...emails.map(({ id }) => id), ...releasedEmailIds];
  await Promise.all([sendTasks(env, tasks), queueEmails(env, emailIds)]);
}

/** The tenant that caused the event pays for all its deliveries. */
const payerOf = ({ actor, resellerId }: EventRecord) => /^reseller:(.+)$/.exec(actor)?.[1] ?? resellerId;

const enablesReseller = (event: EventRecord) =>
  event.type === 'reseller.updated' && event.after.enabled && !event.before.enabled;
