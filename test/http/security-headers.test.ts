import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, test, vi } from 'vitest';
import { documented } from '../../src/dialects/documented.ts';
import worker from '../../src/index.ts';
import { endpoints } from '../../src/routes.ts';
import { makeReseller } from '../support/world.ts';

const deployment = {
  ...env,
  PUBLIC_URL: 'https://api.example.com',
  DEVELOPMENT: 'false',
  CORS_ORIGINS: 'https://app.example.com',
};
const NOTHING = "default-src 'none'; frame-ancestors 'none'";
const PLACEHOLDER = '0190a0b0-0000-7000-8000-000000000000';

async function ask(method: string, path: string, headers: Record<string, string> = {}, settings: object = deployment) {
  const request = new Request(`https://api.example.com${path}`, {
    method,
    redirect: 'manual',
    headers: { 'CF-Connecting-IP': crypto.randomUUID(), ...headers },
  });
  const response = await worker.fetch(request as never, settings as never, createExecutionContext());
  await response.text();
  return response;
}

function expectGuarded({ headers }: Pick<Response, 'headers'>, where: string): void {
  expect([where, headers.get('Strict-Transport-Security')]).toEqual([where, 'max-age=63072000']);
  const policies = headers.get('Content-Security-Policy')?.split(', ') ?? [];
  expect([where, policies]).toEqual([where, [expect.stringMatching(/^default-src 'none'; /)]]);
  expect([where, headers.get('X-Content-Type-Options')]).toEqual([where, 'nosniff']);
}

const pages = endpoints.map(({ path }) => path);
const routes = documented.flatMap(({ base, routes }) => routes.map(({ path }) => base + path));
const files = ['/docs/swagger-ui.css', '/docs/start.js', '/pages/activate.js', '/pages/texts.ja.json', '/nothing'];
const addresses = [...new Set([...pages, ...routes, ...files])];

test('every address answers every method with both headers', async () => {
  expect(addresses.length).toBeGreaterThan(100);
  for (const address of addresses) {
    const path = address.replace(/:\w+/g, PLACEHOLDER);
    for (const method of ['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS'])
      expectGuarded(await ask(method, path), `${method} ${path}`);
  }
});

test('pages for people cannot be framed either', async () => {
  for (const path of [
    '/',
    '/docs',
    '/activate',
    '/sign-in?account=x',
    '/oauth/authorize',
    `/unsubscribe/${PLACEHOLDER}`,
  ]) {
    const { headers } = await ask('GET', path, { Accept: 'text/html' });
    expect([path, headers.get('Content-Security-Policy')]).toEqual([
      path,
      expect.stringContaining("frame-ancestors 'none'"),
    ]);
  }
});

test('so do answers with data: JSON, CSV, a preflight', async () => {
  const { base, api } = await makeReseller();
  const bearer = { Authorization: `Bearer ${api.token}`, Origin: 'https://app.example.com' };
  // Tokens are for the address of the tests' own deployment.
  const here = { ...env, CORS_ORIGINS: 'https://app.example.com' };
  const policyOf = async (method: string, path: string, headers: Record<string, string> = {}) => {
    const response = await ask(method, path, { ...bearer, ...headers }, here);
    return [response.status, response.headers.get('Content-Security-Policy')];
  };
  expect(await policyOf('GET', `${base}/users`)).toEqual([200, NOTHING]);
  expect(await policyOf('GET', '/v3/audit-log.csv')).toEqual([200, NOTHING]);
  expect(await policyOf('OPTIONS', `${base}/users`, { 'Access-Control-Request-Method': 'GET' })).toEqual([
    204,
    NOTHING,
  ]);
});

test('a fault of ours has them, too', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const broken = {
    ...deployment,
    DB: {
      withSession: () => ({
        getBookmark: () => null,
        prepare: () => {
          throw new Error('down');
        },
      }),
    },
  };
  const response = await ask('GET', `/oauth/authorize?client_id=${PLACEHOLDER}`, {}, broken);
  expect(response.status).toBe(500);
  expectGuarded(response, 'fault');
  vi.restoreAllMocks();
});

test.each([
  ['http://api.example.com', 'false'],
  ['http://localhost:8787', 'true'],
  ['https://localhost:8787', 'true'],
])('%s tells no browser to come by https only', async (url, development) => {
  const { headers } = await ask('GET', '/healthz', {}, { ...env, PUBLIC_URL: url, DEVELOPMENT: development });
  expect([headers.get('Strict-Transport-Security'), headers.get('Content-Security-Policy')]).toEqual([null, NOTHING]);
});
