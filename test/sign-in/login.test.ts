import * as v from 'valibot';
import { beforeEach, expect, test, vi } from 'vitest';
import { events as shapes } from '../../src/dialects/v3/events/event-shapes.ts';
import { SESSIONS_MAX } from '../../src/model/limits/index.ts';
import { footprint } from '../support/measures/footprint.ts';
import { enroll as join, makeAccount } from '../support/people/accounts.ts';
import { codeOf, enroll, login, makePerson, PASSWORD, post, steady } from '../support/people/signed-up.ts';
import { muteQueues } from '../support/queues.ts';
import { makeReseller, newOrganization, newReseller, operator, rows, unique } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

test('a user signs in by the id or the name of the reseller, however that is written', async () => {
  const name = `Straße ${unique('Ärger')}`;
  const person = await makePerson({}, await makeReseller({ name }));
  const { email, password } = person.credentials;
  for (const of of [
    { accountId: person.id },
    { accountId: person.id.toUpperCase() },
    { accountAlias: name },
    { accountAlias: name.toUpperCase().replace('STRASSE', 'STRAßE') },
    { accountAlias: name.normalize('NFD').toLowerCase() },
  ]) {
    const reply = await login({ ...of, email: ` ${email.toUpperCase()} `, password });
    expect(reply.status, JSON.stringify(of) + reply.text).toBe(200);
    expect(reply.body).toEqual({ accessToken: expect.any(String), refreshToken: expect.any(String), expiresIn: 900 });
    expect(reply.headers.get('Cache-Control')).toBe('no-store');
  }
  expect(await login({ email, password })).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } });
});

test('a sign-in is kept, told once and shown in the body that its webhook has', async () => {
  const person = await makePerson();
  const before = await person.row();
  const me = await person.signIn();
  const after = await person.row();
  expect(before.last_login_at).toBeNull();
  expect(after.last_login_at).toBeGreaterThanOrEqual(before.created_at);
  expect(after.updated_at).toBe(before.updated_at);
  const events = (await person.log(0)).filter(({ type }) => type === 'account.logged-in');
  expect(events).toHaveLength(1);
  const { id } = events[0];
  const feed = (await person.api.get('/v3/events')).body.find((event: { id: string }) => event.id === id);
  const { event, data, triggeredAt } = feed;
  expect(v.parse(shapes.bodySchema('account.logged-in'), { event, data, triggeredAt })).toEqual({
    event,
    data,
    triggeredAt,
  });
  expect(data).toEqual((await me.get('/v3/me')).body);
  expect(feed.actor).toBe(`user:${person.userId}`);
  expect(await person.sessions()).toMatchObject([
    { reseller_id: person.id, methods: '["pwd"]', user_agent: 'Tests/1', client_id: null, cookie_hash: null },
  ]);
  expect(await person.types()).toEqual([]);
});

