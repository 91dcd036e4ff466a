import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  IPV6_SITE_FACTOR,
  LINK_REQUESTS_MAX,
  RATE_LIMIT_ADDRESS_FACTOR,
  RATE_LIMIT_DEFAULT,
  RATE_LIMIT_TENANT_FACTOR,
  RATE_LIMIT_TENANT_HEAVY_SHARE,
  RATE_LIMIT_TENANT_WRITES_SHARE,
  RATE_WINDOW_SECONDS,
  SIGN_IN_REQUESTS_MAX,
  TOKEN_REQUESTS_MAX,
} from '../../src/model/limits/index.ts';
import { asker, limiter, moment, started, WINDOW_MS } from '../support/measures/rates.ts';
import { makeReseller } from '../support/world.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: moment });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** A Worker with the usual quotas, to which the limiters count. */
const bound = (given: object) => asker({ RATE_LIMIT: undefined, RATE_LIMIT_ADDRESS: undefined, ...given });

async function credential() {
  const { base, api } = await makeReseller();
  return { path: `${base}/users`, headers: { Authorization: `Bearer ${api.token}` }, key: `client:${api.client.id}` };
}

test('the platform is asked about credential and address of each request before anything is read', async () => {
  const [byCredential, byAddress, bySite] = [limiter(), limiter(), limiter()];
  const ask = bound({ RATE_CREDENTIAL: byCredential, RATE_ADDRESS: byAddress, RATE_ADDRESS_SITE: bySite });
  const { path, headers, key } = await credential();
  expect((await ask(path, { ...headers, 'CF-Connecting-IP': '192.0.2.7' })).status).toBe(200);
  expect((await ask(path, { 'CF-Connecting-IP': '2001:db8:0:1:2:3:4:5' })).status).toBe(401);
  expect(byCredential.keys).toEqual([`credential:${key}`, 'anonymous:2001:db8:0:1']);
  expect(byAddress.keys).toEqual(['address:192.0.2.7', 'address:2001:db8:0:1']);
  expect(bySite.keys).toEqual(['address-site:2001:db8:0']);
});

test.each(['RATE_CREDENTIAL', 'RATE_ADDRESS'])(
  'what %s has seen elsewhere counts here: nothing is left until the window ends, and it is not asked again',
  async (name) => {
    const counting = limiter(() => counting.keys.length === 2);
    const ask = bound({ [name]: counting });
    const { path, headers } = await credential();
    expect((await ask(path, headers)).status).toBe(200);
    for (const _ of [1, 2]) {
      const refused = await ask(path, headers);
      expect(refused.status).toBe(429);
      expect(await refused.json()).toMatchObject({ code: 'RATE_LIMIT_EXCEEDED' });
      expect(refused.headers.get('Retry-After')).toBe('8');
      expect(refused.headers.get('RateLimit')).toContain(
        `"${name === 'RATE_ADDRESS' ? 'address' : 'credential'}";r=0;t=8`,
      );
      expect(refused.headers.get('X-Rate-Limit-Remaining')).toBe('0');
    }
    expect(counting.keys).toHaveLength(2);
    vi.setSystemTime(started + WINDOW_MS);
    expect((await ask(path, headers)).status).toBe(200);
    expect(counting.keys).toHaveLength(3);
  },
);

test('nobody is kept out because the platform does not answer, or is not bound', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { path, headers } = await credential();
  const down = { limit: () => Promise.reject(new Error('down')) };
  expect((await bound({ RATE_CREDENTIAL: down, RATE_ADDRESS: down })(path, headers)).status).toBe(200);
  expect(logged).toHaveBeenCalledTimes(2);
  expect((await bound({ RATE_CREDENTIAL: undefined, RATE_ADDRESS: undefined })(path, headers)).status).toBe(200);
});

test('a quota that is raised is not cut by the limiter of the usual one', async () => {
  const [byCredential, byAddress] = [limiter(() => true), limiter(() => true)];
  const both = { RATE_CREDENTIAL: byCredential, RATE_ADDRESS: byAddress };
  const { path, headers } = await credential();
  const raised = await bound({ ...both, RATE_LIMIT: String(RATE_LIMIT_DEFAULT + 1) })(path, headers);
  expect(raised.status).toBe(200);
  expect(raised.headers.get('RateLimit-Policy')).toContain(`"address";q=${(RATE_LIMIT_DEFAULT + 1) * 5};`);
  expect([...byCredential.keys, ...byAddress.keys]).toEqual([]);
  expect((await bound({ ...both, RATE_LIMIT: '7' })(path, headers)).status).toBe(429);
});

test('the platform’s own limiter refuses across what counts on its own', async () => {
  const { path, headers } = await credential();
  const isolates = Array.from({ length: 8 }, () => bound({ RATE_CREDENTIAL: env.RATE_NARROW }));
  // Three in a window, one of which may end meanwhile.
  const replies = [];
  for (const ask of isolates) replies.push(await ask(path, headers));
  expect(replies[0]?.status).toBe(200);
  const refused = replies.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThanOrEqual(2);
  for (const { headers } of refused) {
    expect(headers.get('RateLimit')).toContain('"credential";r=0;t=8');
    expect(headers.get('Retry-After')).toBe('8');
  }
});

test('the configuration binds a limiter to each quota', () => {
  const configured = env.CONFIG.ratelimits.map(({ name, simple }) => [name, simple.limit, simple.period]);
  expect(configured).toEqual([
    ['RATE_CREDENTIAL', RATE_LIMIT_DEFAULT, RATE_WINDOW_SECONDS],
    ['RATE_ADDRESS', RATE_LIMIT_DEFAULT * RATE_LIMIT_ADDRESS_FACTOR, RATE_WINDOW_SECONDS],
    ['RATE_TENANT', RATE_LIMIT_DEFAULT * RATE_LIMIT_TENANT_FACTOR, RATE_WINDOW_SECONDS],
    ['RATE_TENANT_WRITES', RATE_LIMIT_DEFAULT * RATE_LIMIT_TENANT_WRITES_SHARE, RATE_WINDOW_SECONDS],
    ['RATE_TENANT_HEAVY', RATE_LIMIT_DEFAULT * RATE_LIMIT_TENANT_HEAVY_SHARE, RATE_WINDOW_SECONDS],
    ['RATE_SIGN_IN', SIGN_IN_REQUESTS_MAX, RATE_WINDOW_SECONDS],
    ['RATE_TOKEN', TOKEN_REQUESTS_MAX, RATE_WINDOW_SECONDS],
    ['RATE_LINK', LINK_REQUESTS_MAX, RATE_WINDOW_SECONDS],
    ['RATE_ADDRESS_SITE', RATE_LIMIT_DEFAULT * RATE_LIMIT_ADDRESS_FACTOR * IPV6_SITE_FACTOR, RATE_WINDOW_SECONDS],
    ['RATE_SIGN_IN_SITE', SIGN_IN_REQUESTS_MAX * IPV6_SITE_FACTOR, RATE_WINDOW_SECONDS],
    ['RATE_TOKEN_SITE', TOKEN_REQUESTS_MAX * IPV6_SITE_FACTOR, RATE_WINDOW_SECONDS],
    ['RATE_LINK_SITE', LINK_REQUESTS_MAX * IPV6_SITE_FACTOR, RATE_WINDOW_SECONDS],
  ]);
  expect(new Set(env.CONFIG.ratelimits.map(({ namespace_id }) => namespace_id)).size).toBe(configured.length);
});
