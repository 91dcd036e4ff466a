import { beforeAll, expect, test } from 'vitest';
import { documented } from '../../src/dialects/documented.ts';
import { ANYONE } from '../../src/model/clients/scope.ts';
import { endpoints } from '../../src/routes.ts';
import { send } from '../support/api.ts';
import { exampleOf } from '../support/generators/bodies.ts';
import { declared, openScene, type Scene } from '../support/generators/routes.ts';
import { muteQueues } from '../support/queues.ts';
import { UNTRUSTED } from './expected.ts';
import { type Stranger, strangers } from './strangers.ts';

/**
 * Every address that asks for no token, and the answers to GET and POST of somebody who knows nothing. A token changes
 * nothing, whoever's it is.
 */
const ANSWERS: Readonly<Record<string, readonly [get: number, post: number]>> = {
  '/': [200, 405],
  '/docs': [200, 405],
  '/healthz': [200, 405],
  '/docs/dialects.json': [200, 405],
  '/docs/:file': [404, 405],
  '/activate': [200, 405],
  '/pages/:file': [404, 405],
  '/activate/link': [405, 200],
  '/activate/password': [405, 400],
  '/activate/mail': [405, 202],
  '/sign-in': [303, 405],
  '/sign-in/password': [303, 404],
  '/sign-in/factor': [303, 404],
  '/sign-in/passkey/options': [405, 404],
  '/sign-in/passkey': [405, 404],
  '/sign-in/google': [404, 405],
  '/sign-in/google/callback': [404, 405],
  '/sign-in/forgotten': [303, 404],
  '/account': [303, 405],
  '/account/again': [303, 303],
  '/account/password': [303, 303],
  '/account/app': [303, 303],
  '/account/app/enable': [303, 303],
  '/account/app/disable': [303, 303],
  '/account/recovery-codes': [303, 303],
  '/account/passkeys/remove': [303, 303],
  '/account/provider/unlink': [303, 303],
  '/account/provider/allow': [303, 303],
  '/account/consents/withdraw': [303, 303],
  '/account/memberships/accept': [303, 303],
  '/account/memberships/decline': [303, 303],
  '/account/memberships/leave': [303, 303],
  '/account/export': [303, 303],
  '/account/delete': [303, 303],
  '/account/sessions/end': [303, 303],
  '/account/sessions/end-others': [303, 303],
  '/account/sign-out': [303, 303],
  '/account/passkeys/options': [405, 404],
  '/account/passkeys': [405, 404],
  '/invitation/:token': [404, 404],
  '/subscribe/:token': [404, 404],
  '/unsubscribe/:token': [404, 404],
  '/dev/mail': [303, 404],
  '/dev/mail/:id': [303, 404],
  '/dev/mail/:id/html': [303, 404],
  '/cdn-cgi/mail': [200, 404],
  '/cdn-cgi/mail/:id': [404, 404],
  '/cdn-cgi/mail/:id/html': [404, 404],
  '/.well-known/jwks.json': [200, 405],
  '/.well-known/oauth-authorization-server': [200, 405],
  '/.well-known/openid-configuration': [200, 405],
  '/oauth/authorize': [400, 303],
  '/oauth/consent': [405, 400],
  '/oauth/token': [405, 400],
  '/oauth/revoke': [405, 200],
  '/oauth/userinfo': [401, 401],
  '/v3/openapi.json': [200, 405],
  '/v1.0/accounts/openapi.json': [200, 405],
  '/reseller/openapi.json': [200, 405],
  '/token': [405, 422],
  '/v3/accounts/login': [405, 400],
  '/v3/accounts/reset-password-request': [405, 204],
  '/v3/users/:userId/reset-password': [405, 400],
  '/v3/accounts/login-google': [400, 405],
  '/reseller/token': [405, 401],
};

/** There an `Authorization` stands for a client (RFC 7009 §2.1), which a token is not. */
const AS_CLIENT: typeof ANSWERS = { '/oauth/revoke': [405, 401] };