test('whoever may not be in is refused with the same bytes, whatever the reason', async () => {
  const person = await makePerson();
  const { accountId, email } = person.credentials;
  const stranger = await makePerson();
  const member = await makePerson();
  const disabled = await makePerson();
  await (await operator()).patch(`/v1.0/accounts/${disabled.id}`, [{ op: 'replace', path: '/enabled', value: false }]);
  const { body: organization } = await person.api.post(`${person.base}/organizations`, newOrganization());
  const closed = await makePerson({ organizationId: organization.id, allowCustomerPortalAccess: false }, person);
  const invited = await makePerson({}, person);
  await rows('update users set password_hash = null, verified_at = null where id = ?', invited.userId);
  const dismissed = await makePerson({}, person);
  await person.api.patch(`/v1.0/accounts/${person.id}/users/${dismissed.userId}`, [
    { op: 'add', path: '/roles', value: [] },
  ]);
  const deleted = await makePerson({}, person);
  await person.api.delete(`${person.base}/users/${deleted.userId}`);
  const gone = await makeReseller();
  const late = await makePerson({}, gone);
  await (await operator()).delete(gone.base);
  const cases: Record<string, object> = {
    'wrong password': { accountId, email, password: 'wrong' },
    'no user': { accountId, email: `${unique('nobody')}@example.com` },
    'no reseller': { accountId: crypto.randomUUID(), email },
    'no reseller of this name': { accountAlias: unique('Nobody'), email },
    "somebody else's reseller": { accountId: stranger.id, email },
    'a member of another reseller': { accountId, email: member.email },
    'a disabled account': disabled.credentials,
    'a customer who is not let in': closed.credentials,
    'an invited user': invited.credentials,
    'no account.user any more': dismissed.credentials,
    'a deleted user': deleted.credentials,
    'a deleted reseller': late.credentials,
  };
  const seen = new Map<string, string>();
  for (const [name, body] of Object.entries(cases)) {
    const { status, text, headers } = await login({ password: PASSWORD, ...body });
    const told = [...headers].filter(
      ([header]) => !/^x-(request-id|d1-bookmark|rate-limit-reset)$|^ratelimit$/i.test(header),
    );
    seen.set(name, JSON.stringify([status, text, told]));
  }
  expect(new Set(seen.values()).size, JSON.stringify([...seen], null, 1)).toBe(1);
  expect(seen.get('no user')).toContain('AUTHENTICATION_FAILED');
  expect((await person.enter()).status).toBe(200);
  const failed = 'select reason, sum(count) as count from sign_in_failures where reseller_id = ? group by reason';
  expect(await rows(failed, person.id)).toEqual([
    { reason: 'not-allowed', count: 2 },
    { reason: 'wrong-password', count: 2 },
  ]);
});

test("a customer's user who is let in signs in, and so does a member from elsewhere", async () => {
  const home = await makeReseller();
  const { body: organization } = await home.api.post(`${home.base}/organizations`, newOrganization());
  const person = await makePerson({ organizationId: organization.id }, home);
  expect((await person.enter()).status).toBe(200);
  const other = await makeAccount();
  await join(other, person, 'account.user');
  expect((await person.enter({ accountId: other.id })).status).toBe(200);
  expect((await person.sessions()).map(({ reseller_id }) => reseller_id)).toEqual([home.id, other.id]);
});

test('nobody of a deleted customer signs in, but for who is a member elsewhere', async () => {
  const home = await makeReseller();
  const { body: organization } = await home.api.post(`${home.base}/organizations`, newOrganization());
  const person = await makePerson({ organizationId: organization.id }, home);
  const other = await makeAccount();
  await join(other, person, 'account.user');
  // Its users go in chunks.
  await rows('update organizations set deleted_at = 1 where id = ?', organization.id);
  expect((await person.enter({ accountId: home.id })).status).toBe(400);
  expect(await person.sessions()).toEqual([]);
  expect((await person.enter({ accountId: other.id })).status).toBe(200);
});

test('what is no body of a sign-in leaves nothing behind', async () => {
  const person = await makePerson();
  const before = await footprint();
  for (const body of [
    '',
    '[]',
    '{}',
    { ...person.credentials, email: 'x' },
    { ...person.credentials, password: '' },
    { ...person.credentials, password: 'x'.repeat(300) },
  ])
    expect((await post('/v3/accounts/login', body)).status).toBe(400);
  expect(await footprint()).toEqual(before);
});

