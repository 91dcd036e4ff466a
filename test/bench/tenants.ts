import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import type { Bundle } from './bundle.ts';
import { addClient, requestToken } from './credentials.ts';
import { firstCreatedAt, resellerId } from './database.ts';
import { type Launched, launchOurs } from './launch.ts';
import { type Call, expectAnswer } from './load.ts';
import { cpuMsWhenIdle } from './process.ts';
import { type Sample, sendSteadily } from './steady.ts';

export const quietAsks = ['get', 'list', 'create'] as const;
export type QuietAsk = (typeof quietAsks)[number];

/** What a quiet tenant met while another used up its budgets and while it did not, in turns of the same length. */
export type Tenants = {
  alone: Sample<QuietAsk>[][];
  beside: Sample<QuietAsk>[][];
  /** What the loud tenant was given and refused, and what its day has by then. */
  served: number;
  refused: number;
  bytes: number;
};

const scopes =
  'reseller:user:read reseller:organization:read reseller:organization:create reseller:organization:update';
/** The quotas as they are unless set otherwise; one machine sends everything, so that its address is no measure. */
const settings = {
  RATE_LIMIT: '',
  RATE_LIMIT_ADDRESS: '1000000000',
  TENANT_HEAVY_READS: '',
  TENANT_MEGABYTES_PER_DAY: '',
  TENANT_EMAILS_PER_DAY: '',
};
/** As many connections as made another tenant's reads twenty times as slow before there were budgets. */
const connections = 4;
const perSecond = 40;
const turnMs = 10_000;
const warmUpMs = 4_000;
const turns = 8;
const quietId = '01900000-0000-7000-a000-000000000000';
/** What the loud tenant patches again and again: as long as may be, so that each event is large. */
const description = 'x'.repeat(256);

/** Sends a steady load for one tenant, in turns with another at full speed by several credentials. */
export async function measureTenants(code: Bundle): Promise<Tenants> {
  const launched = await launchOurs(code, scopes, settings);
  try {
    return await measure(launched);
  } finally {
    await launched.running.stop();
  }
}

async function measure({ running }: Launched): Promise<Tenants> {
  const { origin, db, pid } = running;
  await addQuietTenant(db);
  const tokenFor = async (tenant: string) => requestToken(origin, await addClient(db, scopes, tenant));
  const quiet = await tokenFor(quietId);
  const { body } = await expectAnswer(origin, create(quietId, quiet, {}));
  const own = String(JSON.parse(body).id);
  const loud = await Promise.all(Array.from({ length: connections }, () => tokenFor(resellerId)));
  const load = (timeMs: number) =>
    sendSteadily(origin, (index) => nextOfQuiet(index, own, quiet), { perSecond, timeMs });
  const found: Tenants = { alone: [], beside: [], served: 0, refused: 0, bytes: 0 };
  const sides = {
    alone: async () => void found.alone.push(await load(turnMs)),
    beside: async () => {
      const stop = new AbortController();
      const shouting = loud.map((token) => shout(origin, token, stop.signal, found));
      found.beside.push(await load(turnMs));
      stop.abort();
      await Promise.all(shouting);
    },
  };
  await cpuMsWhenIdle(pid);
  await load(warmUpMs);
  for (let turn = 0; turn < turns; turn++) {
    for (const side of turn % 2 === 0 ? (['alone', 'beside'] as const) : (['beside', 'alone'] as const)) {
      await sides[side]();
      await cpuMsWhenIdle(pid);
    }
  }
  const day = db.prepare('select sum(bytes) as bytes from tenant_days where reseller_id = ?').bind(resellerId);
  found.bytes = (await day.first<number>('bytes')) ?? 0;
  return found;
}

async function addQuietTenant(db: D1Database): Promise<void> {
  await db
    .prepare(
      `insert into resellers (id, name, name_key, email, email_key, description, allowed_users, allowed_organizations,
        created_at, updated_at) values (?1, 'Quiet', 'quiet', 'q@example.com', 'q@example.com', '', -1, -1, ?2, ?2)`,
    )
    .bind(quietId, firstCreatedAt)
    .run();
}

/** Asks for one thing after the other, and for the next at once where it is refused. */
async function shout(
  origin: URL,
  token: string,
  signal: AbortSignal,
  found: Pick<Tenants, 'served' | 'refused'>,
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let index = 0; !signal.aborted; index++) {
    await expectAnswer(origin, nextOfLoud(index, token), agent).then(
      () => void found.served++,
      (error: Error) => {
        if (!error.message.includes(': 429 ')) throw error;
        found.refused++;
      },
    );
  }
  agent.destroy();
}

const headersOf = (token: string) => ({ Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' });
const create = (tenant: string, token: string, fields: object): Call => ({
  method: 'POST',
  path: `/v3/resellers/${tenant}/organizations`,
  headers: headersOf(token),
  body: JSON.stringify({ name: randomUUID(), email: 'it@example.com', allowedUsers: -1, ...fields }),
  expect: 201,
});
const get = (path: string, token: string): Call => ({ method: 'GET', path, headers: headersOf(token), expect: 200 });

/** Of what costs the most: searches, deep pages and writes with long texts. */
function nextOfLoud(index: number, token: string): Call {
  const users = `/v3/resellers/${resellerId}/users`;
  const heavy = [`${users}?page=1&search=zzzz`, `${users}?page=15&limit=100`, `${users}?name%5Bcn%5D=zz`];
  if (index % 2 === 0) return create(resellerId, token, { description });
  return get(heavy[(index >> 1) % heavy.length] ?? users, token);
}

function nextOfQuiet(index: number, own: string, token: string): { kind: QuietAsk; call: Call } {
  if (index % 5 === 1) return { kind: 'list', call: get(`/v3/resellers/${quietId}/organizations?limit=50`, token) };
  if (index % 5 === 3) return { kind: 'create', call: create(quietId, token, {}) };
  return { kind: 'get', call: get(`/v3/resellers/${quietId}/organizations/${own}`, token) };
}
