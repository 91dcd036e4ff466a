import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readEnv } from '../../src/env.ts';
import { ADDRESS, CREDENTIAL, type Policy, type Rate } from '../../src/http/rate-limits/policies.ts';
import { countAgainstPolicy } from '../../src/http/rate-limits/rate-limit.ts';
import {
  API_KEY_LOOKUPS_MAX,
  IPV6_SITE_FACTOR,
  LINK_REQUESTS_MAX,
  RATE_CALLERS_MAX,
  SIGN_IN_REQUESTS_MAX,
  SUBSCRIPTION_REQUESTS_MAX,
  TOKEN_REQUESTS_MAX,
} from '../../src/model/limits/index.ts';
import { asker, LIMIT, moment, started, WINDOW_MS } from '../support/measures/rates.ts';
import { makeReseller, rows } from '../support/world.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: moment });
});
afterEach(() => {
  vi.useRealTimers();
});

const narrow = () => asker({ RATE_LIMIT_ADDRESS: String(LIMIT) });
const left = ({ headers }: Response) => headers.get('RateLimit');

test('an address has a limit of its own over all that comes from it, by whatever credential and to whatever it goes', async () => {
  const ask = narrow();
  const [one, other] = [await makeReseller(), await makeReseller()];
  const as = ({ api }: typeof one) => ({ Authorization: `Bearer ${api.token}` });
  expect(left(await ask(`${one.base}/users`, as(one)))).toContain('"address";r=4;t=8');
  expect(left(await ask('/v1.0/accounts', as(other)))).toContain('"address";r=3;t=8');
  expect(left(await ask('/docs'))).toBe('"address";r=2;t=8');
  expect(left(await ask('/nowhere'))).toBe('"address";r=1;t=8');
  expect(left(await ask('/oauth/token', {}, { method: 'POST' }))).toBe(
    `"address";r=0;t=8, "token";r=${TOKEN_REQUESTS_MAX - 1};t=8`,
  );
  const refused = await ask(`${one.base}/users`, as(one));
  expect(refused.status).toBe(429);
  expect(refused.headers.get('X-Rate-Limit-Remaining')).toBe('0');
  const elsewhere = { ...as(one), 'CF-Connecting-IP': '192.0.2.9' };
  expect((await ask(`${one.base}/users`, elsewhere)).status).toBe(200);
  vi.setSystemTime(started + WINDOW_MS);
  expect((await ask(`${one.base}/users`, as(one))).status).toBe(200);
});

test('who asks too often is told so in the words of what was asked', async () => {
  const ask = narrow();
  for (let count = 0; count < LIMIT; count++) await ask('/');
  const replies = [
    await ask('/sign-in', { Accept: 'text/html,*/*', 'Accept-Language': 'de' }),
    await ask('/.well-known/jwks.json'),
    await ask('/oauth/token', {}, { method: 'POST' }),
    await ask('/token', {}, { method: 'POST' }),
  ];
  for (const reply of replies) {
    expect(reply.status).toBe(429);
    expect(reply.headers.get('Retry-After')).toBe('8');
    expect(reply.headers.get('RateLimit')).toBe('"address";r=0;t=8');
    expect(reply.headers.get('RateLimit-Policy')).toBe('"address";q=5;w=10');
  }
  const [page, keys, token, form] = await Promise.all(replies.map((reply) => reply.text()));
  expect(page).toContain('<html lang="de"');
  expect(JSON.parse(keys ?? '')).toMatchObject({ code: 'RATE_LIMIT_EXCEEDED' });
  expect(JSON.parse(token ?? '')).toMatchObject({ error: 'temporarily_unavailable' });
  expect(JSON.parse(form ?? '')).toMatchObject({ code: 'RATE_LIMIT_EXCEEDED' });
});