test('a second factor is asked for, which is no failure, and judged', async () => {
  const person = await makePerson();
  const secret = await enroll(await person.signIn());
  const before = await person.types();
  expect(await person.enter()).toMatchObject({ status: 400, body: { code: 'TWO_FACTOR_CODE_REQUIRED' } });
  expect(await person.attempts()).toBe(0);
  expect(await person.types()).toEqual(before);
  expect(await person.enter({ password: 'wrong' })).toMatchObject({ body: { code: 'AUTHENTICATION_FAILED' } });
  expect(await person.enter({ password: 'wrong', twoFactorCode: codeOf(secret) })).toMatchObject({ status: 400 });
  await steady();
  for (const steps of [-3, -2, 2, 3])
    expect((await person.enter({ twoFactorCode: codeOf(secret, steps) })).status).toBe(400);
  expect((await person.enter({ twoFactorCode: codeOf(secret, 1) })).status).toBe(200);
  // With it all before it are used up.
  await rows('delete from sign_in_attempts');
  for (const steps of [0, 1]) expect((await person.enter({ twoFactorCode: codeOf(secret, steps) })).status).toBe(400);
  const [, second] = await person.sessions();
  expect(JSON.parse(second.methods)).toEqual(['pwd', 'otp']);
});

test('of many at once with the same code one gets in', async () => {
  const person = await makePerson();
  const secret = await enroll(await person.signIn());
  const twoFactorCode = codeOf(secret);
  const many = await Promise.all(Array.from({ length: 4 }, () => person.enter({ twoFactorCode })));
  expect(many.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400]);
  expect(await person.sessions()).toHaveLength(2);
  expect(await person.attempts()).toBe(3);
});

