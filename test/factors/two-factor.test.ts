import { beforeEach, expect, test, vi } from 'vitest';
import { FACTOR_FAILURES, SIGN_IN_FAILURES_MAX } from '../../src/model/limits/index.ts';
import { countedFailures } from '../support/people/sign-in-failures.ts';
import { addPasskey, codeOf, enroll, makePerson, PASSWORD, steady } from '../support/people/signed-up.ts';
import { stateBefore } from '../support/people/states.ts';
import { muteQueues } from '../support/queues.ts';
import { rows } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

const FAILED = { status: 400, body: { code: 'AUTHENTICATION_FAILED' } };

test('a secret counts once a code of it has come, and is sealed until then and after', async () => {
  const person = await makePerson();
  await rows("insert into brandings (reseller_id, product_name, updated_at) values (?, 'Acme Cloud', 1)", person.id);
  const me = await person.signIn();
  const first = await me.post('/v3/me/2fa-secret');
  expect(first.status).toBe(201);
  const { secret, otpauthUri } = first.body;
  expect(Object.keys(first.body)).toEqual(['secret', 'otpauthUri']);
  const uri = new URL(otpauthUri);
  expect(Object.fromEntries(uri.searchParams)).toMatchObject({ issuer: 'Acme Cloud', secret });
  expect(decodeURIComponent(uri.pathname)).toContain(person.email);
  const second = await me.post('/v3/me/2fa-secret');
  expect(second.body.secret).not.toBe(secret);
  await steady();
  expect(await me.post('/v3/me/2fa/enable', { twoFactorCode: codeOf(secret) })).toMatchObject(FAILED);
  expect((await person.signIn()).tokens.accessToken).toBeTruthy();
  const before = await person.row();
  const enabled = await me.post('/v3/me/2fa/enable', { twoFactorCode: codeOf(second.body.secret) });
  expect(enabled).toMatchObject({ status: 201, body: { id: person.userId, twoFactorEnabled: true } });
  expect((await me.get('/v3/me')).body).toEqual(enabled.body);
  const after = await person.row();
  expect(after).toMatchObject({ two_factor_enabled: 1 });
  expect(after.updated_at).toBeGreaterThan(before.updated_at);
  const [{ sealed_secret }] = await rows('select * from totp_secrets where user_id = ?', person.userId);
  expect(sealed_secret).toMatch(/^k1\./);
  expect(sealed_secret).not.toContain(second.body.secret);

  const updates = (await person.log(0)).filter(({ type }) => type === 'reseller.user.updated');
  expect(updates).toHaveLength(1);
  expect(stateBefore(updates[0])).toMatchObject({ twoFactorEnabled: false });
  expect(JSON.parse(updates[0].after)).toMatchObject({ twoFactorEnabled: true });
  expect(await person.types()).toEqual([
    'account.two-factor-secret-created',
    'account.two-factor-secret-created',
    'account.two-factor-enabled',
    'account.session-ended',
  ]);
  expect(await countedFailures(person)).toMatchObject([{ reason: 'wrong-factor', count: 1 }]);
  const [entry] = (await person.log()).slice(-2);
  expect(entry).toMatchObject({ reseller_id: person.id, actor: `user:${person.userId}` });
  expect(await person.mails()).toMatchObject([
    { template: 'security-notice', event_id: entry.id, recipient: person.email },
  ]);
  expect(await me.post('/v3/me/2fa-secret')).toMatchObject({
    status: 409,
    body: { code: 'TWO_FACTOR_ALREADY_ENABLED' },
  });
  expect(await me.post('/v3/me/2fa/enable', { twoFactorCode: '000000' })).toMatchObject({ status: 409 });
  expect((await me.get('/v3/me')).status).toBe(200);
});

test('nothing is enabled without a secret, nor disabled or made without an authenticator', async () => {
  const me = await (await makePerson()).signIn();
  const none = (message: string) => ({ status: 409, body: { code: 'TWO_FACTOR_NOT_ENABLED', message } });
  const proof = { twoFactorCode: '123456' };
  const unmade = 'There is no secret for an authenticator app yet; make one first.';
  expect(await me.post('/v3/me/2fa/enable', proof)).toMatchObject(none(unmade));
  await me.post('/v3/me/2fa-secret');
  const unenabled = 'No authenticator app is enabled.';
  expect(await me.post('/v3/me/2fa-recovery-codes', proof)).toMatchObject(none(unenabled));
  expect(await me.send('DELETE', '/v3/me/2fa', proof)).toMatchObject(none(unenabled));
});

