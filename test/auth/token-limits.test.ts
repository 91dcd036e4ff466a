import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TOKEN_REQUESTS_MAX } from '../../src/model/limits/index.ts';
import { asker, LIMIT, moment } from '../support/measures/rates.ts';
import { makeClient, makeReseller, unique } from '../support/world.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: moment });
});
afterEach(() => {
  vi.useRealTimers();
});

const post = (fields: Record<string, string>) => ({ method: 'POST', body: new URLSearchParams(fields) });
const busy = { error: 'temporarily_unavailable', error_description: expect.any(String) };

test('one address has so many requests to the token and revocation endpoints, refreshing in a loop included', async () => {
  const ask = asker({});
  const refresh = post({ grant_type: 'refresh_token', refresh_token: 'nobody’s' });
  const revoke = post({ token: 'nobody’s' });
  for (let count = 0; count < TOKEN_REQUESTS_MAX; count += 2) {
    expect((await ask('/oauth/token', {}, refresh)).status).toBe(400);
    expect((await ask('/oauth/revoke', {}, revoke)).status).toBe(200);
  }
  for (const [path, body] of [
    ['/oauth/token', refresh],
    ['/oauth/revoke', revoke],
  ] as const) {
    const refused = await ask(path, {}, body);
    expect(refused.status).toBe(429);
    expect(await refused.json()).toEqual(busy);
    expect(Object.fromEntries(refused.headers)).toMatchObject({
      'retry-after': '8',
      ratelimit: expect.stringMatching(/"token";r=0;t=8$/),
      'cache-control': 'no-store',
    });
  }
  expect((await ask('/oauth/token', { 'CF-Connecting-IP': '192.0.2.3' }, refresh)).status).toBe(400);
});

test('a client’s tokens count as requests of its own, wherever it asks; a wrong secret counts for nobody but the address', async () => {
  const ask = asker({ RATE_LIMIT: String(LIMIT) });
  const { id, api } = await makeReseller();
  const client = await makeClient(id, ['reseller:user:read']);
  const grant = (secret: string) =>
    ask(
      '/oauth/token',
      { 'CF-Connecting-IP': unique('address') },
      post({ grant_type: 'client_credentials', client_id: client.id, client_secret: secret }),
    );
  for (let count = 0; count <= LIMIT; count++) expect((await grant('wrong')).status).toBe(401);
  const granted = await grant(client.secret);
  expect(granted.status).toBe(200);
  expect(granted.headers.get('RateLimit')).toContain('"credential";r=4;t=8');
  const { access_token: token } = await granted.json<{ access_token: string }>();
  const used = await ask(`/v3/resellers/${id}/users`, { Authorization: `Bearer ${token}` });
  expect(used.headers.get('RateLimit')).toContain('"credential";r=3;t=8');
  for (let count = 0; count < 3; count++) expect((await grant(client.secret)).status).toBe(200);
  const refused = await grant(client.secret);
  expect([refused.status, await refused.json()]).toEqual([429, busy]);
  expect((await ask(`/v3/resellers/${id}/users`, { Authorization: `Bearer ${token}` })).status).toBe(429);
  expect((await ask(`/v3/resellers/${id}/users`, { Authorization: `Bearer ${api.token}` })).status).toBe(200);
});

test('asking who one is counts as well', async () => {
  const ask = asker({ RATE_LIMIT: '1' });
  const { api } = await makeReseller();
  const headers = { Authorization: `Bearer ${api.token}` };
  expect((await ask('/oauth/userinfo', headers)).status).toBe(403);
  const refused = await ask('/oauth/userinfo', headers);
  expect([refused.status, refused.headers.get('Retry-After'), await refused.text()]).toEqual([429, '8', '']);
});
