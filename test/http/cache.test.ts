import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import worker from '../../src/index.ts';
import { send } from '../support/api.ts';
import { declared, nameOf, openScene, request as requestOf } from '../support/generators/routes.ts';
import { makeInvited } from '../support/people/invited.ts';
import { muteQueues } from '../support/queues.ts';
import { makeReseller, newUser } from '../support/world.ts';

const EVIL = 'evil.example';

/** What proxies, frameworks and CDNs are known to take a request's address, method or origin from. */
const POISON: Readonly<Record<string, string>> = {
  'X-Forwarded-Host': EVIL,
  'X-Forwarded-Proto': 'http',
  'X-Forwarded-Scheme': 'http',
  'X-Forwarded-Port': '444',
  'X-Forwarded-Server': EVIL,
  'X-Forwarded-Prefix': '/evil',
  'X-Host': EVIL,
  'X-HTTP-Host-Override': EVIL,
  'X-HTTP-Method-Override': 'DELETE',
  'X-HTTP-Method': 'DELETE',
  'X-Method-Override': 'DELETE',
  'X-Original-URL': '/healthz',
  'X-Original-Host': EVIL,
  'X-Rewrite-URL': '/healthz',
  'X-Wap-Profile': `https://${EVIL}/`,
  Forwarded: `host=${EVIL};proto=http`,
  Host: EVIL,
  Referer: `https://${EVIL}/`,
  Origin: `https://${EVIL}`,
  Via: `1.1 ${EVIL}`,
};

beforeAll(muteQueues);

/** An answer without what is different each time: the request's own id, what is left of a limit, the time it was given. */
const comparable = ({ status, headers, text }: { status: number; headers: Headers; text: string }) => ({
  status,
  text: text.replace(/"timestamp":"[^"]*"/, ''),
  headers: [...headers].filter(
    ([name]) => !/^(x-request-id|x-d1-bookmark|x-rate-limit-|ratelimit|set-cookie)/.test(name),
  ),
});

const PUBLIC = [
  '/',
  '/healthz',
  '/docs/dialects.json',
  '/.well-known/jwks.json',
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
  '/v3/openapi.json',
  '/v1.0/accounts/openapi.json',
  '/reseller/openapi.json',
  '/activate',
  '/pages/activate.css',
  '/docs/swagger-ui.css',
  '/nothing',
];

test.each(PUBLIC)('what is the same for everybody is so whatever else a request says: %s', async (path) => {
  const plain = comparable(await send('GET', path));
  for (const [name, value] of Object.entries(POISON)) {
    const poisoned = await send('GET', path, { headers: { [name]: value } });
    expect([name, comparable(poisoned)]).toEqual([name, plain]);
  }
  const all = comparable(await send('GET', path, { headers: POISON }));
  expect(all).toEqual(plain);
  expect(JSON.stringify(plain)).not.toContain(EVIL);
});

test.each(PUBLIC)('what another host is asked for is told of our own address only: %s', async (path) => {
  const request = new Request<unknown, IncomingRequestCfProperties>(`http://${EVIL}:444${path}`);
  const response = await worker.fetch(request, { ...env }, createExecutionContext());
  const text = await response.text();
  expect(comparable({ status: response.status, headers: response.headers, text })).toEqual(
    comparable(await send('GET', path)),
  );
});

test('a list reached by another host links to the next page at our own address', async () => {
  const { id, base, api } = await makeReseller();
  for (let count = 0; count < 2; count++) await api.post(`${base}/users`, newUser());
  for (const [path, rel] of [
    [`${base}/users?limit=1`, 'next'],
    ['/v3/events?limit=1', 'next'],
    [`/v1.0/accounts/${id}/users?pageSize=1`, 'next'],
  ]) {
    const headers = { ...POISON, Authorization: `Bearer ${api.token}` };
    const request = new Request<unknown, IncomingRequestCfProperties>(`http://${EVIL}${path}`, { headers });
    const response = await worker.fetch(request, { ...env }, createExecutionContext());
    expect(response.headers.get('Link')).toMatch(new RegExp(`^<https://edge\\.localhost/[^>]*>; rel="${rel}"`));
    expect(await response.text()).not.toContain(EVIL);
  }
});

test('the link in a mail is at our own address, however the mail was asked for', async () => {
  const { relay, deliver, inbox, api, users, email } = await makeInvited();
  expect((await api.send('GET', users, undefined, POISON)).status).toBe(200);
  await deliver(await relay());
  const asked = {
    method: 'POST',
    headers: { ...POISON, 'Content-Type': 'application/json' },
    body: JSON.stringify({ email }),
  };
  const request = new Request<unknown, IncomingRequestCfProperties>(
    `http://${EVIL}/v3/accounts/reset-password-request`,
    asked,
  );
  await worker.fetch(request, { ...env }, createExecutionContext());
  const [mail] = inbox();
  expect(mail?.text).toContain('https://edge.localhost/activate#');
  expect(JSON.stringify(inbox())).not.toContain(EVIL);
});

for (const one of declared) {
  test(`${nameOf(one)} is kept by no cache, whether it succeeds or is refused, and heeds no header that redirects it`, async () => {
    const scene = await openScene(one);
    const { Host: _, Origin: __, ...poison } = POISON;
    const refused = await requestOf(scene, { headers: { ...poison, Authorization: null } });
    const replied = await requestOf(scene, { headers: poison });
    expect([refused.status, replied.status]).toEqual([401, one.route.returns[0]]);
    for (const reply of [refused, replied]) {
      expect(reply.headers.get('Cache-Control')).toMatch(/^no-store\b/);
      expect(reply.text + [...reply.headers].join()).not.toContain(EVIL);
    }
  });
}

test('what caches may keep is public, has no cookie and no bookmark', async () => {
  const kept = [];
  for (const path of [...PUBLIC, '/sign-in', '/account', '/docs', '/oauth/userinfo']) {
    const { headers } = await send('GET', path);
    if (headers.get('Cache-Control')?.includes('no-store')) continue;
    kept.push(path);
    expect([path, headers.get('Set-Cookie'), headers.get('X-D1-Bookmark')]).toEqual([path, null, null]);
  }
  expect(kept).toEqual(expect.arrayContaining(['/.well-known/jwks.json', '/.well-known/openid-configuration']));
});
