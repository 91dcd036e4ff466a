import { readFile } from 'node:fs/promises';
import { Response } from 'miniflare';
import { unstable_readConfig } from 'wrangler';
import type { Bundle } from './bundle.ts';
import { addClient, freshSecrets, requestToken } from './credentials.ts';
import { fillDatabase } from './database.ts';
import { type Bindings, type Running, startWorkerd, type Triggers } from './workerd.ts';

type Consumer = {
  queue: string;
  max_batch_size?: number;
  max_batch_timeout?: number;
  max_retries?: number;
  retry_delay?: number;
  dead_letter_queue?: string;
};

/** Our Worker, and an access token of a client that has `scopes`; another one for work that outlives it. */
export type Launched = { running: Running; token: string; renewToken: () => Promise<string> };

/** Starts our Worker over a filled database, with its queues and secrets; `settings` go before its own. */
export async function launchOurs(
  code: Bundle,
  scopes: string,
  settings: Record<string, string> = {},
): Promise<Launched> {
  const running = await startWorkerd(code, bindingsOf(code, settings), consumers());
  try {
    await fillDatabase(running.db);
    const client = await addClient(running.db, scopes);
    const renewToken = () => requestToken(running.origin, client);
    return { running, token: await renewToken(), renewToken };
  } catch (error) {
    await running.stop();
    throw error;
  }
}

/** The upload's own bindings, plus the secrets, which are no part of it; static files are those in dist. */
function bindingsOf(code: Bundle, settings: Record<string, string>): Bindings {
  const env: Bindings = {};
  for (const { name, type, queue_name, bucket_name, text } of code.bindings) {
    if (type === 'queue' && queue_name !== undefined) env[name] = { type: 'queue', name: queue_name };
    if (type === 'r2_bucket' && bucket_name !== undefined) env[name] = { type: 'r2', name: bucket_name };
    if (type === 'assets') env[name] = { type: 'fetcher', handler: staticFile };
    if (type === 'plain_text' && text !== undefined) env[name] = { type: 'text', value: text };
  }
  const given = { ...freshSecrets(), ...settings };
  for (const [name, value] of Object.entries(given)) env[name] = { type: 'text', value };
  return env;
}

async function staticFile({ url }: { readonly url: string }): Promise<Response> {
  return new Response(await readFile(`dist/assets${new URL(url).pathname}`));
}

/** The consumers of the configuration; an upload doesn't carry them. */
function consumers(): Triggers {
  const config = 'wrangler.toml';
  const { consumers: configured = [] }: { consumers?: Consumer[] } = unstable_readConfig({ config }).queues;
  return configured.map((consumer) => ({
    type: 'queue',
    name: consumer.queue,
    maxBatchSize: consumer.max_batch_size,
    maxBatchTimeout: consumer.max_batch_timeout,
    maxRetries: consumer.max_retries,
    retryDelay: consumer.retry_delay,
    deadLetterQueue: consumer.dead_letter_queue,
  }));
}
