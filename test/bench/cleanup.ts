import { setTimeout as sleep } from 'node:timers/promises';
import { countExpired, expiredRows, seedExpired } from './load/expired.ts';
import type { Call } from './load/load.ts';
import { type Sample, sendSteadily } from './load/steady.ts';
import type { Bundle } from './servers/bundle.ts';
import { resellerId, seededUsers, userId } from './servers/database.ts';
import { type Launched, launchOurs } from './servers/launch.ts';
import { cpuMsWhenIdle } from './servers/process.ts';

export const asked = ['get', 'list', 'create'] as const;
export type Asked = (typeof asked)[number];

/** What requests met while the cleanup ran and while it did not, in turns of the same length. */
export type Cleanup = {
  rows: number;
  left: number;
  /** How long the cleanup ran in all. */
  cleaningMs: number;
  /** Turn by turn; those of the same number ran side by side. */
  without: Sample<Asked>[][];
  with: Sample<Asked>[][];
};

const cron = '* * * * *';
const scopes = 'reseller:user:read reseller:organization:create';
/** A tenth of what one thread can do: requests seldom wait for each other. */
const perSecond = 40;
const turnMs = 10_000;
const warmUpMs = 4_000;
/** As many turns of each side are compared; what is left then is cleaned under the same load. */
const compared = 20;
const timeMs = 1_500_000;

/** Sends a steady load to a Worker with a million expired rows, in turns with the cron on and off. */
export async function measureCleanup(code: Bundle): Promise<Cleanup> {
  const launched = await launchOurs(code, scopes);
  try {
    await seedExpired(launched.running.db);
    return await measure(launched);
  } finally {
    await launched.running.stop();
  }
}

async function measure({ running, renewToken }: Launched): Promise<Cleanup> {
  const { origin, db, pid } = running;
  let token = await renewToken();
  const load = (timeMs: number) => sendSteadily(origin, (index) => next(index, token), { perSecond, timeMs });
  const found: Cleanup = { rows: expiredRows, left: expiredRows, cleaningMs: 0, without: [], with: [] };
  const turns = {
    without: async () => {
      found.without.push(await load(turnMs));
    },
    with: async () => {
      const start = performance.now();
      const cleaning = cleanFor(running.scheduled, turnMs);
      found.with.push(await load(turnMs));
      await cleaning;
      found.cleaningMs += performance.now() - start;
    },
  };
  await cpuMsWhenIdle(pid);
  await load(warmUpMs);
  const deadline = performance.now() + timeMs;
  for (let turn = 0; found.left > 0 && performance.now() < deadline; turn++) {
    const both = turn % 2 === 0 ? (['without', 'with'] as const) : (['with', 'without'] as const);
    for (const side of turn < compared ? both : (['with'] as const)) {
      await turns[side]();
      await sleep(200);
    }
    found.left = await countExpired(db);
    token = await renewToken();
  }
  return found;
}

/** One run of the minute's jobs after the other. */
async function cleanFor(scheduled: (cron: string) => Promise<void>, forMs: number): Promise<void> {
  const end = performance.now() + forMs;
  while (performance.now() < end) await scheduled(cron);
}

let created = 0;

/** Of ten requests six get a user, two list users and two create an organization, which takes no hash. */
function next(index: number, token: string): { kind: Asked; call: Call } {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const users = `/v3/resellers/${resellerId}/users`;
  const get = (path: string): Call => ({ method: 'GET', path, headers, expect: 200 });
  if (index % 5 === 1) return { kind: 'list', call: get(`${users}?limit=50`) };
  if (index % 5 !== 3) return { kind: 'get', call: get(`${users}/${userId((index * 7919) % seededUsers)}`) };
  const body = JSON.stringify({ name: `Organization ${created++}`, email: 'it@example.com', allowedUsers: -1 });
  const path = `/v3/resellers/${resellerId}/organizations`;
  return { kind: 'create', call: { method: 'POST', path, headers, body, expect: 201 } };
}
