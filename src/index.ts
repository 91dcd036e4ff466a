import { uuidv7 } from 'uuidv7';
import type { Background } from './delivery/background.ts';
import { consume } from './delivery/consume.ts';
import { relay } from './delivery/relay.ts';
import { readEnv } from './env.ts';
import { openExchange } from './http/exchange.ts';
import { runJobs } from './jobs/index.ts';
import { logFault } from './model/log.ts';
import { respond } from './routes.ts';

function background(raw: object): Background {
  const env = readEnv(raw);
  return {
    env,
    session: env.database,
    now: Date.now,
    newId: uuidv7,
    random: Math.random,
    fetch: (...request) => fetch(...request),
  };
}

export default {
  async fetch(request, raw, context) {
    const env = readEnv(raw);
    const committed = (eventIds: readonly string[]) => {
      // Whatever fails to be sent here is still in the outbox, where the sweep finds it.
      if (eventIds.length > 0) context.waitUntil(relay(env, eventIds).catch((error) => logFault('relay', error)));
    };
    return respond(openExchange(env, request, { now: Date.now(), newId: uuidv7, committed }));
  },

  // Errors are not thrown to the platform, which would log their text with whatever it holds.
  async queue(batch, raw) {
    await consume(background(raw), batch).catch((error) => {
      logFault(`queue ${batch.queue}`, error);
      batch.retryAll();
    });
  },

  async scheduled(controller, raw) {
    await runJobs(background(raw), controller.cron).catch((error) => {
      logFault(`cron ${controller.cron}`, error);
      throw new Error('a job failed');
    });
  },
} satisfies ExportedHandler<object>;
