import { resolve } from 'node:path';
import { unstable_readConfig } from 'wrangler';
import { type Bundle, bundle } from './bundle.ts';
import { addClient, forge, freshSecrets, requestToken } from './credentials.ts';
import { fillDatabase, resellerId, seededUsers, userId } from './database.ts';
import { type Call, expectAnswer } from './load.ts';
import { deepRow, newUser, pageSize, type Subject, type Work } from './scenarios.ts';
import { type Bindings, startWorkerd, type Triggers } from './workerd.ts';

type Consumer = {
  queue: string;
  max_batch_size?: number;
  max_batch_timeout?: number;
  max_retries?: number;
  retry_delay?: number;
  dead_letter_queue?: string;
};

const config = 'wrangler.toml';
const users = `/v3/resellers/${resellerId}/users`;
const list = `${users}?limit=${pageSize}`;

/** The bundle as it is deployed. */
export function bundleOurs(folder: string): Promise<Bundle> {
  return bundle(config, folder);
}

/** The same with a hash that costs nothing: every create of v3 needs a password. */
export function bundleOursUnhashed(folder: string): Promise<Bundle> {
  return bundle(config, folder, '--alias', `@phi-ag/argon2:${resolve(import.meta.dirname, 'free-argon2.ts')}`);
}

/** Starts our Worker over a filled database, with its queues, secrets and a client's token. */
export async function startOurs(code: Bundle): Promise<Subject> {
  const running = await startWorkerd(code, bindingsOf(code), consumers());
  try {
    await fillDatabase(running.db);
    const token = await requestToken(running.origin, await addClient(running.db));
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    const deepPage = await findDeepPage(running.origin, headers);
    return { running, call: (work, index) => callOf(work, index, token, headers, deepPage) };
  } catch (error) {
    await running.stop();
    throw error;
  }
}

function callOf(work: Work, index: number, token: string, headers: Record<string, string>, deepPage: string): Call {
  const oneUser = `${users}/${userId(index % seededUsers)}`;
  switch (work) {
    case 'getUser':
    case 'getUserInSession':
      return { method: 'GET', path: oneUser, headers, expect: 200 };
    case 'refuse':
      return { method: 'GET', path: oneUser, headers: { Authorization: `Bearer ${forge(token)}` }, expect: 401 };
    case 'listFirst':
    case 'listFirstInSession':
      return { method: 'GET', path: list, headers, expect: 200 };
    case 'listDeep':
      return { method: 'GET', path: deepPage, headers, expect: 200 };
    case 'createBare':
    case 'createHashed':
      return { method: 'POST', path: users, headers, body: JSON.stringify(newUser()), expect: 201 };
  }
}

/** Follows `Link: <…>; rel="next"` to the page that starts at the deep row. */
async function findDeepPage(origin: URL, headers: Record<string, string>): Promise<string> {
  let path = list;
  for (let row = 0; row < deepRow; row += pageSize) {
    const { link } = await expectAnswer(origin, { method: 'GET', path, headers, expect: 200 });
    const next = /<([^>]+)>;\s*rel="next"/.exec(link)?.[1];
    if (next === undefined) throw new Error(`no next page at row ${row}`);
    const { pathname, search } = new URL(next, origin);
    path = pathname + search;
  }
  return path;
}

/** The upload's own bindings, plus the secrets, which are no part of it; static files are left out. */
function bindingsOf(code: Bundle): Bindings {
  const env: Bindings = {};
  for (const { name, type, queue_name, text } of code.bindings) {
    if (type === 'queue' && queue_name !== undefined) env[name] = { type: 'queue', name: queue_name };
    if (type === 'plain_text' && text !== undefined) env[name] = { type: 'text', value: text };
  }
  for (const [name, value] of Object.entries(freshSecrets())) env[name] = { type: 'text', value };
  return env;
}

/** The consumers of the configuration; an upload doesn't carry them. */
function consumers(): Triggers {
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
