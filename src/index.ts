import { uuidv7 } from 'uuidv7';
import { consume } from './delivery/consume.ts';
import { queueEmails, relay, sendTasks } from './delivery/relay.ts';
import type { WorkerContext } from './delivery/worker-context.ts';
import { checkEnv, readEnv } from './env.ts';
import { type FollowUp, openRequestContext } from './http/request-context.ts';
import { runJobs } from './jobs/index.ts';
import { misconfigured } from './misconfigured.ts';
import { log, logFault } from './model/log.ts';
import { respond } from './respond.ts';

function worker(raw: object, execution: ExecutionContext): WorkerContext {
  const env = readEnv(raw);
  return {
    env,
    db: env.database,
    now: Date.now,
    newId: uuidv7,
    random: Math.random,
    fetch: (...request) => fetch(...request),
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    detach: (work) => execution.waitUntil(work.catch((error) => logFault('detached', error))),
  };
}

export default {
  async fetch(request, raw, execution) {
    const env = checkEnv(raw);
    if (env instanceof Error) return misconfigured(env);
    // The sweep relays what fails here.
    const send = (where: string, work: Promise<unknown>) =>
      execution.waitUntil(work.catch((error) => logFault(where, error, context.requestId)));
    const runAfterCommit = ({ eventIds, tasks, emailIds, mail }: FollowUp) => {
      if (eventIds.length > 0) send('relay', relay(env, eventIds));
      if (tasks.length > 0) send('wake', sendTasks(env, tasks));
      if (emailIds?.length) send('emails', queueEmails(env, emailIds));
      if (mail)
        send(
          'mail',
          mail.then((id) => queueEmails(env, [id])),
        );
    };
    const waitUntil = (work: Promise<unknown>) => execution.waitUntil(work.catch(() => {}));
    const runtime = { now: Date.now(), clock: Date.now, newId: uuidv7, runAfterCommit, waitUntil };
    const context = openRequestContext(env, request, runtime);
    return respond(context);
  },

  // The platform would log the full text of a thrown error.
  async queue(batch, raw, execution) {
    const context = worker(raw, execution);
    const startedAt = context.now();
    const succeeded = await consume(context, batch).then(
      () => true,
      (error) => {
        logFault(`queue ${batch.queue}`, error);
        batch.retryAll();
        return false;
      },
    );
    const durationMs = context.now() - startedAt;
    log(context.env.logLevel, 'info', 'queue', {
      queue: batch.queue,
      messages: batch.messages.length,
      taken: succeeded,
      durationMs,
    });
  },

  async scheduled(controller, raw, execution) {
    await runJobs(worker(raw, execution), controller.cron).catch((error) => {
      logFault(`cron ${controller.cron}`, error);
      throw new Error('a job failed');
    });
  },
} satisfies ExportedHandler<object>;