test('a code counts once: not again here, nor at sign-in, nor many times at once', async () => {
  const person = await makePerson();
  const me = await person.signIn();
  const secret = await enroll(me);
  const codes = await me.post('/v3/me/2fa-recovery-codes', { twoFactorCode: codeOf(secret) });
  expect(codes.status).toBe(201);
  expect(new Set(codes.body.recoveryCodes).size).toBe(10);
  for (const steps of [0, -1]) {
    const twoFactorCode = codeOf(secret, steps);
    expect(await me.post('/v3/me/2fa-recovery-codes', { twoFactorCode })).toMatchObject(FAILED);
    expect(await person.enter({ twoFactorCode })).toMatchObject(FAILED);
    expect(await me.send('DELETE', '/v3/me/2fa', { twoFactorCode })).toMatchObject(FAILED);
  }
  const twoFactorCode = codeOf(secret, 1);
  await rows('delete from sign_in_attempts');
  const many = await Promise.all([1, 2, 3].map(() => me.post('/v3/me/2fa-recovery-codes', { twoFactorCode })));
  expect(many.map(({ status }) => status).sort()).toEqual([201, 400, 400]);
  const kept = await rows('select * from recovery_codes where user_id = ?', person.userId);
  expect(kept).toHaveLength(10);
  const { recoveryCodes } = many.find(({ status }) => status === 201)!.body;
  expect(await person.enter({ twoFactorRecoveryCode: codes.body.recoveryCodes[0] })).toMatchObject(FAILED);
  expect(await person.enter({ twoFactorRecoveryCode: recoveryCodes[0] })).toMatchObject({ status: 200 });
  for (const code of recoveryCodes) expect(JSON.stringify(kept)).not.toContain(code);
});

test('codes that are guessed in a session lock codes there, and nothing else; nor do those to sign in', async () => {
  const person = await makePerson();
  const secret = await enroll(await person.signIn());
  const me = await person.signIn({ twoFactorCode: codeOf(secret) });
  const burst = FACTOR_FAILURES[0]!.device;
  const wrong = Array.from({ length: burst }, () => me.send('DELETE', '/v3/me/2fa', { twoFactorCode: '000000' }));
  for (const reply of await Promise.all(wrong)) expect(reply).toMatchObject(FAILED);
  expect(await person.attempts()).toBe(burst);
  const twoFactorCode = codeOf(secret, 1);
  for (const reply of [
    await me.send('DELETE', '/v3/me/2fa', { twoFactorCode }),
    await me.post('/v3/me/2fa-recovery-codes', { twoFactorCode }),
  ]) {
    expect(reply).toMatchObject({ status: 429, body: { code: 'RATE_LIMIT_EXCEEDED' } });
    expect(Number(reply.headers.get('Retry-After'))).toBeGreaterThan(600);
  }
  for (let tries = 0; tries < SIGN_IN_FAILURES_MAX; tries++) await person.enter({ password: 'x' });
  expect(await person.enter({ twoFactorCode })).toMatchObject({ status: 429 });
  const change = { currentPassword: PASSWORD, newPassword: 'battery staple horse' };
  expect((await me.post('/v3/me/password', change)).status).toBe(204);
});

test('a repeated request gets the answer of the first, and no failure is counted or logged', async () => {
  const person = await makePerson();
  const me = await person.signIn();
  const secret = await enroll(me);
  const sent = { twoFactorCode: codeOf(secret) };
  const ask = (body: object) => me.post('/v3/me/2fa-recovery-codes', body, { 'Idempotency-Key': 'again' });
  const replies = await Promise.all([ask(sent), ask(sent)]);
  replies.push(await ask(sent));
  expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  expect(replies[0]!.body.recoveryCodes).toHaveLength(10);
  expect(await ask({ twoFactorCode: codeOf(secret, 1) })).toMatchObject({ status: 422 });
  expect(await person.types()).toEqual([
    'account.two-factor-secret-created',
    'account.two-factor-enabled',
    'account.recovery-codes-created',
  ]);
  expect(await person.attempts()).toBeLessThanOrEqual(1);
});

test.each(['code', 'recovery code'])('a %s takes authenticator and recovery codes away, and no session', async (by) => {
  const person = await makePerson();
  const me = await person.signIn();
  const secret = await enroll(me);
  const { body } = await me.post('/v3/me/2fa-recovery-codes', { twoFactorCode: codeOf(secret) });
  const proof =
    by === 'code'
      ? { twoFactorCode: codeOf(secret, 1) }
      : { twoFactorRecoveryCode: body.recoveryCodes[3].toUpperCase() };
  expect(await me.send('DELETE', '/v3/me/2fa', proof)).toMatchObject({ status: 204, text: '' });
  expect((await me.get('/v3/me')).body).toMatchObject({ twoFactorEnabled: false });
  for (const table of ['totp_secrets', 'recovery_codes'])
    expect(await rows(`select * from ${table} where user_id = ?`, person.userId)).toEqual([]);
  expect((await person.types()).slice(-1)).toEqual(['account.two-factor-disabled']);
  expect(await person.mails()).toHaveLength(3);
  expect(await person.attempts()).toBe(0);
  expect(await person.enter()).toMatchObject({ status: 200 });
});

test('whoever keeps a passkey still needs it', async () => {
  const person = await makePerson();
  const me = await person.signIn();
  const secret = await enroll(me);
  await addPasskey(person.userId);
  expect(await me.send('DELETE', '/v3/me/2fa', { twoFactorCode: codeOf(secret) })).toMatchObject({ status: 204 });
  expect((await me.get('/v3/me')).body).toMatchObject({ twoFactorEnabled: true });
  expect(await person.enter()).toMatchObject({ status: 400, body: { code: 'TWO_FACTOR_CODE_REQUIRED' } });
});

test('a proof has to be sent', async () => {
  const me = await (await makePerson()).signIn();
  for (const body of [{}, { twoFactorCode: '' }, { twoFactorCode: 'x'.repeat(65) }, []])
    expect(await me.send('DELETE', '/v3/me/2fa', body)).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_FAILED' },
    });
});
