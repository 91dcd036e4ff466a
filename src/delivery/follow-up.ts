import type { AttemptRecord } from '../db/webhooks/record.ts';
import { suspendWebhook } from '../domain/webhooks/suspension.ts';
import { logFault } from '../model/log.ts';
import type { AttemptOutcome } from './attempt.ts';
import { relay, setTimers, type Timer } from './relay.ts';
import { secondsUntil } from './schedule.ts';
import type { WorkerContext } from './worker-context.ts';

/** The sweep replaces messages that cannot be sent. */
export async function followUp(
  worker: WorkerContext,
  done: readonly AttemptOutcome[],
  record: AttemptRecord,
): Promise<void> {
  const { env, now } = worker;
  const suspended = await suspend(worker, done, record);
  const timers = suspended ? [] : timersFor(done, record, now());
  await setTimers(env, timers).catch((error) => logFault('timer', error));
}

async function suspend({ env, db, now, newId }: WorkerContext, done: readonly AttemptOutcome[], record: AttemptRecord) {
  const disabling = done.find(({ disable }) => disable);
  if (disabling === undefined && !record.shouldSuspend) return false;
  const options = { attemptedUrl: disabling?.url ?? null, now: now(), newId };
  const eventId = await suspendWebhook(db, record.endpointId, options);
  if (eventId === null) return false;
  await relay(env, [eventId]).catch((error) => logFault('relay', error));
  return true;
}

/** One timer per attempt number suffices: the plan is in D1, and all are due by the latest time. */
function timersFor(
  done: readonly AttemptOutcome[],
  { endpointId, deliveries, more }: AttemptRecord,
  nowMs: number,
): Timer[] {
  const latest = new Map<number, number>();
  for (const { result } of done) {
    if (result.nextAttemptAt === null) continue;
    latest.set(result.attempt, Math.max(result.nextAttemptAt, latest.get(result.attempt) ?? 0));
  }
  const timers = [...latest.values()].map((time) => ({
    body: { endpointId },
    delaySeconds: secondsUntil(time, nowMs),
  }));
  return deliveries.length === 0 && more ? [...timers, { body: { endpointId }, delaySeconds: 0 }] : timers;
}
