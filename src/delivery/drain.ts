import { type ClaimedDelivery, openDrain, type Step } from '../db/drain.ts';
import { stepDrain } from '../db/settle.ts';
import { suspendWebhook } from '../domain/suspension.ts';
import {
  CLOCK_SKEW_MS,
  QUEUE_DELAY_MAX_SECONDS,
  WEBHOOK_CLAIM_ROUNDS,
  WEBHOOK_DRAIN_MS,
  WEBHOOK_LEASE_MS,
} from '../model/limits.ts';
import { attempt, type Outcome } from './attempt.ts';
import type { Background } from './background.ts';
import { relay, wake } from './relay.ts';

/**
 * Serves endpoints: takes those that nobody else serves, and attempts what is due over so many connections each, until
 * nothing is or its time is up. Gives the work still to do, one for each endpoint that has any.
 *
 * A queue message only says that work may be waiting. The batch of a consumer is no larger than its connections, each
 * endpoint has its own, and none is waited for before the batch is acknowledged: a slow one holds up nobody else's.
 */
export async function drain(
  background: Background,
  endpointIds: readonly string[],
  connections: number,
): Promise<(() => Promise<void>)[]> {
  const { session, now, newId } = background;
  const startedAt = now();
  const hold = { lease: newId(), until: startedAt + WEBHOOK_LEASE_MS };
  const steps = await openDrain(session, { ...hold, endpointIds }, claims(startedAt, connections));
  const serve = async (first: Step) => {
    const { endpointId } = first;
    let disabled = false;
    const mayBegin = () => !disabled && now() < startedAt + WEBHOOK_DRAIN_MS;
    const attemptOne = async (delivery: ClaimedDelivery) => {
      const outcome = await attempt(background, delivery);
      disabled ||= outcome.disable;
      return outcome;
    };
    for (let step: Step | null = first; step !== null && step.claimed.length > 0; ) {
      const outcomes = await inParallel(step.claimed, connections, mayBegin, attemptOne);
      const results = outcomes.map(({ result }) => result);
      const allAttempted = results.length === step.claimed.length;
      const given = { ...claims(now(), mayBegin() ? connections : 0), allAttempted };
      step = await stepDrain(session, { ...hold, endpointIds: [endpointId] }, results, given);
      await follow(background, endpointId, outcomes, step);
      if (step?.claimed.length === 0 && step.more) await wake(background.env, [{ wake: { endpointId } }]);
    }
  };
  return steps.filter(({ claimed }) => claimed.length > 0).map((step) => () => serve(step));
}

function claims(nowMs: number, connections: number) {
  return { now: nowMs, dueBy: nowMs + CLOCK_SKEW_MS, limit: connections * WEBHOOK_CLAIM_ROUNDS };
}

/** Works through the items over so many connections. Those that may not begin any more are left out. */
async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  mayBegin: () => boolean,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) if (index < width || mayBegin()) results.push(await work(item));
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}

/** Sets a timer for each attempt to be made again, and suspends the endpoint where it is time. */
async function follow(
  { env, session, now, newId }: Background,
  endpointId: string,
  outcomes: readonly Outcome[],
  step: Step | null,
): Promise<void> {
  if (step?.hopeless || outcomes.some(({ disable }) => disable)) {
    const eventId = await suspendWebhook(session, endpointId, { now: now(), newId });
    if (eventId !== null) return relay(env, [eventId]);
  }
  const again = outcomes.filter(({ result }) => result.state === 'pending');
  await wake(
    env,
    again.map(({ result }) => ({ wake: { endpointId }, delaySeconds: secondsUntil(result.nextAttemptAt, now()) })),
  );
}

/** The plan stands in D1; a message with a delay only wakes somebody up in time. */
function secondsUntil(timeMs: number | null, nowMs: number): number {
  const seconds = Math.ceil(((timeMs ?? nowMs) - nowMs) / 1000);
  return Math.min(QUEUE_DELAY_MAX_SECONDS, Math.max(0, seconds));
}