test('whoever signs in, by whatever way, has so many requests from one address', async () => {
  const ask = asker({});
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const ways = [
    () => ask('/v3/accounts/login', {}, { method: 'POST', body: '{}' }),
    () => ask('/reseller/token', form, { method: 'POST', body: '' }),
    () => ask('/token', form, { method: 'POST', body: '' }),
    () => ask(`/v3/accounts/login-google?accountId=${crypto.randomUUID()}`),
    () => ask('/sign-in', { Accept: 'text/html' }),
  ];
  const rounds = SIGN_IN_REQUESTS_MAX / ways.length;
  for (let round = 0; round < rounds; round++) {
    for (const way of ways) expect((await way()).status).not.toBe(429);
  }
  const begun = await flows();
  for (const way of ways) {
    const refused = await way();
    expect([refused.status, refused.headers.get('Retry-After')]).toEqual([429, '8']);
    expect(refused.headers.get('RateLimit')).toContain('"sign-in";r=0;t=8');
  }
  expect(begun).toBe(rounds);
  expect(await flows()).toBe(begun);
});

const flows = async () => (await rows<{ count: number }>('select count(*) as count from sign_in_flows'))[0]?.count;

const json = { 'Content-Type': 'application/json' };
test.each<[string, number, string, RequestInit, Record<string, string>]>([
  ['sign-in', SIGN_IN_REQUESTS_MAX, '/sign-in', {}, {}],
  ['token', TOKEN_REQUESTS_MAX, '/oauth/token', { method: 'POST' }, {}],
  ['link', LINK_REQUESTS_MAX, '/activate/link', { method: 'POST', body: '{}' }, json],
  ['api-key', API_KEY_LOOKUPS_MAX, '/reseller/customers', {}, { Authorization: 'ApiKey a.b' }],
  ['subscription', SUBSCRIPTION_REQUESTS_MAX, '/unsubscribe/x', {}, {}],
  ['address', LIMIT, '/docs', {}, {}],
  ['anonymous', LIMIT, '/v3/users', {}, {}],
])(
  'the policy %s holds for the /64 and, with more, for the /48 of an IPv6 address',
  async (name, max, path, init, headers) => {
    const given = name === 'address' ? { RATE_LIMIT_ADDRESS: `${LIMIT}` } : {};
    const ask = asker(name === 'anonymous' ? { RATE_LIMIT: `${LIMIT}` } : given);
    const from = (address: string) => ask(path, { ...headers, 'CF-Connecting-IP': address }, init);
    for (let network = 0; network < IPV6_SITE_FACTOR; network++) {
      for (let n = 0; n < max; n++) expect((await from(`2001:db8:5:${network}::${n}`)).status).not.toBe(429);
      const refused = await from(`2001:0db8:05:${network}:f::1`);
      expect(refused.headers.get('RateLimit')).toContain(`"${name}";r=0;`);
      expect(refused.status).toBe(429);
    }
    const refused = await from('2001:db8:5:ffff::1');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('RateLimit')).toContain(`"${name}-site";r=0;`);
    expect(refused.headers.get('RateLimit-Policy')).toContain(`"${name}-site";q=${max * IPV6_SITE_FACTOR};w=10`);
    expect((await from('2001:db8:6::1')).status).not.toBe(429);
  },
);

test('however many addresses come, a credential stays counted, and so does an address that comes again and again', () => {
  const known = readEnv({ ...env, RATE_LIMIT: '2' });
  const count = (policy: Policy, key: string) => {
    const rates: Rate[] = [];
    countAgainstPolicy({ env: known, clock: () => moment, rates }, policy, key);
    return rates[0]?.used;
  };
  count(CREDENTIAL, 'mine');
  for (let n = 0; n < RATE_CALLERS_MAX * 2; n++) {
    count(ADDRESS, `address ${n}`);
    if (n % (RATE_CALLERS_MAX / 2) === 0) count(ADDRESS, 'persistent');
  }
  expect(count(CREDENTIAL, 'mine')).toBe(2);
  expect(count(ADDRESS, 'persistent')).toBe(5);
  expect(count(ADDRESS, 'address 0')).toBe(1);
});
