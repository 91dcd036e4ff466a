import { recordDeadLetters } from '../db/jobs/jobs.ts';
import type { EmailMessage, EventMessage } from '../env.ts';
import { WEBHOOK_CONNECTIONS } from '../model/limits/index.ts';
import { log } from '../model/log.ts';
import type { Task } from '../model/webhooks/webhook.ts';
import { deliver } from './deliver.ts';
import { sendEmails } from './emails.ts';
import { fanOut } from './fanout.ts';
import { purgeStorageAccount } from './purge-storage.ts';
import { recover } from './recovery-scan.ts';
import { runOrganizationRemoval } from './remove-organization.ts';
import { writeStatusMails } from './status-mails.ts';
import type { WorkerContext } from './worker-context.ts';

/** A consumer that throws receives its whole batch again. */
export const consumers: Readonly<Record<string, (worker: WorkerContext, batch: MessageBatch) => Promise<void>>> = {
  'reseller-edge-events': (worker, { messages }) =>
    fanOut(
      worker,
      messages.map(({ body }) => (body as EventMessage).eventId),
    ),
  'reseller-edge-tasks': (worker, { messages }) =>
    dispatchTasks(
      worker,
      messages.map(({ body }) => body as Task),
    ),
  'reseller-edge-emails': (worker, { messages }) =>
    sendEmails(
      worker,
      messages.map(({ body }) => (body as EmailMessage).emailId),
    ),
  'reseller-edge-dead': ({ env, db, now }, { messages }) => {
    const letters = messages.map(({ id, body }) => ({ id, message: JSON.stringify(body) }));
    for (const { id, message } of letters) log(env.logLevel, 'error', 'dead letter', { id, message });
    return recordDeadLetters(db, letters, now());
  },
};

/** Throws for an unknown queue, so that its messages are retried. */
export async function consume(worker: WorkerContext, batch: MessageBatch): Promise<void> {
  const consumer = consumers[batch.queue];
  if (consumer === undefined) throw new Error(`no consumer for the queue ${batch.queue}`);
  await consumer(worker, batch);
}

/** Starts the work without waiting for it, and divides the connections. */
async function dispatchTasks(worker: WorkerContext, tasks: readonly Task[]): Promise<void> {
  const endpoints = idsIn(tasks, 'endpointId');
  const share = Math.max(1, Math.floor(WEBHOOK_CONNECTIONS / Math.max(1, endpoints.size)));
  for (const work of await deliver(worker, [...endpoints], share)) worker.detach(work());
  for (const id of idsIn(tasks, 'recoveryId')) worker.detach(recover(worker, id));
  for (const id of idsIn(tasks, 'organizationId')) worker.detach(runOrganizationRemoval(worker, id));
  for (const id of idsIn(tasks, 'storageAccountId')) worker.detach(purgeStorageAccount(worker, id));
  for (const id of idsIn(tasks, 'statusUpdateId')) worker.detach(writeStatusMails(worker, id));
}

type Key<T> = T extends unknown ? keyof T : never;

function idsIn(tasks: readonly Task[], key: Key<Task>): Set<string> {
  return new Set(tasks.flatMap((task) => (key in task ? Object.values(task) : [])));
}
