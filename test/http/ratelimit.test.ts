import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import worker from '../../src/index.ts';
import { makeReseller } from '../support/world.ts';

const WINDOW_MS = 10_000;
const LIMIT = 5;

/** The clock stands 2.5 s into a window, on the whole within the life of the tokens made before. */
const started = Math.ceil(Date.now() / WINDOW_MS) * WINDOW_MS;
const moment = started + 2_500;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: moment });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A Worker of its own settings, which therefore counts on its own. */
function limited() {
  const settings = { ...env, RATE_LIMIT: String(LIMIT) };
  return (path: string, headers: HeadersInit) =>
    worker.fetch(
      new Request<unknown, IncomingRequestCfProperties>(`https://edge.test${path}`, { headers }),
      settings,
      createExecutionContext(),
    );
}

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
    'cache-control': 'no-store',
  });
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
  expect((await guess('192.0.2.1', 'another-guess')).status).toBe(429);
  expect((await guess('192.0.2.2', 'another-guess')).status).toBe(401);
});
