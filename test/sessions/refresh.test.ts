import { decodeJwt } from 'jose';
import { beforeEach, expect, test, vi } from 'vitest';
import { SESSION_IDLE_DEFAULT_DAYS, SESSION_LIFE_MS } from '../../src/model/limits/index.ts';
import { Caller, send } from '../support/api.ts';
import { enroll, makeAccount } from '../support/people/accounts.ts';
import { makePerson, PASSWORD, type Person } from '../support/people/signed-up.ts';
import { muteQueues } from '../support/queues.ts';
import { newOrganization, operator, rows, unique } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

const refresh = (refresh_token: string, more: Record<string, string> = {}) =>
  send('POST', '/oauth/token', {
    headers: { 'CF-Connecting-IP': unique('address'), 'User-Agent': 'Refreshing/1' },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token, ...more }),
  });
const GONE = { status: 400, body: { error: 'invalid_grant' } };
const works = async (token: string) => (await new Caller(token).get('/v3/me')).status === 200;

test('a refresh token is exchanged for the next, with all rights of the user', async () => {
  const person = await makePerson({ role: 'reseller-admin' });
  const { tokens } = await person.signIn();
  const { status, body } = await refresh(tokens.refreshToken);
  expect(status).toBe(200);
  expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 900 });
  expect(body.refresh_token).not.toBe(tokens.refreshToken);
  const [before, after] = [decodeJwt(tokens.accessToken), decodeJwt(body.access_token)];
  expect(after).toMatchObject({
    sub: person.userId,
    sid: before['sid'],
    scope: before['scope'],
    reseller_id: person.id,
  });
  expect(after['scope']).toContain('reseller:user:create');
  expect(await works(body.access_token)).toBe(true);
  expect((await refresh(body.refresh_token)).status).toBe(200);
  const [session] = await person.sessions();
  expect(session).toMatchObject({ user_agent: 'Refreshing/1', ended_at: null });
  expect(session.used_at).toBeGreaterThanOrEqual(session.created_at);
  expect(session.expires_at).toBe(session.used_at + SESSION_IDLE_DEFAULT_DAYS * 24 * 3_600_000);
  const hashes = await rows('select * from refresh_tokens where session_id = ?', session.id);
  expect(hashes).toHaveLength(1);
  expect(JSON.stringify(hashes)).not.toContain(body.refresh_token);
});

test('a token that comes again ends the session, with whatever was made of it', async () => {
  const person = await makePerson();
  const { tokens } = await person.signIn();
  const { body: second } = await refresh(tokens.refreshToken);
  expect(await refresh(tokens.refreshToken)).toMatchObject(GONE);
  expect(await refresh(second.refresh_token)).toMatchObject(GONE);
  for (const token of [tokens.accessToken, second.access_token]) expect(await works(token)).toBe(false);
  const log = await person.log();
  expect(log.map(({ type, after }) => [type, JSON.parse(after).reason])).toEqual([
    ['account.session-ended', 'refresh-token-reused'],
  ]);
});

