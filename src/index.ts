import { uuidv7 } from 'uuidv7';
import type { Background } from './delivery/background.ts';
import { consume } from './delivery/consume.ts';
import { queueMails, relay, wake } from './delivery/relay.ts';
import { checkEnv, readEnv } from './env.ts';
import { type FollowUp, openExchange } from './http/exchange.ts';
import { runJobs } from './jobs/index.ts';
import { misconfigured } from './misconfigured.ts';
import { log, logFault } from './model/log.ts';
import { respond } from './respond.ts';

function background(raw: object, context: ExecutionContext): Background {
  const env = readEnv(raw);
  return {
    env,
    session: env.database,
    now: Date.now,
    newId: uuidv7,
    random: Math.random,
    fetch: (...request) => fetch(...request),
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    detach: (work) => context.waitUntil(work.catch((error) => logFault('detached', error))),
  };
}

export default {
  async fetch(request, raw, context) {
    const env = checkEnv(raw);
    if (env instanceof Error) return misconfigured(env);
    // Whatever fails to be sent here stands in the database, where the sweep finds it.
    const send = (where: string, work: Promise<unknown>) =>
      context.waitUntil(work.catch((error) => logFault(where, error, exchange.requestId)));
    const committed = ({ raised, wakes, mails, mail }: FollowUp) => {
      if (raised.length > 0) send('relay', relay(env, raised));
      if (wakes.length > 0) send('wake', wake(env, wakes));
      if (mails?.length) send('mails', queueMails(env, mails));
      if (mail)
        send(
          'mail',
          mail.then((id) => queueMails(env, [id])),
        );
    };
    const outlive = (work: Promise<unknown>) => context.waitUntil(work.catch(() => {}));
    const given = { now: Date.now(), clock: Date.now, newId: uuidv7, committed, outlive };
    const exchange = openExchange(env, request, given);
    return respond(exchange);
  },

  // Errors are not thrown to the platform, which would log their text with whatever it holds.
  async queue(batch, raw, context) {
    const world = background(raw, context);
    const startedAt = world.now();
    const taken = await consume(world, batch).then(
      () => true,
      (error) => {
        logFault(`queue ${batch.queue}`, error);
        batch.retryAll();
        return false;
      },
    );
    const durationMs = world.now() - startedAt;
    log(world.env.logLevel, 'info', 'queue', {
      queue: batch.queue,
      messages: batch.messages.length,
      taken,
      durationMs,
    });
  },

  async scheduled(controller, raw, context) {
    await runJobs(background(raw, context), controller.cron).catch((error) => {
      logFault(`cron ${controller.cron}`, error);
      throw new Error('a job failed');
    });
  },
} satisfies ExportedHandler<object>;
