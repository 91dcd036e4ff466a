import { beforeAll, expect, test } from 'vitest';
import { documented } from '../../src/dialects/documented.ts';
import { type Json, type Reply, send } from '../support/api.ts';
import { makeIdentity, makers } from '../support/generators/makers.ts';
import { invitedBy } from '../support/generators/own-routes.ts';
import { declared, nameOf, openScene, request } from '../support/generators/routes.ts';
import { settleFailures } from '../support/people/sign-in-failures.ts';
import {
  addPasskey,
  codeOf,
  enroll,
  giveConsent,
  login,
  makePerson,
  PASSWORD,
  post,
  steady,
} from '../support/people/signed-up.ts';
import { muteQueues } from '../support/queues.ts';
import { callerFor, rows, unique } from '../support/world.ts';
import { fieldsNamed } from './fields-named.ts';

const ORIGIN = { address: '203.0.113.7', userAgent: 'Audited/1.0' };
const headers = { 'CF-Connecting-IP': ORIGIN.address, 'User-Agent': ORIGIN.userAgent };

/** What successes leave no row for: they change nothing. */
const NOTHING_CHANGES: Readonly<Record<string, string>> = {
  createToken: 'a client that asks for a token of its own gets one; nothing is stored',
};

const MEMBERSHIPS = '/v3/me/memberships';

/** Requests that succeed at routes without a scope, by operation. */
const PERFORMED: Readonly<Record<string, () => Promise<Reply>>> = {
  login: async () => {
    const { credentials } = await makePerson();
    return post('/v3/accounts/login', credentials, ORIGIN.address, headers);
  },
  requestPasswordReset: async () => {
    const { email } = await makePerson();
    const asked = { ...headers, 'X-Request-Id': unique('asked') };
    const reply = await post('/v3/accounts/reset-password-request', { email }, ORIGIN.address, asked);
    await expect.poll(() => rowsOf(reply)).toHaveLength(1);
    return reply;
  },
  resetPassword: async () => {
    const { userId, api } = await makePerson();
    const { body } = await api.post(`/v3/users/${userId}/reset-password-token`);
    const sent = { token: body.resetPasswordToken, newPassword: 'another horse battery' };
    return post(`/v3/users/${userId}/reset-password`, sent, ORIGIN.address, headers);
  },
  createTwoFactorSecret: () => own('POST', '/v3/me/2fa-secret'),
  enableTwoFactor: () =>
    own('POST', '/v3/me/2fa/enable', async ({ caller }) => {
      await steady();
      return { twoFactorCode: codeOf((await caller.post('/v3/me/2fa-secret')).body.secret) };
    }),
  createRecoveryCodes: () => own('POST', '/v3/me/2fa-recovery-codes', proof),
  disableTwoFactor: () => own('DELETE', '/v3/me/2fa', proof),
  removeMyPasskey: () => own('DELETE', async ({ userId }) => `/v3/me/passkeys/${await addPasskey(userId)}`),
  endMySessions: () => own('DELETE', '/v3/me/sessions'),
  endMySession: () => own('DELETE', async ({ sessions }) => `/v3/me/sessions/${(await sessions())[0].id}`),
  withdrawMyConsent: () =>
    own('DELETE', async ({ userId, api }) => `/v3/me/consents/${await giveConsent(userId, api.client.id)}`),
  acceptMyMembership: () => own('POST', async ({ userId }) => `${MEMBERSHIPS}/${await invitedBy(userId, null)}/accept`),
  declineMyMembership: () =>
    own('POST', async ({ userId }) => `${MEMBERSHIPS}/${await invitedBy(userId, null)}/decline`),
  leaveMyMembership: () => own('DELETE', async ({ userId }) => `${MEMBERSHIPS}/${await invitedBy(userId, 1)}`),
  deleteMe: () => own('DELETE', '/v3/me'),
  changeMyPassword: () =>
    own('POST', '/v3/me/password', async () => ({ currentPassword: PASSWORD, newPassword: 'another horse battery' })),
  unlinkGoogle: () =>
    own('DELETE', async ({ userId }) => {
      await makeIdentity(userId);
      return '/v3/me/google';
    }),
};

type Person = Awaited<ReturnType<typeof makePerson>> & { readonly caller: Awaited<ReturnType<typeof callerOf>> };
const callerOf = (person: Awaited<ReturnType<typeof makePerson>>) => person.signIn();

async function proof({ caller }: Person) {
  return { twoFactorCode: codeOf(await enroll(caller)) };
}

/** A request of somebody who has just signed in. */
async function own(
  method: string,
  path: string | ((person: Person) => Promise<string>),
  bodyOf?: (person: Person) => Promise<object>,
): Promise<Reply> {
  const person = await makePerson();
  const one: Person = { ...person, caller: await callerOf(person) };
  const address = typeof path === 'string' ? path : await path(one);
  const body = await bodyOf?.(one);
  return one.caller.send(method, address, body, headers);
}

const rowsOf = ({ headers: replied }: Reply) =>
  rows<Json>('select * from events where request_id = ? order by seq', replied.get('X-Request-Id'));

const writing = documented.flatMap((dialect) =>
  dialect.routes.flatMap((route) => (route.method === 'GET' ? [] : [{ dialect, route }])),
);

