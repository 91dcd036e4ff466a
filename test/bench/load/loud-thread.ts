/** The thread of loud-tenant.ts: sends on a clock until it is told to stop, then says what it was given. */
import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { type Call, expectAnswer } from './load.ts';
import type { LoudTenant, Outcome } from './loud-tenant.ts';

const { origin, resellerId, tokens, perSecond }: LoudTenant = workerData;
/** What the tenant creates again and again: as long as may be, so that each event is large. */
const description = 'x'.repeat(256);
const users = `/v3/resellers/${resellerId}/users`;
const heavy = [`${users}?page=1&search=zzzz`, `${users}?page=15&limit=100`, `${users}?name%5Bcn%5D=zz`];

let stopped = false;
const outcome: Outcome = { served: 0, refused: 0 };
parentPort?.once('message', () => {
  stopped = true;
});
await Promise.all(tokens.map(send));
parentPort?.postMessage(outcome);

/** Sends by one credential, one request after the other; it does not wait for `Retry-After`. */
async function send(token: string): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const start = performance.now();
  for (let index = 0; !stopped; index++) {
    await sleep(Math.max(0, start + (index * 1_000 * tokens.length) / perSecond - performance.now()));
    await expectAnswer(new URL(origin), nextCall(index, token), agent).then(
      () => void outcome.served++,
      (error: Error) => {
        if (!error.message.includes(': 429 ')) throw error;
        outcome.refused++;
      },
    );
  }
  agent.destroy();
}

/** The dearest requests: searches, deep pages and writes with long texts. */
function nextCall(index: number, token: string): Call {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const path = heavy[(index >> 1) % heavy.length];
  if (index % 2 === 1 && path !== undefined) return { method: 'GET', path, headers, expect: 200 };
  const body = JSON.stringify({ name: randomUUID(), email: 'it@example.com', allowedUsers: -1, description });
  return { method: 'POST', path: `/v3/resellers/${resellerId}/organizations`, headers, body, expect: 201 };
}
