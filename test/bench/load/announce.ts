import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DeliveryScenario } from '../delivery-scenarios.ts';
import { resellerId } from '../servers/database.ts';
import type { Launched } from '../servers/launch.ts';
import { type Call, expectAnswer, sendLoad } from './load.ts';
import type { Receiver } from './receiver.ts';

export const scopes = 'webhook:write reseller:organization:create';

const eventType = 'reseller.organization.created';
const concurrency = 8;

/** Makes the endpoints of a scenario, live and dead ones by turns. */
export async function addEndpoints(launched: Launched, receiver: Receiver, { live, dead }: DeliveryScenario) {
  const counts = { live, refusing: dead / 2, silent: dead / 2 };
  const kinds = ['live', 'refusing', 'silent'] as const;
  const urls = Array.from({ length: live + dead }, (_, index) =>
    kinds.filter((kind) => index < counts[kind]).map((kind) => receiver.address(kind, index)),
  ).flat();
  const limits = { requests: urls.length, timeMs: 60_000, concurrency };
  await sendLoad(launched.running.origin, (index) => post(launched, '/v3/webhooks', newWebhook(urls[index])), limits);
}

/** Commits events: at their rate, or as fast as the API takes them and no longer than `timeMs`. */
export async function commitEvents(launched: Launched, { events, perSecond }: DeliveryScenario, timeMs: number) {
  const { origin } = launched.running;
  const call = () => post(launched, `/v3/resellers/${resellerId}/organizations`, newOrganization());
  if (perSecond === undefined) {
    await sendLoad(origin, call, { requests: events, timeMs, concurrency });
    return;
  }
  const commit = async (_: unknown, index: number) => {
    await sleep((index / perSecond) * 1_000);
    await expectAnswer(origin, call());
  };
  await Promise.all(Array.from({ length: events }, commit));
}

function post({ token }: Launched, path: string, body: unknown): Call {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  return { method: 'POST', path, headers, body: JSON.stringify(body), expect: 201 };
}

function newWebhook(url = '') {
  const token = `whsec_${randomBytes(32).toString('base64')}`;
  return { name: 'Bench', url, token, enabled: true, events: [eventType] };
}

function newOrganization() {
  const id = randomUUID();
  return { name: id, email: `${id}@example.com`, allowedUsers: -1 };
}
