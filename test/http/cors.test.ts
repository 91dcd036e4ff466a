import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, expect, test, vi } from 'vitest';
import { dialects } from '../../src/dialects/index.ts';
import worker from '../../src/index.ts';
import { CORS_MAX_AGE_SECONDS } from '../../src/model/limits/index.ts';
import { endpoints } from '../../src/routes.ts';
import { send } from '../support/api.ts';
import { declared, nameOf, openScene, request as requestIn } from '../support/generators/routes.ts';
import { muteQueues } from '../support/queues.ts';
import { makeReseller, newUser } from '../support/world.ts';

const APP = 'https://app.example.com';
const OTHER = 'https://portal.example.com:8443';
const LISTED = { CORS_ORIGINS: `${APP}, ${OTHER}` };

beforeAll(muteQueues);

/** Asks a Worker with these settings. */
async function ask(settings: object, method: string, path: string, headers: HeadersInit, body?: string) {
  const init = { method, headers, ...(body !== undefined && { body }) };
  const request = new Request<unknown, IncomingRequestCfProperties>(`https://edge.localhost${path}`, init);
  const response = await worker.fetch(request, { ...env, ...settings }, createExecutionContext());
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const corsOf = (headers: Headers) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-')));
const variesByOrigin = (headers: Headers) => (headers.get('Vary') ?? '').split(/, */).includes('Origin');

/** Expects that a script may read every header that the browser does not keep to itself. */
function expectReadable(headers: Headers): void {
  const ordinary =
    /^(access-control-|vary$|cache-control$|content-type$|content-length$|content-security-policy$|x-content-type-options$|last-modified$)/;
  const readable = headers.get('Access-Control-Expose-Headers')?.toLowerCase().split(', ');
  expect(readable).toEqual(expect.arrayContaining([...headers.keys()].filter((name) => !ordinary.test(name))));
}

async function makeCaller() {
  const { base, api } = await makeReseller();
  return { users: `${base}/users`, authorization: { Authorization: `Bearer ${api.token}` } };
}

test('other origins get nothing unless they are listed', async () => {
  const { users, authorization } = await makeCaller();
  for (const settings of [{}, { CORS_ORIGINS: '' }, { CORS_ORIGINS: ' ' }]) {
    const preflight = { Origin: APP, 'Access-Control-Request-Method': 'GET' };
    for (const [method, headers] of [
      ['GET', { ...authorization, Origin: APP }],
      ['OPTIONS', preflight],
    ] as const) {
      const reply = await ask(settings, method, users, headers);
      expect(corsOf(reply.headers)).toEqual({});
      expect(reply.headers.get('Vary')).toBeNull();
    }
  }
});

test('a preflight from a listed origin is told what the path takes', async () => {
  const { users } = await makeCaller();
  for (const [path, methods] of [
    [users, 'POST, GET, HEAD, OPTIONS'],
    [`${users}/${crypto.randomUUID()}`, 'GET, PATCH, DELETE, HEAD, OPTIONS'],
    ['/oauth/token', 'POST, OPTIONS'],
    ['/token', 'POST, OPTIONS'],
    ['/.well-known/jwks.json', 'GET, HEAD, OPTIONS'],
  ] as const) {
    const asked = { 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': 'authorization' };
    const { status, headers, text } = await ask(LISTED, 'OPTIONS', path, { Origin: APP, ...asked });
    expect([status, text]).toEqual([204, '']);
    expect(corsOf(headers)).toEqual({
      'access-control-allow-origin': APP,
      'access-control-allow-methods': methods,
      'access-control-allow-headers': expect.any(String),
      'access-control-max-age': String(CORS_MAX_AGE_SECONDS),
    });
    const allowed = headers.get('Access-Control-Allow-Headers')?.toLowerCase().split(', ');
    expect(allowed).toEqual(
      expect.arrayContaining(['authorization', 'content-type', 'idempotency-key', 'x-request-id', 'x-d1-bookmark']),
    );
    expect(variesByOrigin(headers)).toBe(true);
  }
});

test('every header that a route heeds may be sent, and every header of an answer may be read', async () => {
  const { users, authorization } = await makeCaller();
  const preflight = { Origin: APP, 'Access-Control-Request-Method': 'POST' };
  const { headers } = await ask(LISTED, 'OPTIONS', users, preflight);
  const sent = headers.get('Access-Control-Allow-Headers')?.toLowerCase().split(', ');
  const heeded = dialects.flatMap(({ routes }) => routes.flatMap(({ heeds = [] }) => heeds));
  expect(heeded.length).toBeGreaterThan(0);
  expect(sent).toEqual(expect.arrayContaining(heeded.map((name) => name.toLowerCase())));
  const body = JSON.stringify(newUser());
  const made = await ask(
    LISTED,
    'POST',
    users,
    { ...authorization, Origin: APP, 'Content-Type': 'application/json', 'Idempotency-Key': 'a' },
    body,
  );
  await ask(
    LISTED,
    'POST',
    users,
    { ...authorization, Origin: APP, 'Content-Type': 'application/json' },
    JSON.stringify(newUser()),
  );
  const again = await ask(
    LISTED,
    'POST',
    users,
    { ...authorization, Origin: APP, 'Content-Type': 'application/json', 'Idempotency-Key': 'a' },
    body,
  );
  const list = await ask(LISTED, 'GET', `${users}?limit=1`, { ...authorization, Origin: APP });
  expect([made.status, again.status, list.status]).toEqual([201, 201, 200]);
  for (const reply of [made, again, list]) expectReadable(reply.headers);
  expect([...list.headers.keys()]).toContain('link');
  expect([...again.headers.keys()]).toContain('idempotency-replayed');
});

test('a listed origin may read answers and refusals, never with cookies', async () => {
  const { users, authorization } = await makeCaller();
  for (const origin of [APP, OTHER]) {
    for (const [status, method, path, headers] of [
      [200, 'GET', users, authorization],
      [401, 'GET', users, {}],
      [404, 'GET', `${users}/${crypto.randomUUID()}`, authorization],
      [404, 'GET', '/v3/nothing', {}],
      [405, 'PUT', users, authorization],
      [415, 'POST', users, authorization],
      [429, 'GET', users, authorization],
      [400, 'POST', '/oauth/token', {}],
    ] as const) {
      const settings = { ...LISTED, ...(status === 429 && { RATE_LIMIT: '1' }) };
      const bindings = { ...env, ...settings };
      const request = () =>
        new Request<unknown, IncomingRequestCfProperties>(`https://edge.localhost${path}`, {
          method,
          headers: { ...headers, Origin: origin },
        });
      if (status === 429) await worker.fetch(request(), bindings, createExecutionContext());
      const reply = await worker.fetch(request(), bindings, createExecutionContext());
      expect([path, reply.status]).toEqual([path, status]);
      expect(corsOf(reply.headers)).toEqual({
        'access-control-allow-origin': origin,
        'access-control-expose-headers': expect.stringMatching(/x-request-id/i),
      });
      expect(variesByOrigin(reply.headers)).toBe(true);
    }
  }
});

test('a fault of ours can be read as well', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const { users, authorization } = await makeCaller();
  const DB = {
    withSession: () => ({
      prepare: () => {
        throw new Error('down');
      },
      getBookmark: () => null,
    }),
  };
  const reply = await ask({ ...LISTED, DB }, 'GET', users, { ...authorization, Origin: APP });
  expect([reply.status, reply.headers.get('Access-Control-Allow-Origin')]).toEqual([500, APP]);
  vi.restoreAllMocks();
});

test.each([
  'null',
  '*',
  'http://app.example.com',
  'https://app.example.com:444',
  'https://app.example.com:443',
  'https://app.example.com/',
  'https://app.example.com.evil.example',
  'https://evil-app.example.com',
  'https://appXexample.com',
  'https://APP.example.com',
  'https://example.com',
  'https://sub.app.example.com',
  'https://portal.example.com',
  'https://app.example.com, https://portal.example.com:8443',
  'https://app.example.com https://evil.example',
])('an origin that only looks like a listed one gets nothing: %s', async (origin) => {
  const { users, authorization } = await makeCaller();
  for (const [method, headers] of [
    ['GET', { ...authorization, Origin: origin }],
    ['OPTIONS', { Origin: origin, 'Access-Control-Request-Method': 'GET' }],
  ] as const) {
    const reply = await ask(LISTED, method, users, headers);
    expect(corsOf(reply.headers)).toEqual({});
    expect(variesByOrigin(reply.headers)).toBe(true);
  }
});

test.each(declared.map((one) => [nameOf(one), one] as const))('a script reads every header of %s', async (_, one) => {
  const scene = await openScene(one);
  for (const changes of [{}, { token: 'nobody' }]) {
    const headers = { Origin: APP };
    const reply = await requestIn(scene, { ...changes, headers, settings: LISTED });
    expectReadable(reply.headers);
    for (const name of Object.keys(one.dialect.rateHeaders({ limit: 1, remaining: 1, resetMs: 0 })))
      expect(reply.headers.get('Access-Control-Expose-Headers')).toContain(name.toLowerCase());
  }
});

const READABLE = [
  '/.well-known/jwks.json',
  '/.well-known/oauth-authorization-server',
  '/.well-known/openid-configuration',
  '/oauth/token',
  '/oauth/revoke',
  '/oauth/userinfo',
  ...dialects.map(({ base }) => `${base}/openapi.json`),
  ...dialects.flatMap(({ routes }) => routes.flatMap(({ alias }) => alias ?? [])),
];

test('it is written down which addresses beside the dialects scripts may read', () => {
  const declaredSo = endpoints.filter(({ readableByOrigins }) => readableByOrigins).map(({ path }) => path);
  expect(declaredSo.sort()).toEqual([...READABLE].sort());
});

test.each(endpoints.map(({ path }) => path))('%s is read by scripts only if it is declared so', async (path) => {
  const address = path.replace(/:\w+/g, crypto.randomUUID());
  for (const method of ['GET', 'POST', 'PUT', 'OPTIONS']) {
    const headers = { Origin: APP, 'Access-Control-Request-Method': 'GET', 'CF-Connecting-IP': crypto.randomUUID() };
    const reply = await ask(LISTED, method, address, headers);
    expect([method, reply.headers.get('Access-Control-Allow-Origin')]).toEqual([
      method,
      READABLE.includes(path) ? APP : null,
    ]);
    if (READABLE.includes(path)) expect(reply.headers.get('Set-Cookie')).toBeNull();
  }
});

test('below a readable address there is nothing to read, and its refusals are', async () => {
  for (const path of ['/.well-known/nothing', '/oauth/token/nothing', '/oauth/nothing'])
    expect(corsOf((await ask(LISTED, 'GET', path, { Origin: APP })).headers)).toEqual({});
  const settings = { ...LISTED, RATE_LIMIT_ADDRESS: '1' };
  const headers = { Origin: APP, 'CF-Connecting-IP': crypto.randomUUID() };
  const bindings = { ...env, ...settings };
  for (const status of [400, 429]) {
    const request = new Request<unknown, IncomingRequestCfProperties>('https://edge.localhost/oauth/token', {
      method: 'POST',
      headers,
    });
    const reply = await worker.fetch(request, bindings, createExecutionContext());
    expect([reply.status, reply.headers.get('Access-Control-Allow-Origin')]).toEqual([status, APP]);
  }
});

test.each([
  '/',
  '/docs',
  '/sign-in',
  '/account',
  '/oauth/authorize',
  '/oauth/consent',
  '/activate',
  '/healthz',
  '/pages/page.css',
])('what goes by cookies, and every page, is shared with no other origin: %s', async (path) => {
  for (const method of ['GET', 'POST', 'OPTIONS']) {
    const headers = { Origin: APP, 'Access-Control-Request-Method': 'GET' };
    expect(corsOf((await ask(LISTED, method, path, headers)).headers)).toEqual({});
  }
});

test('answers without an origin say that they would differ by it', async () => {
  expect(variesByOrigin((await ask(LISTED, 'GET', '/.well-known/jwks.json', {})).headers)).toBe(true);
  expect((await send('GET', '/.well-known/jwks.json')).headers.get('Vary')).toBeNull();
});
