import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { dialects } from '../../src/dialects/index.ts';
import { statementsOf } from '../support/measures/plans.ts';
import { asker, LIMIT, moment, started, WINDOW_MS } from '../support/measures/rates.ts';
import { makeReseller, newUser } from '../support/world.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: moment });
});
afterEach(() => {
  vi.useRealTimers();
});

const limited = () => asker({ RATE_LIMIT: String(LIMIT) });

async function credential() {
  const { base, api } = await makeReseller();
  return [`${base}/users`, { Authorization: `Bearer ${api.token}` }] as const;
}

test('each reply tells what is left of the window', async () => {
  const ask = limited();
  const mine = await credential();
  for (const left of ['4', '3', '2', '1', '0']) {
    const { status, headers } = await ask(...mine);
    expect(status).toBe(200);
    expect(headers.get('X-Rate-Limit-Limit')).toBe('10s');
    expect(headers.get('X-Rate-Limit-Remaining')).toBe(left);
    expect(headers.get('X-Rate-Limit-Reset')).toBe(new Date(started + WINDOW_MS).toISOString());
    expect(headers.get('RateLimit-Policy')).toBe('"address";q=1000000;w=10, "credential";q=5;w=10, "tenant";q=15;w=10');
    expect(headers.get('RateLimit')).toMatch(
      new RegExp(`^"address";r=\\d+;t=8, "credential";r=${left};t=8, "tenant";r=\\d+;t=8$`),
    );
  }
});

test('one request too many is refused, with the time to wait', async () => {
  const ask = limited();
  const mine = await credential();
  for (let count = 0; count < LIMIT; count++) expect((await ask(...mine)).status).toBe(200);
  const refused = await ask(...mine);
  expect(refused.status).toBe(429);
  expect(await refused.json()).toMatchObject({ code: 'RATE_LIMIT_EXCEEDED' });
  expect(Object.fromEntries(refused.headers)).toMatchObject({
    'retry-after': '8',
    'x-rate-limit-limit': '10s',
    'x-rate-limit-remaining': '0',
    'x-rate-limit-reset': new Date(started + WINDOW_MS).toISOString(),
    ratelimit: expect.stringMatching(/"credential";r=0;t=8/),
    'cache-control': 'no-store',
  });
});

test.each(dialects.map((dialect) => [dialect.name, dialect] as const))(
  'whatever is asked of %s counts, what is nowhere too, and is refused in its own words',
  async (_, { base, routes, toWire, rateHeaders }) => {
    const ask = limited();
    const { api } = await makeReseller();
    const headers = { Authorization: `Bearer ${api.token}` };
    const there = `${base}${routes.find(({ path }) => !path.includes(':'))?.path}`;
    const asked = [
      await ask(there, headers, { method: 'HEAD' }),
      await ask(there, headers, { method: 'OPTIONS' }),
      await ask(there, headers, { method: 'PROPFIND' }),
      await ask(`${base}/nothing/here`, headers),
      await ask(there, headers),
    ];
    expect(asked.map((reply) => /"credential";[^,]*/.exec(reply.headers.get('RateLimit') ?? '')?.[0])).toEqual(
      [4, 3, 2, 1, 0].map((left) => `"credential";r=${left};t=8`),
    );
    const refused = await ask(there, headers);
    const { status, body } = toWire({ kind: 'rate_limited', retryAfterSeconds: 8 }, moment);
    expect(refused.status).toBe(status);
    expect(await refused.json()).toEqual(body);
    expect(refused.headers.get('Retry-After')).toBe('8');
    const own = rateHeaders({ limit: LIMIT, remaining: 0, resetMs: started + WINDOW_MS });
    for (const [name, value] of Object.entries(own)) expect(refused.headers.get(name)).toBe(value);
  },
);

test('two hundred at once are no more than the limit, and each is told what was left after it', async () => {
  const ask = asker({ RATE_LIMIT: '50' });
  const mine = await credential();
  const replies = await Promise.all(Array.from({ length: 200 }, () => ask(...mine)));
  const passed = replies.filter(({ status }) => status === 200);
  const left = passed.map(({ headers }) => Number(headers.get('X-Rate-Limit-Remaining')));
  expect(left.sort((a, b) => b - a)).toEqual(Array.from({ length: 50 }, (_, n) => 49 - n));
  const refused = replies.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(150);
  expect(new Set(refused.map(({ headers }) => headers.get('X-Rate-Limit-Remaining')))).toEqual(new Set(['0']));
});

test('another credential has a window of its own', async () => {
  const ask = limited();
  const mine = await credential();
  for (let count = 0; count <= LIMIT; count++) await ask(...mine);
  expect((await ask(...mine)).status).toBe(429);
  expect((await ask(...(await credential()))).status).toBe(200);
});

test('the next window starts from nothing', async () => {
  const ask = limited();
  const mine = await credential();
  for (let count = 0; count <= LIMIT; count++) await ask(...mine);
  vi.setSystemTime(started + WINDOW_MS - 1);
  expect((await ask(...mine)).status).toBe(429);
  vi.setSystemTime(started + WINDOW_MS);
  const { status, headers } = await ask(...mine);
  expect([status, headers.get('X-Rate-Limit-Remaining')]).toEqual([200, '4']);
});

test('callers without a valid token are counted by their address', async () => {
  const ask = limited();
  const [path] = await credential();
  const guess = (address: string, token: string) =>
    ask(path, { 'CF-Connecting-IP': address, Authorization: `Bearer ${token}` });
  for (let count = 0; count < LIMIT; count++) expect((await guess('192.0.2.1', `guess-${count}`)).status).toBe(401);
  const refused = await guess('192.0.2.1', 'another-guess');
  expect(refused.status).toBe(429);
  expect(refused.headers.get('RateLimit')).toContain('"anonymous";r=0;t=8');
  expect((await guess('192.0.2.2', 'another-guess')).status).toBe(401);
});

test('a refusal is not kept under an Idempotency-Key', async () => {
  const ask = limited();
  const [path, headers] = await credential();
  const create = { method: 'POST', body: JSON.stringify(newUser()) };
  const keyed = { ...headers, 'Content-Type': 'application/json', 'Idempotency-Key': 'once' };
  for (let count = 0; count < LIMIT; count++) await ask(path, headers);
  expect((await ask(path, keyed, create)).status).toBe(429);
  vi.setSystemTime(started + WINDOW_MS);
  const made = await ask(path, keyed, create);
  expect([made.status, made.headers.get('Idempotency-Replayed')]).toEqual([201, null]);
});

test('counting costs no call of the database, and who is refused causes none', async () => {
  const ask = limited();
  const mine = await credential();
  const statements = async () => (await statementsOf(() => ask(...mine))).size;
  for (let count = 0; count < LIMIT; count++) expect(await statements()).toBe(1);
  expect(await statements()).toBe(0);
});