test('of two at once one at most gets tokens, and the session is over', async () => {
  for (let round = 0; round < 5; round++) {
    const person = await makePerson();
    const { tokens } = await person.signIn();
    const both = await Promise.all([1, 2].map(() => refresh(tokens.refreshToken)));
    expect(both.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    for (const { body } of both) {
      if (body.access_token === undefined) continue;
      expect(await works(body.access_token)).toBe(false);
      expect(await refresh(body.refresh_token)).toMatchObject(GONE);
    }
    expect((await person.sessions())[0].ended_at).not.toBeNull();
  }
});

test('thirty days after the sign-in it is over, however often it was refreshed', async () => {
  const person = await makePerson();
  const { tokens } = await person.signIn();
  const { body } = await refresh(tokens.refreshToken);
  const shift = SESSION_LIFE_MS - 60_000;
  const age = (ms: number) =>
    rows(
      'update sessions set created_at = created_at - ?1, expires_at = expires_at - ?1 where user_id = ?2',
      ms,
      person.userId,
    );
  await rows('update sessions set created_at = created_at - ? where user_id = ?', shift, person.userId);
  const later = await refresh(body.refresh_token);
  expect(later.status).toBe(200);
  await age(60_001);
  expect(await refresh(later.body.refresh_token)).toMatchObject(GONE);
  expect(await works(later.body.access_token)).toBe(false);
});

test('what is no refresh token is refused, as is one that an API client was given', async () => {
  const person = await makePerson();
  const { tokens } = await person.signIn();
  for (const token of ['x', 'x'.repeat(101), tokens.accessToken]) expect(await refresh(token)).toMatchObject(GONE);
  const { id, secret } = person.api.client;
  expect(await refresh(tokens.refreshToken, { client_id: id, client_secret: secret })).toMatchObject(GONE);
  expect((await refresh(tokens.refreshToken)).status).toBe(200);
});

const patch = ({ api, id, userId }: Person, value: string[]) =>
  api.patch(`/v1.0/accounts/${id}/users/${userId}`, [{ op: 'add', path: '/roles', value }]);
const enabled = async ({ id }: Person, value: boolean) =>
  (await operator()).patch(`/v1.0/accounts/${id}`, [{ op: 'replace', path: '/enabled', value }]);
const customers = async (person: Person) => {
  const { body } = await person.api.post(`${person.base}/organizations`, newOrganization());
  await person.api.patch(`${person.base}/users/${person.userId}`, { organizationId: body.id });
  await patch(person, []);
};

type Death = readonly [
  what: string,
  kill: (one: Person) => Promise<unknown>,
  reason: string | null,
  prepare?: (one: Person) => Promise<unknown>,
];
const deaths: readonly Death[] = [
  [
    'a change of password',
    async (one) =>
      (await one.signIn()).post('/v3/me/password', { currentPassword: PASSWORD, newPassword: 'battery staple horse' }),
    'password-changed',
  ],
  ['its user is deleted', ({ api, base, userId }) => api.delete(`${base}/users/${userId}`), 'user-deleted'],
  ['its account is disabled', (one) => enabled(one, false), null],
  [
    'its account is disabled and enabled again',
    async (one) => [await enabled(one, false), await enabled(one, true)],
    null,
  ],
  [
    // Whose users go in chunks.
    'its customer is deleted',
    async (one) => rows('update organizations set deleted_at = 1 where id = ?', (await one.row()).organization_id),
    null,
    customers,
  ],
  ['its reseller is deleted', async ({ base }) => (await operator()).delete(base), null],
  ['account.user is taken away', (one) => patch(one, ['user.admin']), 'access-withdrawn'],
  [
    'portal access is taken away',
    ({ api, base, userId }) => api.patch(`${base}/users/${userId}`, { allowCustomerPortalAccess: false }),
    'access-withdrawn',
    customers,
  ],
  [
    'its user leaves the customer through whom it is let in',
    ({ api, base, userId }) => api.patch(`${base}/users/${userId}`, { organizationId: null }),
    'access-withdrawn',
    customers,
  ],
  [
    'both are taken away at once',
    ({ api, base, userId }) =>
      api.patch(`${base}/users/${userId}`, { organizationId: null, allowCustomerPortalAccess: false }),
    'access-withdrawn',
    customers,
  ],
  [
    'an administrator ends it',
    ({ api, userId }) => api.delete(`/v3/users/${userId}/sessions`),
    'ended-by-administrator',
  ],
];

for (const [what, kill, reason, prepare] of deaths) {
  test(`a session is over on the next request after ${what}`, async () => {
    const person = await makePerson();
    await prepare?.(person);
    const { tokens } = await person.signIn();
    expect(await works(tokens.accessToken)).toBe(true);
    await kill(person);
    expect(await works(tokens.accessToken)).toBe(false);
    expect(await refresh(tokens.refreshToken)).toMatchObject(GONE);
    expect(await works(tokens.accessToken)).toBe(false);
    const reasons = (await person.log())
      .filter(({ type }) => type === 'account.session-ended')
      .map(({ after }) => JSON.parse(after).reason);
    if (reason !== null) expect(reasons).toContain(reason);
  });
}

test('one way in that is taken away ends no session that another lets in', async () => {
  const person = await makePerson();
  await customers(person);
  await patch(person, ['account.user']);
  const me = await person.signIn();
  const letIn = (allowCustomerPortalAccess: boolean) =>
    person.api.patch(`${person.base}/users/${person.userId}`, { allowCustomerPortalAccess });
  for (const change of [() => patch(person, []), () => patch(person, ['account.user']), () => letIn(false)]) {
    expect((await change()).status).toBe(200);
    expect((await me.get('/v3/me')).status).toBe(200);
  }
  expect(await person.log()).toEqual([]);
});

test('who is let in no more in one reseller keeps the sessions in the others', async () => {
  const person = await makePerson();
  const other = await makeAccount();
  await enroll(other, person, 'account.user');
  const abroad = async () => new Caller((await person.enter({ accountId: other.id })).body.accessToken);
  const [home, one] = [await person.signIn(), await abroad()];
  await patch(person, ['webhooks.admin']);
  expect((await home.get('/v3/me')).status).toBe(401);
  expect((await one.get('/v3/me')).status).toBe(200);
  await person.api.patch(`${person.base}/users/${person.userId}`, { allowCustomerPortalAccess: false });
  await customers(person);
  await person.api.patch(`${person.base}/users/${person.userId}`, { allowCustomerPortalAccess: true });
  await person.api.patch(`${person.base}/users/${person.userId}`, { allowCustomerPortalAccess: false });
  expect((await one.get('/v3/me')).status).toBe(200);
  await patch(person, ['account.user']);
  const again = await person.signIn();
  expect((await other.api.delete(`${other.users}/${person.userId}`)).status).toBe(200);
  expect((await one.get('/v3/me')).status).toBe(401);
  expect((await again.get('/v3/me')).status).toBe(200);
  const ended = (await person.log()).map(({ reseller_id, after }) => [reseller_id, JSON.parse(after).reason]);
  expect(ended).toEqual([person.id, other.id].map((id) => [id, 'access-withdrawn']));
});

test('a token is good for its own user and reseller only, whatever session it names', async () => {
  const person = await makePerson();
  const other = await makePerson({}, person);
  await enroll(await makeAccount(), person, 'account.user');
  const me = await person.signIn();
  const [{ reseller_id: abroad }] = await rows(
    'select reseller_id from memberships where user_id = ? and reseller_id <> ?',
    person.userId,
    person.id,
  );
  const works = async () => (await me.get('/v3/me')).status;
  const become = (userId: string, resellerId: string) =>
    rows(
      'update sessions set user_id = ?1, reseller_id = ?2 where user_id in (?3, ?4)',
      userId,
      resellerId,
      person.userId,
      other.userId,
    );
  for (const [userId, resellerId, status] of [
    [person.userId, abroad, 401],
    [other.userId, person.id, 401],
    [person.userId, person.id, 200],
  ] as const) {
    await become(userId, resellerId);
    expect(await works()).toBe(status);
  }
});

test('a right that is taken away is gone from the next refresh, and from the token that said it', async () => {
  const person = await makePerson();
  await patch(person, ['account.user', 'user.admin']);
  await patch(await makePerson({}, person), ['account.user', 'user.admin']);
  const me = await person.signIn();
  expect((await me.get(`${person.base}/users`)).status).toBe(200);
  await patch(person, ['account.user']);
  expect((await me.get(`${person.base}/users`)).status).toBe(403);
  const { body } = await refresh(me.tokens.refreshToken);
  expect(body.scope).toBe('');
});
