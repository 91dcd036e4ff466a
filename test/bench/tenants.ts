import { randomUUID } from 'node:crypto';
import { type Call, expectAnswer } from './load/load.ts';
import { startLoudTenant } from './load/loud-tenant.ts';
import { type Sample, sendSteadily } from './load/steady.ts';
import type { Bundle } from './servers/bundle.ts';
import { addClient, requestToken } from './servers/credentials.ts';
import { firstCreatedAt, resellerId } from './servers/database.ts';
import { type Launched, launchOurs } from './servers/launch.ts';
import { cpuMsWhenIdle } from './servers/process.ts';

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
/** The loud tenant's credentials, and its requests a second: half writes, half heavy reads, all more than its budgets. */
const loudCredentials = 4;
const loudPerSecond = 600;
const perSecond = 40;
const turnMs = 10_000;
const warmUpMs = 4_000;
const turns = 8;
const quietId = '01900000-0000-7000-a000-000000000000';

/** Sends a steady load for one tenant, in turns with and without another that sends more than its budgets allow. */
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
  const { body } = await expectAnswer(origin, create(quietId, quiet));
  const own = String(JSON.parse(body).id);
  const loud = await Promise.all(Array.from({ length: loudCredentials }, () => tokenFor(resellerId)));
  const load = (timeMs: number) =>
    sendSteadily(origin, (index) => nextOfQuiet(index, own, quiet), { perSecond, timeMs });
  const found: Tenants = { alone: [], beside: [], served: 0, refused: 0, bytes: 0 };
  const sides = {
    alone: async () => void found.alone.push(await load(turnMs)),
    beside: async () => {
      const tenant = startLoudTenant({ origin: origin.href, resellerId, tokens: loud, perSecond: loudPerSecond });
      found.beside.push(await load(turnMs));
      const { served, refused } = await tenant.stop();
      found.served += served;
      found.refused += refused;
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

const headersOf = (token: string) => ({ Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' });
const create = (tenant: string, token: string): Call => ({
  method: 'POST',
  path: `/v3/resellers/${tenant}/organizations`,
  headers: headersOf(token),
  body: JSON.stringify({ name: randomUUID(), email: 'it@example.com', allowedUsers: -1 }),
  expect: 201,
});
const get = (path: string, token: string): Call => ({ method: 'GET', path, headers: headersOf(token), expect: 200 });

function nextOfQuiet(index: number, own: string, token: string): { kind: QuietAsk; call: Call } {
  if (index % 5 === 1) return { kind: 'list', call: get(`/v3/resellers/${quietId}/organizations?limit=50`, token) };
  if (index % 5 === 3) return { kind: 'create', call: create(quietId, token) };
  return { kind: 'get', call: get(`/v3/resellers/${quietId}/organizations/${own}`, token) };
}
