import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HEAVY_READ_MAX_MS } from '../../src/model/limits/index.ts';
import { asker, limiter, moment, WINDOW_MS } from '../support/measures/rates.ts';
import { callerFor, makeReseller, newOrganization, operator } from '../support/world.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: moment });
});
afterEach(() => {
  vi.useRealTimers();
});

const bearer = ({ token }: { readonly token: string }) => ({ Authorization: `Bearer ${token}` });

/** A tenant with two credentials. */
async function makeTenant() {
  const { id, base, api } = await makeReseller();
  return { id, base, one: bearer(api), two: bearer(await callerFor(id)) };
}

const organization = () => ({ method: 'POST', body: JSON.stringify(newOrganization()) });
const json = { 'Content-Type': 'application/json' };

test('all credentials of a tenant share its requests, and no other tenant notices', async () => {
  const ask = asker({ RATE_LIMIT_TENANT: '4' });
  const [loud, quiet] = [await makeTenant(), await makeTenant()];
  for (const headers of [loud.one, loud.two, loud.one, loud.two])
    expect((await ask(`${loud.base}/users`, headers)).status).toBe(200);
  for (const headers of [loud.one, loud.two]) {
    const refused = await ask(`${loud.base}/users`, headers);
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({
      code: 'RATE_LIMIT_EXCEEDED',
      message: expect.stringMatching(/tenant/),
    });
    expect(refused.headers.get('Retry-After')).toBe('8');
    expect(refused.headers.get('RateLimit')).toContain('"tenant";r=0;t=8');
    expect(refused.headers.get('X-Rate-Limit-Remaining')).toBe('0');
  }
  expect((await ask(`${quiet.base}/users`, quiet.one)).status).toBe(200);
  const platform = bearer(await operator());
  for (let n = 0; n < 6; n++) expect((await ask(`${loud.base}/users`, platform)).status).toBe(200);
  vi.setSystemTime(moment + WINDOW_MS);
  expect((await ask(`${loud.base}/users`, loud.one)).status).toBe(200);
});

test('writes have a budget of their own, and reads go on above it', async () => {
  const ask = asker({ RATE_LIMIT_TENANT_WRITES: '2' });
  const { base, one, two } = await makeTenant();
  for (const headers of [one, two])
    expect((await ask(`${base}/organizations`, { ...headers, ...json }, organization())).status).toBe(201);
  const refused = await ask(`${base}/organizations`, { ...one, ...json }, organization());
  expect(refused.status).toBe(429);
  expect(refused.headers.get('RateLimit')).toContain('"tenant-writes";r=0;t=8');
  expect((await ask(`${base}/organizations`, one)).status).toBe(200);
});

test('the platform counts each tenant over all isolates', async () => {
  const usual = { RATE_LIMIT: undefined, RATE_LIMIT_ADDRESS: undefined };
  const [requests, writes, heavy] = [limiter(), limiter(), limiter()];
  const ask = asker({ ...usual, RATE_TENANT: requests, RATE_TENANT_WRITES: writes, RATE_TENANT_HEAVY: heavy });
  const { id, base, one } = await makeTenant();
  await ask(`${base}/organizations`, { ...one, ...json }, organization());
  await ask(`${base}/organizations?search=x`, one);
  expect(requests.keys).toEqual([`tenant:${id}`, `tenant:${id}`]);
  expect(writes.keys).toEqual([`tenant-writes:${id}`]);
  expect(heavy.keys).toEqual([`tenant-heavy-reads:${id}`]);
  const full = asker({ ...usual, RATE_TENANT: limiter(() => true) });
  expect((await full(`${base}/organizations`, one)).status).toBe(429);
});

/** An export that has begun and is not read on. */
async function beginExport(ask: ReturnType<typeof asker>, headers: Record<string, string>) {
  const response = await ask('/v3/audit-log.csv', headers);
  return { status: response.status, end: () => response.text(), abort: () => response.body?.cancel() };
}

test('a tenant has so many heavy reads at once, over all its credentials; each ends with its stream', async () => {
  const ask = asker({ TENANT_HEAVY_READS: '2' });
  const [loud, quiet] = [await makeTenant(), await makeTenant()];
  const running = [await beginExport(ask, loud.one), await beginExport(ask, loud.two)];
  expect(running.map(({ status }) => status)).toEqual([200, 200]);
  for (const path of ['/v3/audit-log.csv', ...heavy(loud)]) {
    const refused = await ask(path, loud.one);
    expect(refused.status, path).toBe(429);
    expect(refused.headers.get('Retry-After')).toBe('1');
  }
  // What an index answers goes on, and so do others.
  for (const path of [`${loud.base}/users`, `/v1.0/accounts/${loud.id}/users`, '/reseller/customers'])
    expect((await ask(path, loud.one)).status, path).toBe(200);
  for (const path of heavy(quiet)) expect((await ask(path, quiet.one)).status, path).toBe(200);
  const platform = bearer(await operator());
  for (const path of [...heavy(loud), '/v3/operations/metrics']) expect((await ask(path, platform)).status).toBe(200);
  await running[0]?.end();
  const next = await beginExport(ask, loud.one);
  expect(next.status).toBe(200);
  await next.abort();
  for (const path of heavy(loud)) expect((await ask(path, loud.two)).status, path).toBe(200);
});

const heavy = ({ id, base }: { readonly id: string; readonly base: string }) => [
  `${base}/users?search=zzzz`,
  `${base}/users?page=2`,
  `${base}/organizations?name%5Bcn%5D=x`,
  `/v1.0/accounts/${id}/users?pageIndex=2`,
];

test('a heavy read that fails, and one that was abandoned, hold no place', async () => {
  const ask = asker({ TENANT_HEAVY_READS: '1' });
  const [{ base, one }, other] = [await makeTenant(), await makeTenant()];
  for (let n = 0; n < 3; n++) expect((await ask(`${other.base}/users?search=x`, one)).status).toBe(404);
  expect((await beginExport(ask, one)).status).toBe(200);
  expect((await ask(`${base}/users?search=x`, one)).status).toBe(429);
  vi.setSystemTime(moment + HEAVY_READ_MAX_MS + 1);
  const fresh = await makeTenantCallerOf(base);
  expect((await ask(`${base}/users?search=x`, fresh)).status).toBe(200);
});

test('a HEAD of an export holds no place', async () => {
  const ask = asker({ TENANT_HEAVY_READS: '1' });
  const { one } = await makeTenant();
  for (let n = 0; n < 3; n++) expect((await ask('/v3/audit-log.csv', one, { method: 'HEAD' })).status).toBe(200);
});

const makeTenantCallerOf = async (base: string) => bearer(await callerFor(base.split('/').at(-1) ?? ''));
