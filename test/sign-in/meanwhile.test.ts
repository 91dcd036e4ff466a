import { env } from 'cloudflare:workers';
import { beforeEach, expect, test, vi } from 'vitest';
import { upgradePasswordHash } from '../../src/db/sign-in/sign-in.ts';
import { Caller } from '../support/api.ts';
import { enroll as join, makeAccount } from '../support/people/accounts.ts';
import { changeSessions } from '../support/people/sessions.ts';
import { countedFailures } from '../support/people/sign-in-failures.ts';
import { addPasskey, codeOf, enroll, makePerson, PASSWORD, type Person, steady } from '../support/people/signed-up.ts';
import { muteQueues } from '../support/queues.ts';
import { callerFor, rows } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

/** Has something happen once between what a request has read and its batch with a statement like this. */
function beforeWriting(statement: RegExp, happens: () => Promise<unknown>) {
  const once = vi.fn(async (): Promise<unknown> => null).mockImplementationOnce(happens);
  changeSessions((db) => {
    let near = false;
    return {
      prepare: (sql) => {
        near ||= statement.test(sql);
        return db.prepare(sql);
      },
      batch: async (statements) => {
        if (near) await once();
        return db.batch(statements);
      },
    };
  });
  return once;
}

type Happening = readonly [what: string, happens: (one: Person) => Promise<unknown>];
const SESSION_ENDS: Happening = [
  'the end of its session',
  ({ userId }) => rows("update sessions set ended_at = 1, end_reason = 'revoked' where user_id = ?", userId),
];
const CHANGE: Happening = [
  'a change of the user',
  ({ userId }) => rows('update users set updated_at = updated_at + 5 where id = ?', userId),
];

test.each<Happening>([
  [
    'another password',
    ({ userId }) =>
      rows("update users set password_hash = password_hash || 'x', updated_at = updated_at + 5 where id = ?", userId),
  ],
  ['a second factor', ({ userId }) => addPasskey(userId)],
  ['the end of its role', ({ userId }) => rows("update memberships set roles = '[]' where user_id = ?", userId)],
  ['a disabled account', ({ id }) => rows('update resellers set enabled = 0 where id = ?', id)],
  ['a deleted account', ({ id }) => rows('update resellers set deleted_at = 1 where id = ?', id)],
])('a sign-in that meets %s is none', async (_, happens) => {
  const person = await makePerson();
  const once = beforeWriting(/last_login_at = /, () => happens(person));
  expect(await person.enter()).toMatchObject({ status: 400, body: { code: 'AUTHENTICATION_FAILED' } });
  expect(once).toHaveBeenCalled();
  expect(await person.sessions()).toEqual([]);
  expect(await person.row()).toMatchObject({ last_login_at: null });
  expect(await countedFailures(person)).toMatchObject([{ reason: 'wrong-factor', count: 1 }]);
  expect(await person.types(0)).not.toContain('account.logged-in');
  expect(await person.attempts()).toBe(1);
});

test('nor is one elsewhere that meets the end of that account', async () => {
  const person = await makePerson();
  const other = await makeAccount();
  await join(other, person, 'account.user');
  beforeWriting(/last_login_at = /, () => rows('update resellers set enabled = 0 where id = ?', other.id));
  expect((await person.enter({ accountId: other.id })).status).toBe(400);
  expect(await person.sessions()).toEqual([]);
});

test('a better hash that meets another password takes nothing away', async () => {
  const { userId, row } = await makePerson();
  await upgradePasswordHash(env.DB, { userId, readHash: 'the hash of before', newHash: 'a better one' });
  expect((await row()).password_hash).toContain('argon2id');
});

const PASSWORDS = { currentPassword: PASSWORD, newPassword: 'battery staple horse' };

test('a proof that meets the end of the session is not judged, and is no attempt', async () => {
  const person = await makePerson();
  const me = await person.signIn();
  beforeWriting(/insert into "sign_in_attempts"/, () => SESSION_ENDS[1](person));
  expect((await me.post('/v3/me/password', PASSWORDS)).status).toBe(401);
  expect(await person.attempts()).toBe(0);
});

