import { env, exports } from 'cloudflare:workers';
import { afterEach, expect, test, vi } from 'vitest';
import { dialects } from '../../src/dialects/index.ts';
import { absent } from '../../src/model/failure.ts';
import { type Reply, send } from '../support/api.ts';
import { expectSaid } from '../support/measures/said.ts';
import { makeReseller, newUser, unique } from '../support/world.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const bases = ['', ...dialects.map(({ base }) => base)];

/** Expects that nothing is at the path: below a dialect's base in its own words. */
function expectNothing(path: string, { status, body }: Reply): void {
  const dialect = dialects.find(({ base }) => `${path}/`.startsWith(`${base}/`));
  expect(status).toBe(404);
  if (dialect === undefined) expect(body).toMatchObject({ code: 'NOT_FOUND' });
  else expectSaid(body, (now) => dialect.toWire(absent('route'), now).body);
}

afterEach(() => {
  vi.restoreAllMocks();
});

test.each(['trace:01.a-B_c', 'x'.repeat(128)])('a sane request id is kept: %s', async (id) => {
  for (const base of bases) {
    const { headers } = await send('GET', `${base}/nothing`, { headers: { 'X-Request-Id': id } });
    expect(headers.get('X-Request-Id')).toBe(id);
  }
});

test.each(['two words', 'x'.repeat(129), '<script>', '{"a":1}', ''])(
  'a request id that is no plain word is replaced: %s',
  async (id) => {
    for (const base of bases) {
      const { headers } = await send('GET', `${base}/nothing`, { headers: { 'X-Request-Id': id } });
      expect(headers.get('X-Request-Id')).toMatch(UUID);
    }
  },
);

test('a request without an id gets one of its own', async () => {
  const ids = await Promise.all([1, 2].map(async () => (await send('GET', '/')).headers.get('X-Request-Id')));
  expect(ids[0]).toMatch(UUID);
  expect(ids[1]).not.toBe(ids[0]);
});

/** Addresses below which nothing is: where a dialect takes any first word for a name, below a word that it does not know. */
const empty = [
  '',
  ...dialects.map(({ base, routes }) =>
    routes.some(({ path }) => path.startsWith('/:')) ? `${base}/some/thing` : base,
  ),
];
test.each(empty.flatMap((base) => [`${base}/nothing`, `${base}/nothing/at/all`, `${base}/%zz`, `${base}/%E0%A4%A`]))(
  'an address where nothing is answers 404 in JSON to every method: %s',
  async (path) => {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const reply = await send(method, path);
      expectNothing(path, reply);
      expect(Object.fromEntries(reply.headers)).toMatchObject({
        'cache-control': 'no-store',
        'content-type': 'application/json; charset=utf-8',
        'x-content-type-options': 'nosniff',
      });
    }
  },
);

const rootless = dialects.filter(({ routes }) => !routes.some(({ path }) => path === ''));
test.each(rootless.flatMap(({ base }) => [base, `${base}/`]))('%s itself is no address', async (path) => {
  expectNothing(path, await send('GET', path));
});

test('the front page says to programs where to read on', async () => {
  for (const headers of [{}, { Accept: '*/*' }, { Accept: 'application/json' }]) {
    const { status, body } = await send('GET', '/', { headers });
    expect(status).toBe(200);
    expect(body).toMatchObject({ name: 'reseller-edge', documentation: 'https://edge.localhost/docs' });
    expect((await send('GET', new URL(body.tokens).pathname)).body).toMatchObject({ issuer: 'https://edge.localhost' });
  }
});

test('the front page is a page for browsers, with links that lead somewhere', async () => {
  const reply = await send('GET', '/', { headers: { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
  expect(reply.status).toBe(200);
  expect(reply.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
  expect(reply.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
  const links = [...reply.text.matchAll(/<a href="([^"]+)"/g)].map(([, link]) => link!);
  expect(links).toContain('/docs');
  // That of the sign-in leads on at once, to one that has begun.
  for (const link of links)
    expect((await send('GET', link, { redirect: 'manual' })).status, link).toBe(link === '/sign-in' ? 303 : 200);
});

test('the front page answers HEAD and OPTIONS, and refuses other methods', async () => {
  const head = await exports.default.fetch(new Request('https://edge.localhost/', { method: 'HEAD' }));
  expect([head.status, await head.text()]).toEqual([200, '']);
  const options = await send('OPTIONS', '/');
  expect([options.status, options.headers.get('Allow')]).toEqual([204, 'GET, HEAD, OPTIONS']);
  const refused = await send('POST', '/');
  expect([refused.status, refused.headers.get('Allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
});

test('every 401 says how one may come in', async () => {
  const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'nobody' });
  const { status, headers } = await send('POST', '/reseller/token', { body: form });
  expect([status, headers.get('WWW-Authenticate')]).toEqual([401, 'Bearer']);
});

test('every reply carries a bookmark, and a reader who sends it back sees what was written', async () => {
  const { base, api } = await makeReseller();
  const made = await api.post(`${base}/users`, newUser());
  const bookmark = made.headers.get('X-D1-Bookmark')!;
  expect(bookmark).toMatch(/^[0-9a-f-]{50,}$/);
  const opened = vi.spyOn(env.DB, 'withSession');
  const read = await api.get(`${base}/users/${made.body.id}`, { 'X-D1-Bookmark': bookmark });
  expect(opened).toHaveBeenLastCalledWith(bookmark);
  expect(read).toMatchObject({ status: 200, body: made.body });
  expect(read.headers.get('X-D1-Bookmark')).toBeTruthy();
});

test.each([
  'nonsense',
  'first-unconstrained',
  "'; drop table users; --",
  '00000000-00000000-00000000',
  'f'.repeat(5000),
])('a bookmark that is none does no harm: %s', async (bookmark) => {
  const { base, api } = await makeReseller();
  const email = `${unique('reader')}@example.com`;
  const headers = { 'X-D1-Bookmark': bookmark };
  const opened = vi.spyOn(env.DB, 'withSession');
  const made = await api.post(`${base}/users`, { ...newUser(), email }, headers);
  expect(made.status).toBe(201);
  expect(await api.get(`${base}/users/${made.body.id}`, headers)).toMatchObject({ status: 200, body: { email } });
  // The local D1 takes any text; the real one does not.
  expect(opened.mock.calls).toEqual([['first-primary'], ['first-primary']]);
});
