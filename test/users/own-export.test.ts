import { beforeEach, expect, test, vi } from 'vitest';
import { EXPORTED_ENTRIES } from '../../src/model/limits/index.ts';
import { acceptAll, invite } from '../support/people/accounts.ts';
import { signIn } from '../support/people/signed-in.ts';
import { addPasskey, makePerson } from '../support/people/signed-up.ts';
import { muteQueues } from '../support/queues.ts';
import { makeReseller, rows, unique } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

/** A signed-in person of two tenants, whom a third one invites. */
async function signedUp() {
  const person = await makePerson({ company: 'Acme', role: 'reseller-admin' });
  const [member, inviting] = [await makeReseller(), await makeReseller()];
  const usersOf = ({ id }: { id: string }) => ({ users: `/v1.0/accounts/${id}/users` });
  await invite(usersOf(member), person, 'branding.admin');
  await acceptAll(person.userId);
  await invite(usersOf(inviting), person, 'user.admin');
  const me = await signIn(person.userId, person.id);
  const exported = async () => {
    const { status, body, text } = await me.get('/v3/me/export');
    expect(status, text).toBe(200);
    return { body, text };
  };
  return { person, member, inviting, me, exported };
}

test('a person gets what is stored about it', async () => {
  const { person, member, inviting, exported } = await signedUp();
  await addPasskey(person.userId, 'Laptop');
  await rows(
    "insert into external_identities (issuer, subject, user_id, email, created_at) values ('https://idp', ?, ?, 'a@idp', 1)",
    unique('subject'),
    person.userId,
  );
  await rows(
    "insert into consents (user_id, client_id, scope, granted_at) values (?, ?, 'openid', 1)",
    person.userId,
    person.api.client.id,
  );
  const { body } = await exported();
  expect(body.profile).toMatchObject({
    id: person.userId,
    email: person.email,
    company: 'Acme',
    role: 'reseller-admin',
    resellerId: person.id,
    language: 'en',
    hasPassword: true,
  });
  const memberships = Object.fromEntries(body.memberships.map((one: { resellerId: string }) => [one.resellerId, one]));
  expect(memberships).toMatchObject({
    [person.id]: { roles: ['account.user'], acceptedAt: expect.any(String) },
    [member.id]: { roles: ['account.user', 'branding.admin'], acceptedAt: expect.any(String) },
    [inviting.id]: { roles: ['account.user', 'user.admin'], acceptedAt: null },
  });
  expect(body.sessions).toMatchObject([{ resellerId: person.id }]);
  expect(body.passkeys).toMatchObject([{ name: 'Laptop', lastUsedAt: null }]);
  expect(body.identities).toEqual([{ issuer: 'https://idp', email: 'a@idp', linkedAt: '1970-01-01T00:00:00.001Z' }]);
  expect(body.consents).toEqual([
    { clientId: person.api.client.id, scope: 'openid', grantedAt: '1970-01-01T00:00:00.001Z' },
  ]);
});

test('no secret is in it, and nothing that tells who others are', async () => {
  const { person, member, exported } = await signedUp();
  const [{ password_hash: hash }] = await rows('select password_hash from users where id = ?', person.userId);
  await rows(
    "insert into totp_secrets (user_id, sealed_secret, created_at) values (?, 'sealed-word', 1)",
    person.userId,
  );
  await person.api.patch(`${person.base}/users/${person.userId}`, { firstName: 'Eve' });
  await rows(
    `insert into events (id, reseller_id, type, actor, subject, after, request_id, address, user_agent, occurred_at)
     select ?, ?, 'account.password-changed', 'user:another-person', ?, '{"name":"inner-word"}', 'r', '203.0.113.9', 'their-browser', 1`,
    crypto.randomUUID(),
    member.id,
    person.userId,
  );
  const { body, text } = await exported();
  for (const secret of [hash, 'sealed-word', 'another-person', 'inner-word', '203.0.113.9', 'their-browser'])
    expect(text).not.toContain(secret);
  const actors = body.auditLog.map(({ actor }: { actor: string }) => actor);
  expect(actors).toContain('user');
  expect(actors).toContain('client');
  expect(text).not.toContain(person.api.client.id);
});

test('of the audit log it has the newest entries about the person, of the tenants it belongs to', async () => {
  const { person, inviting, exported } = await signedUp();
  const insert = `insert into events (id, reseller_id, type, actor, subject, request_id, address, occurred_at, audit_only)
    with recursive counted (n) as (select 1 union all select n + 1 from counted where n < ?5)
    select printf('%s%012d', ?1, n), ?2, 'account.session-started', 'user:' || ?3, ?4, 'r', '192.0.2.7', n, 1 from counted`;
  const ids = () => crypto.randomUUID().slice(0, 24);
  await rows(insert, ids(), person.id, person.userId, person.userId, EXPORTED_ENTRIES + 50);
  await rows(insert, ids(), person.id, person.userId, 'another-user', 3);
  await rows(insert, ids(), inviting.id, person.userId, person.userId, 3);
  const { body } = await exported();
  expect(body.auditLog).toHaveLength(EXPORTED_ENTRIES - 3);
  expect(new Set(body.auditLog.map(({ resellerId }: { resellerId: string }) => resellerId))).toEqual(
    new Set([person.id]),
  );
  expect(body.auditLog[0]).toMatchObject({
    type: 'account.session-started',
    actor: 'you',
    address: '192.0.2.7',
    occurredAt: new Date(EXPORTED_ENTRIES + 50).toISOString(),
  });
});

test('only the person itself gets it: no client, and no application that acts for it', async () => {
  const { person, me } = await signedUp();
  expect((await person.api.get('/v3/me/export')).status).toBe(403);
  await rows('update sessions set client_id = ? where user_id = ?', person.api.client.id, person.userId);
  expect((await me.get('/v3/me/export')).status).toBe(403);
});