/** Of OpenID Connect, the one address beside the dialects that takes a token: of a user, by a client it agreed to. */
const USER_INFO = '/oauth/userinfo';

const PLACEHOLDER = '0190a0b0-0000-7000-8000-000000000000';
const filled = (path: string) => path.replace(/:\w+/g, PLACEHOLDER);

const open = documented.flatMap((dialect) =>
  dialect.routes.filter(({ scope }) => scope === ANYONE).map((route) => ({ dialect, route })),
);
const addresses = [
  ...endpoints.map(({ path }) => path),
  ...open.map(({ dialect, route }) => dialect.base + route.path),
];

/** A request as the page, or the client, at that address would send it: well-formed, and about nobody who is there. */
function ask(method: string, path: string, headers: Record<string, string> = {}) {
  const found = open.find(({ dialect, route }) => dialect.base + route.path === path);
  const example = found && exampleOf(found.dialect, found.route);
  const form = !path.startsWith('/activate/') && (found === undefined || found.route.mediaTypes !== undefined);
  const fields = (example ?? { token: PLACEHOLDER, flow: PLACEHOLDER, email: 'nobody@example.com' }) as Record<
    string,
    string
  >;
  const body = form ? new URLSearchParams(fields) : JSON.stringify(fields);
  const type = form ? 'application/x-www-form-urlencoded' : 'application/json';
  return send(method, filled(path), {
    redirect: 'manual',
    headers: {
      Origin: 'https://edge.localhost',
      'CF-Connecting-IP': crypto.randomUUID(),
      ...headers,
      ...(method === 'POST' && { 'Content-Type': type }),
    },
    ...(method === 'POST' && { body }),
  });
}

beforeAll(muteQueues);

test('it is written down what each address answers to strangers', () => {
  expect(Object.keys(ANSWERS).sort()).toEqual([...addresses].sort());
});

let scene: Promise<Scene> | undefined;
const shared = () => (scene ??= openScene(declared[0]!));
const everybody = Object.keys(strangers) as Stranger[];
const tokens = new Map<Stranger, Promise<string>>();
async function tokenOf(stranger: Stranger) {
  const token = tokens.get(stranger) ?? strangers[stranger](await shared());
  tokens.set(stranger, token);
  return token;
}

test.each(addresses)('%s answers everybody alike', async (path) => {
  const methods = ['GET', 'POST'] as const;
  const anonymous = await Promise.all(methods.map((method) => ask(method, path)));
  expect(anonymous.map(({ status }) => status)).toEqual(ANSWERS[path]);
  if (path === USER_INFO) return;
  const { reseller } = await shared();
  for (const stranger of everybody) {
    const Authorization = `Bearer ${await tokenOf(stranger)}`;
    for (const [index, method] of methods.entries()) {
      const reply = await ask(method, path, { Authorization });
      expect([stranger, method, reply.status]).toEqual([stranger, method, (AS_CLIENT[path] ?? ANSWERS[path])?.[index]]);
      expect(reply.text).not.toContain(reseller);
    }
  }
});

test.each(addresses)('%s answers without a bookmark, whatever the method', async (path) => {
  const token = await tokenOf(everybody[0]!);
  for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'OPTIONS']) {
    for (const headers of [{}, { Authorization: `Bearer ${token}` }])
      expect([method, (await ask(method, path, headers)).headers.get('X-D1-Bookmark')]).toEqual([method, null]);
  }
});

test('without a valid credential no route answers with a bookmark', async () => {
  for (const { base, routes } of documented) {
    for (const { method, path } of routes)
      expect([path, (await ask(method, base + path)).headers.get('X-D1-Bookmark')]).toEqual([path, null]);
  }
});

test.each(everybody)('user info says nothing to a token: %s', async (stranger) => {
  const token = await tokenOf(stranger);
  const reply = await ask('GET', USER_INFO, { Authorization: `Bearer ${token}` });
  const untrusted = Object.keys(UNTRUSTED).includes(stranger);
  expect([reply.status, reply.text]).toEqual([untrusted ? 401 : 403, '']);
});