test('a recovery code works once, also of many at once, and its use is told by mail', async () => {
  const person = await makePerson();
  const me = await person.signIn();
  const secret = await enroll(me);
  const { body } = await me.post('/v3/me/2fa-recovery-codes', { twoFactorCode: codeOf(secret) });
  const [first, second] = body.recoveryCodes;
  const mails = (await person.mails()).length;
  expect((await person.enter({ twoFactorRecoveryCode: ` ${first.toUpperCase().replaceAll('-', ' ')}` })).status).toBe(
    200,
  );
  expect((await person.enter({ twoFactorRecoveryCode: first })).status).toBe(400);
  const many = await Promise.all(Array.from({ length: 3 }, () => person.enter({ twoFactorRecoveryCode: second })));
  expect(many.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
  // The third that fails is told, too.
  expect(await person.mails()).toHaveLength(mails + 3);
  expect((await person.types()).filter((type) => type === 'account.recovery-code-used')).toHaveLength(2);
});

const sessionId = (n: string) => `printf('00000000-0000-7000-8000-%012d', ${n})`;

test('whoever has too many sessions loses the oldest, once in the log, and nobody else loses one', async () => {
  const [person, other] = [await makePerson(), await makePerson()];
  await other.signIn();
  await rows(
    `with recursive n(n) as (select 1 union all select n + 1 from n where n < ?)
     insert into sessions (id, user_id, reseller_id, created_at, expires_at) select ${sessionId('n')}, ?2, ?3, n, ?4 from n`,
    SESSIONS_MAX,
    person.userId,
    person.id,
    Date.now() + 60_000,
  );
  const lasting = async () => (await person.sessions()).filter(({ ended_at }) => ended_at === null);
  expect(await lasting()).toHaveLength(SESSIONS_MAX);
  // A session in another tenant ends none here.
  const elsewhere = await makeAccount();
  await join(elsewhere, person, 'account.user');
  await person.signIn({ accountId: elsewhere.id });
  expect(await lasting()).toHaveLength(SESSIONS_MAX + 1);
  await rows('delete from sessions where reseller_id = ?', elsewhere.id);
  const me = await person.signIn();
  const left = await lasting();
  expect(left).toHaveLength(SESSIONS_MAX);
  expect(left[0].id).toBe('00000000-0000-7000-8000-000000000002');
  expect((await me.get('/v3/me/sessions')).body).toHaveLength(SESSIONS_MAX);
  await rows('update sessions set ended_at = ended_at + 1 where user_id = ?', person.userId);
  const details = { sessionId: '00000000-0000-7000-8000-000000000001', reason: 'too-many' };
  expect((await person.log()).map(({ after }) => JSON.parse(after))).toEqual([details]);
  expect((await other.sessions()).map(({ ended_at }) => ended_at)).toEqual([null]);
});

test('a hash of older parameters is made anew at sign-in, and only then; it is no other password', async () => {
  const person = await makePerson();
  await person.api.post(`/v3/users/${person.userId}/reset-password-token`);
  // Node's crypto has no pepper of ours: a hash that was made by us with fewer passes stands in.
  const { default: Argon2 } = await import('@phi-ag/argon2');
  const { default: wasm } = await import('@phi-ag/argon2/argon2.wasm');
  const { env } = await import('cloudflare:workers');
  const { createHmac } = await import('node:crypto');
  const [{ id, pepper }] = JSON.parse(env.PASSWORD_PEPPER);
  const peppered = createHmac('sha256', pepper).update(PASSWORD.normalize('NFC')).digest('base64');
  const made = new Argon2(new WebAssembly.Instance(wasm)).hash(peppered, {
    salt: new Uint8Array(16).fill(1),
    hashLength: 32,
    memoryCost: 8192,
    timeCost: 1,
    parallelism: 1,
    type: 2,
    version: 0x13,
  });
  const old = id + made.encoded;
  await rows('update users set password_hash = ? where id = ?', old, person.userId);
  expect((await person.enter({ password: 'wrong' })).status).toBe(400);
  expect(await person.row()).toMatchObject({ password_hash: old });
  const many = await Promise.all([1, 2, 3].map(() => person.enter()));
  expect(many.map(({ status }) => status)).toEqual([200, 200, 200]);
  const { password_hash: renewed } = await person.row();
  expect(renewed).toMatch(/^p1\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect((await person.enter()).status).toBe(200);
  expect(await person.row()).toMatchObject({ password_hash: renewed });
  expect(await rows('select used_at from activations where user_id = ?', person.userId)).toEqual([{ used_at: null }]);
});

test('nothing that a sign-in is proved by is told or kept as it came', async () => {
  const logged: unknown[] = [];
  for (const level of ['log', 'error', 'warn', 'info'] as const)
    vi.spyOn(console, level).mockImplementation((...said) => void logged.push(said));
  const person = await makePerson();
  const wrong = unique('a wrong password');
  await person.enter({ password: wrong });
  const me = await person.signIn();
  const secret = await enroll(me);
  const twoFactorCode = codeOf(secret);
  const codes = (await me.post('/v3/me/2fa-recovery-codes', { twoFactorCode })).body.recoveryCodes as string[];
  const { accessToken, refreshToken } = (await person.enter({ twoFactorRecoveryCode: codes[0] })).body;
  await me.post('/v3/me/password', { currentPassword: PASSWORD, newPassword: 'battery staple horse' });
  const { password_hash } = await person.row();
  const tables = await rows<{ name: string }>(
    "select name from sqlite_schema where type = 'table' and name not like 'sqlite%' and name not like '\\_cf%' escape '\\'",
  );
  const kept = await Promise.all(tables.map(async ({ name }) => JSON.stringify(await rows(`select * from ${name}`))));
  const told = [
    JSON.stringify(await rows('select * from events')),
    JSON.stringify(logged),
    (await me.get('/v3/events')).text,
  ];
  for (const proof of [wrong, PASSWORD, 'battery staple horse', secret, ...codes, accessToken, refreshToken]) {
    for (const text of [...kept, ...told]) expect(text).not.toContain(proof);
  }
  for (const text of told) expect(text).not.toContain(password_hash);
});

test('the name of a reseller that is taken over leads to the new one', async () => {
  const { name } = newReseller();
  const first = await makePerson({}, await makeReseller({ name }));
  await (await operator()).patch(first.base, { name: unique('Renamed') });
  const second = await makePerson({}, await makeReseller({ name }));
  expect((await login({ accountAlias: name, email: first.email, password: PASSWORD })).status).toBe(400);
  expect((await login({ accountAlias: name, email: second.email, password: PASSWORD })).status).toBe(200);
});
