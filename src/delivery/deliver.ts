import {
  type ClaimedDeliveries,
  type ClaimedDelivery,
  claimDeliveries,
  type EndpointLease,
} from '../db/webhooks/claim.ts';
import { type AttemptRecord, recordAttempts } from '../db/webhooks/record.ts';
import { WEBHOOK_CLAIM_ROUNDS, WEBHOOK_LEASE_MS, WEBHOOK_RUN_MS } from '../model/limits/index.ts';
import { log } from '../model/log.ts';
import { type AttemptOutcome, attempt } from './attempt.ts';
import { followUp } from './follow-up.ts';
import type { WorkerContext } from './worker-context.ts';

/** Returns one function per endpoint with due deliveries: the batch is acknowledged first, so a slow endpoint delays no other. */
export async function deliver(
  worker: WorkerContext,
  endpointIds: readonly string[],
  connections: number,
): Promise<(() => Promise<void>)[]> {
  const { db, now, newId } = worker;
  const hold: EndpointLease = { endpointIds, lease: newId(), until: now() + WEBHOOK_LEASE_MS };
  const claims = await claimDeliveries(db, hold, { now: now(), limit: connections * WEBHOOK_CLAIM_ROUNDS });
  return claims.map((claimed) => () => serveEndpoint(worker, hold, claimed, connections));
}

async function serveEndpoint(
  worker: WorkerContext,
  hold: EndpointLease,
  first: ClaimedDeliveries,
  connections: number,
): Promise<void> {
  const { env, db, now } = worker;
  const { lease, until } = hold;
  const { endpointId } = first;
  const deadline = until - WEBHOOK_LEASE_MS + WEBHOOK_RUN_MS;
  let disabled = false;
  const mayBegin = () => !disabled && now() < deadline;
  const attemptOne = async (delivery: ClaimedDelivery): Promise<AttemptOutcome> => {
    const outcome = await attempt(worker, delivery);
    logAttempt(worker, delivery, outcome);
    disabled ||= outcome.disable;
    return outcome;
  };
  for (let claimed: ClaimedDeliveries | AttemptRecord = first; claimed.deliveries.length > 0; ) {
    const { done, rest } = await inParallel(claimed.deliveries, connections, mayBegin, attemptOne);
    const attempted = { results: done.map(({ result }) => result), rest };
    const limit = mayBegin() ? connections * WEBHOOK_CLAIM_ROUNDS : 0;
    const record: AttemptRecord = await recordAttempts(db, { endpointId, lease, until }, attempted, {
      now: now(),
      limit,
      bytesPerDay: env.budgets.bytesPerDay,
    });
    await followUp(worker, done, record);
    claimed = record;
  }
}

async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  mayBegin: () => boolean,
  work: (item: T) => Promise<R>,
): Promise<{ done: R[]; rest: T[] }> {
  const [done, rest]: [R[], T[]] = [[], []];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) {
      if (index < width || mayBegin()) done.push(await work(item));
      else rest.push(item);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return { done, rest };
}

function logAttempt(
  { env }: WorkerContext,
  { id, endpointId, eventId, requestId }: ClaimedDelivery,
  { result }: AttemptOutcome,
) {
  const { attempt, status, statusCode, durationMs, reason, state } = result;
  const how = { attempt, statusCode, durationMs, reason, state };
  const level = status === 'delivered' ? 'info' : 'warn';
  log(env.logLevel, level, 'delivery', { requestId, eventId, deliveryId: id, endpointId, ...how });
}