test.each<readonly [...Happening, status: number]>([
  [...SESSION_ENDS, 401],
  [...CHANGE, 409],
  ['another password', ({ userId }) => rows("update users set password_hash = 'x' where id = ?", userId), 409],
])('a change of password that meets %s is none', async (_, happens, status) => {
  const person = await makePerson();
  const me = await person.signIn();
  let met: string | undefined;
  beforeWriting(/set "password_hash"/, async () => {
    await happens(person);
    met = (await person.row()).password_hash;
  });
  expect((await me.post('/v3/me/password', PASSWORDS)).status).toBe(status);
  expect(await person.row()).toMatchObject({ password_hash: met });
  expect(await person.types()).not.toContain('account.password-changed');
  expect(await person.mails()).toEqual([]);
});

test.each<readonly [...Happening, status: number]>([
  [...SESSION_ENDS, 401],
  [...CHANGE, 409],
  [
    'another secret',
    ({ userId }) => rows("update totp_secrets set sealed_secret = 'x' where user_id = ?", userId),
    409,
  ],
])('a code that enables two-factor sign-in and meets %s does not', async (_, happens, status) => {
  const person = await makePerson();
  const me = await person.signIn();
  await steady();
  const { secret } = (await me.post('/v3/me/2fa-secret')).body;
  beforeWriting(/set "two_factor_enabled"/, () => happens(person));
  expect((await me.post('/v3/me/2fa/enable', { twoFactorCode: codeOf(secret) })).status).toBe(status);
  expect(await person.row()).toMatchObject({ two_factor_enabled: 0 });
  const kept = await rows('select confirmed_at, last_step from totp_secrets where user_id = ?', person.userId);
  expect(kept).toEqual([{ confirmed_at: null, last_step: 0 }]);
  expect(await person.mails()).toEqual([]);
});

/** Somebody with an authenticator and recovery codes, and what proves it. */
async function makeEnrolled() {
  const person = await makePerson();
  const me = await person.signIn();
  const secret = await enroll(me);
  const { recoveryCodes } = (await me.post('/v3/me/2fa-recovery-codes', { twoFactorCode: codeOf(secret) })).body;
  const twoFactorCode = codeOf(secret, 1);
  return { ...person, me, twoFactorCode, twoFactorRecoveryCode: recoveryCodes[0] as string };
}

const factorsOf = async (userId: string) => [
  (await rows('select count(*) as count from totp_secrets where user_id = ?', userId))[0].count,
  (await rows('select count(*) as count from recovery_codes where user_id = ?', userId))[0].count,
];

test.each<readonly [...Happening, status: number, by: 'twoFactorCode' | 'twoFactorRecoveryCode']>([
  [...SESSION_ENDS, 401, 'twoFactorCode'],
  [
    'its own use',
    ({ userId }) => rows('update totp_secrets set last_step = last_step + 1 where user_id = ?', userId),
    400,
    'twoFactorCode',
  ],
  [
    'the use of the recovery code',
    ({ userId }) => rows('update recovery_codes set used_at = 1 where user_id = ?', userId),
    400,
    'twoFactorRecoveryCode',
  ],
  // By what was read no factor would be left.
  [
    'a passkey',
    ({ userId }) =>
      rows(
        `insert into passkeys (id, user_id, name, public_key, counter, transports, backed_up, created_at)
         values (?1, ?1, 'Key', 'none', 0, '[]', 1, 1)`,
        userId,
      ),
    400,
    'twoFactorCode',
  ],
])('a code that disables two-factor sign-in and meets %s does not', async (_, happens, status, by) => {
  const person = await makeEnrolled();
  const before = (await person.mails()).length;
  beforeWriting(/set "two_factor_enabled"/, () => happens(person));
  expect((await person.me.send('DELETE', '/v3/me/2fa', { [by]: person[by] })).status).toBe(status);
  expect(await person.row()).toMatchObject({ two_factor_enabled: 1 });
  expect(await factorsOf(person.userId)).toEqual([1, 10]);
  expect(await person.mails()).toHaveLength(before);
});

