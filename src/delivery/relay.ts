import { findOverdueEmails, releaseEmails } from '../db/emails/emails.ts';
import { findIdleStatusUpdates } from '../db/emails/status-mails.ts';
import { findUnrelayed, markRelayed, markUnrelayedDead } from '../db/events/outbox.ts';
import { findIdlePurges } from '../db/storage/purge.ts';
import { findIdleRemovals } from '../db/users/removal.ts';
import { findOverdueEndpoints } from '../db/webhooks/overdue.ts';
import { findIdleRecoveries } from '../db/webhooks/recovery-scan.ts';
import type { Env } from '../env.ts';
import {
  EXPANSION_IDLE_MS,
  MAIL_OVERDUE_MS,
  QUEUE_SEND_MESSAGES,
  RECOVERY_IDLE_MS,
  REMOVAL_IDLE_MS,
  WEBHOOK_OVERDUE_MS,
} from '../model/limits/index.ts';
import { toChunks } from '../model/to-chunks.ts';
import type { Task } from '../model/webhooks/webhook.ts';
import type { WorkerContext } from './worker-context.ts';

async function sendAll<T>(queue: Queue<T>, messages: readonly MessageSendRequest<T>[]): Promise<void> {
  for (const group of toChunks(messages, QUEUE_SEND_MESSAGES)) await queue.sendBatch(group);
}

/** The sweep retries failures. */
export function relay(env: Env, eventIds: readonly string[]): Promise<void> {
  return sendAll(
    env.events,
    eventIds.map((eventId) => ({ body: { eventId } })),
  );
}

/** Sends before marking: a crash repeats a message and loses none. */
export async function relayOverdue({ env, db, now }: WorkerContext): Promise<number> {
  await markUnrelayedDead(db, now());
  const eventIds = await findUnrelayed(db, now());
  if (eventIds.length === 0) return 0;
  await relay(env, eventIds);
  await markRelayed(db, eventIds, now());
  return eventIds.length;
}

export function sendTasks(env: Env, tasks: readonly Task[]): Promise<void> {
  return setTimers(
    env,
    tasks.map((body) => ({ body, delaySeconds: 0 })),
  );
}

export type Timer = { readonly body: Task; readonly delaySeconds: number };

export function setTimers(env: Env, timers: readonly Timer[]): Promise<void> {
  return sendAll(env.tasks, timers);
}

export async function sendOverdueTasks({ env, db, now }: WorkerContext): Promise<number> {
  const endpoints = await findOverdueEndpoints(db, { now: now(), before: now() - WEBHOOK_OVERDUE_MS });
  const recoveries = await findIdleRecoveries(db, now() - RECOVERY_IDLE_MS);
  return sendTasksOf(env, [...endpoints, ...recoveries]);
}

async function sendTasksOf(env: Env, tasks: readonly Task[]): Promise<number> {
  await sendTasks(env, tasks);
  return tasks.length;
}

export async function sendRemovalTasks({ env, db, now }: WorkerContext): Promise<number> {
  const before = now() - REMOVAL_IDLE_MS;
  return sendTasksOf(env, [...(await findIdleRemovals(db, before)), ...(await findIdlePurges(db, before))]);
}

export async function sendStatusMailTasks({ env, db, now }: WorkerContext): Promise<number> {
  return sendTasksOf(env, await findIdleStatusUpdates(db, now() - EXPANSION_IDLE_MS));
}

export function queueEmails(env: Env, emailIds: readonly string[], delaySeconds = 0): Promise<void> {
  return sendAll(
    env.emails,
    emailIds.map((emailId) => ({ body: { emailId }, delaySeconds })),
  );
}

export async function sendReleasedEmails({ env, db, now }: WorkerContext): Promise<number> {
  const emailIds = await releaseEmails(db, now());
  await queueEmails(env, emailIds);
  return emailIds.length;
}

export async function sendOverdueEmails({ env, db, now }: WorkerContext): Promise<number> {
  const emailIds = await findOverdueEmails(db, now() - MAIL_OVERDUE_MS);
  await queueEmails(env, emailIds);
  return emailIds.length;
}