/** Whatever replies told once and stored nowhere in clear. */
const told: string[] = [PASSWORD, 'another horse battery'];

beforeAll(muteQueues);

for (const { dialect, route } of writing) {
  if (route.id in NOTHING_CHANGES) continue;
  const scoped = declared.find((one) => one.dialect === dialect && one.route.id === route.id);
  const name = `${route.method} ${dialect.base}${route.path}`;

  test(`${name} leaves who did what to whom, and from where`, async () => {
    const scene = scoped && (await openScene(scoped));
    // What ends nothing says nothing.
    if (scene && route.id === 'endUserSessions') await makers['sessionId']!.make(scene.ids);
    const reply = scene ? await request(scene, { headers }) : await PERFORMED[route.id]!();
    expect(reply.status, reply.text).toBeLessThan(300);
    told.push(...fieldsNamed(/secret|token|codes/i, reply.body));
    if (scene) told.push(scene.caller.token, scene.caller.client.secret);
    const found = await rowsOf(reply);
    expect(found.length).toBeGreaterThan(0);
    for (const row of found) {
      expect(row).toMatchObject({ address: ORIGIN.address, user_agent: ORIGIN.userAgent });
      expect(row.actor).toMatch(scene ? `client:${scene.caller.client.id}` : /^(user:|anonymous$)/);
      if (scene) expect([...Object.values(scene.ids), ...fieldsNamed(/id$/i, reply.body)]).toContain(row.subject);
      else expect(row.subject).toMatch(/./);
      expect(row.before ?? row.after, row.type).not.toBeNull();
    }
  });
}

test('the table holds every route that changes something', () => {
  const tested = writing.filter(({ route }) => !(route.id in NOTHING_CHANGES));
  const known = new Set([...declared.map(nameOf), ...Object.keys(PERFORMED)]);
  for (const { dialect, route } of tested)
    expect(known.has(`${route.method} ${dialect.base}${route.path}`) || known.has(route.id), route.id).toBe(true);
  expect(tested.length).toBeGreaterThan(50);
});

test('what a token endpoint does that ends something is in it too', async () => {
  const caller = await callerFor(null);
  const { id, secret } = caller.client;
  const body = new URLSearchParams({ client_id: id, client_secret: secret, token: caller.token });
  const reply = await send('POST', '/oauth/revoke', { body, headers });
  expect(await rowsOf(reply)).toMatchObject([{ type: 'client.token-revoked', subject: id, ...stored(ORIGIN) }]);
  // Once it is ended there is nothing to end.
  expect(await rowsOf(await send('POST', '/oauth/revoke', { body, headers }))).toEqual([]);
  told.push(caller.token, secret);
});

test('a failed sign-in is in it after the hour, with the address that it came from', async () => {
  const { credentials, log } = await makePerson();
  const { 'CF-Connecting-IP': address } = headers;
  expect((await login({ ...credentials, password: 'not this one' }, address)).status).toBe(400);
  await settleFailures();
  expect((await log()).at(-1)).toMatchObject({ type: 'account.login-failed', address });
});

const stored = ({ address, userAgent }: typeof ORIGIN) => ({ address, user_agent: userAgent });

/** Every column that keeps a secret, whole, sealed or hashed. */
const SECRETS = [
  ['users', 'password_hash'],
  ['api_clients', 'secret_hash'],
  ['webhook_endpoints', 'sealed_token'],
  ['webhook_endpoints', 'sealed_old_token'],
  ['totp_secrets', 'sealed_secret'],
  ['recovery_codes', 'code_hash'],
  ['activations', 'token_hash'],
  ['refresh_tokens', 'family_hash'],
  ['refresh_tokens', 'token_hash'],
  ['authorization_codes', 'code_hash'],
  ['sessions', 'cookie_hash'],
  ['idempotency_keys', 'sealed_body'],
] as const;

test('none of all those rows says a secret, whole, sealed or hashed', async () => {
  const written = JSON.stringify(await rows('select * from events'));
  expect(written.length).toBeGreaterThan(10_000);
  for (const [table, column] of SECRETS) {
    const kept = await rows<{ secret: string }>(`select ${column} as secret from ${table} where ${column} is not null`);
    told.push(...kept.map(({ secret }) => secret).filter((secret) => secret.length > 8));
  }
  expect(told.length).toBeGreaterThan(100);
  expect(told.filter((secret) => written.includes(JSON.stringify(secret).slice(1, -1)))).toEqual([]);
});

test('all of those rows are shown with every time as v3 writes it', async () => {
  const platform = await callerFor(null);
  const numbers: string[] = [];
  let seen = 0;
  for (let path: string | undefined = '/v3/audit-log?limit=100'; path !== undefined; ) {
    const { body, headers }: Reply = await platform.get(path);
    JSON.stringify(body, (name, value) => {
      if (/At$/.test(name) && typeof value === 'number') numbers.push(`${name} ${value}`);
      return value;
    });
    seen += body.length;
    path = /<https:\/\/[^/]+([^>]+)>/.exec(headers.get('Link') ?? '')?.[1];
  }
  expect(seen).toBeGreaterThan(100);
  expect(numbers).toEqual([]);
});