test.each<readonly [...Happening, status: number]>([
  [...SESSION_ENDS, 401],
  [
    'another secret',
    ({ userId }) => rows('update totp_secrets set confirmed_at = null where user_id = ?', userId),
    400,
  ],
])('recovery codes that meet %s are not made', async (_, happens, status) => {
  const person = await makeEnrolled();
  const hashes = () => rows('select code_hash from recovery_codes where user_id = ?', person.userId);
  const before = await hashes();
  beforeWriting(/set last_step/, () => happens(person));
  const { twoFactorCode } = person;
  expect((await person.me.post('/v3/me/2fa-recovery-codes', { twoFactorCode })).status).toBe(status);
  expect(await hashes()).toEqual(before);
});

test('a secret that meets the end of the session, or the first code of another, is not kept', async () => {
  const person = await makePerson();
  const me = await person.signIn();
  const secrets = () => rows('select sealed_secret from totp_secrets where user_id = ?', person.userId);
  await me.post('/v3/me/2fa-secret');
  const before = await secrets();
  beforeWriting(/insert into "totp_secrets"/, () => rows('update totp_secrets set confirmed_at = 1'));
  expect(await me.post('/v3/me/2fa-secret')).toMatchObject({
    status: 409,
    body: { code: 'TWO_FACTOR_ALREADY_ENABLED' },
  });
  vi.restoreAllMocks();
  await rows('update totp_secrets set confirmed_at = null');
  beforeWriting(/insert into "totp_secrets"/, () => SESSION_ENDS[1](person));
  expect((await me.post('/v3/me/2fa-secret')).status).toBe(401);
  expect(await secrets()).toEqual(before);
});

test.each([
  ['DELETE', '2fa', /set "two_factor_enabled"/],
  ['POST', 'reset-password-token', /insert into "activations"/],
] as const)(
  '%s %s meets a right of the user, the end of the caller or of its own right',
  async (method, what, write) => {
    const person = await makePerson();
    await addPasskey(person.userId);
    await rows(
      "insert into totp_secrets (user_id, sealed_secret, confirmed_at, created_at) values (?, 'x', 1, 1)",
      person.userId,
    );
    const weak = await callerFor(person.id, ['reseller:user:update']);
    const ask = () => weak.send(method, `/v3/users/${person.userId}/${what}`);
    const client = (set: string) => rows(`update api_clients set ${set} where id = ?`, weak.client.id);
    const roles = (role: string) => rows('update memberships set roles = ? where user_id = ?', role, person.userId);
    for (const [status, happens, undo] of [
      [403, () => roles('["account.user","webhooks.admin"]'), () => roles('["account.user"]')],
      [403, () => client("scopes = ''"), () => client("scopes = 'reseller:user:update'")],
      [401, () => client('revoked_at = 1'), () => client('revoked_at = null')],
    ] as const) {
      beforeWriting(write, happens);
      expect((await ask()).status).toBe(status);
      vi.restoreAllMocks();
      await undo();
      expect(await rows('select 1 from passkeys where user_id = ?', person.userId)).toHaveLength(1);
      expect(await factorsOf(person.userId)).toEqual([1, 0]);
      expect(await rows('select 1 from activations where user_id = ?', person.userId)).toEqual([]);
      expect(await person.row()).toMatchObject({ two_factor_enabled: 1 });
    }
    const rename = "update users set first_name = 'Other', updated_at = updated_at + 5 where id = ?";
    beforeWriting(write, () => rows(rename, person.userId));
    expect((await ask()).status).toBe(method === 'DELETE' ? 204 : 201);
    const updates = (await person.log(0)).filter(({ type }) => type === 'reseller.user.updated');
    const firstNames = updates.map(({ after }) => JSON.parse(after).firstName);
    expect(firstNames).toEqual(method === 'DELETE' ? ['Other'] : []);
  },
);

test('whose right to it was withdrawn ends no session', async () => {
  const person = await makePerson();
  const { tokens } = await person.signIn();
  const caller = await callerFor(person.id, ['reseller:user:update', 'reseller:user:read']);
  await rows("update api_clients set scopes = 'event:read' where id = ?", caller.client.id);
  expect((await caller.delete(`/v3/users/${person.userId}/sessions`)).status).toBe(403);
  expect((await new Caller(tokens.accessToken).get('/v3/me')).status).toBe(200);
});
