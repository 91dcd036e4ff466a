import { beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { sha256 } from '../../src/auth/secrets/digest.ts';
import type { Caller } from '../support/api.ts';
import { invite } from '../support/people/accounts.ts';
import { accountAt, signInAs, signInOnPageAs, useProvider } from '../support/people/google.ts';
import { answer, GIVEN_PASSWORD, makeInvited } from '../support/people/invitees.ts';
import { newBrowser } from '../support/people/page-browser.ts';
import { beforeRunning } from '../support/people/sessions.ts';
import { giveTotp, passwordStep } from '../support/people/sign-in-people.ts';
import { addPasskey, enroll, makePerson, post } from '../support/people/signed-up.ts';
import { makeStaff } from '../support/people/staff.ts';
import { muteQueues } from '../support/queues.ts';
import { callerFor, makeReseller, newOrganization, newUser, operator, rows, unique } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
  useProvider();
});

const NEXT = 'battery staple horse';
const CLERK = ['reseller:user:create', 'reseller:user:read', 'reseller:user:update'] as const;
const { issuer } = JSON.parse(inject('providers').google);

const live = (userId: string) => rows('select 1 from sessions where user_id = ? and ended_at is null', userId);
const asOwn = (userId: string) =>
  rows('update users set prepared_scopes = null, prepared_at = null where id = ?', userId);

describe('a way in that a tenant planted before the address was another’s', () => {
  test('by an outside provider goes with the address', async () => {
    const person = await makePerson();
    const account = accountAt(person.email);
    expect((await signInAs(account, person.id)).status).toBe(200);
    const email = `${unique('ceo')}@victim.example`;
    expect((await person.api.patch(`${person.base}/users/${person.userId}`, { email })).status).toBe(200);
    await rows(
      `insert into activations (user_id, purpose, email_key, token_hash, created_at, expires_at, sent_at)
        values (?, 'password-reset', ?, ?, 1, 9e15, 1)`,
      person.userId,
      email,
      await sha256('mailed'),
    );
    expect(
      (await post(`/v3/users/${person.userId}/reset-password`, { token: 'mailed', newPassword: NEXT })).status,
    ).toBe(204);
    const [user] = await rows('select prepared_scopes, google_sso_enabled from users where id = ?', person.userId);
    expect(user).toEqual({ prepared_scopes: null, google_sso_enabled: 0 });
    expect((await signInAs(account, person.id)).status).toBe(400);
    expect((await signInAs({ ...account, email }, person.id)).status).toBe(303);
    expect((await rows('select 1 from external_identities where user_id = ?', person.userId)).length).toBe(0);
  });

  test('by a passkey goes when rights are gained, whoever has set the password since', async () => {
    const { api, ...reseller } = await makeReseller();
    const clerk = await callerFor(reseller.id, CLERK);
    const person = await makePerson({}, { ...reseller, api: clerk });
    await addPasskey(person.userId);
    const { body } = await api.post(`/v3/users/${person.userId}/reset-password-token`);
    const chosen = { token: body.resetPasswordToken, newPassword: NEXT };
    expect((await post(`/v3/users/${person.userId}/reset-password`, chosen)).status).toBe(204);
    expect((await api.patch(`${reseller.base}/users/${person.userId}`, { role: 'reseller-admin' })).status).toBe(200);
    expect(await rows('select 1 from passkeys where user_id = ?', person.userId)).toEqual([]);
    expect((await person.enter({ password: NEXT })).status).toBe(400);
  });
});

describe('a sign-in that meets the acceptance of an invitation', () => {
  test('by password goes no further', async () => {
    const invited = await makeInvited();
    await giveTotp(invited.userId);
    beforeRunning('update "sign_in_flows" set user_id', async () => {
      expect((await answer(invited.token, 'accept')).status).toBe(200);
    });
    const browser = newBrowser();
    const { flow } = await passwordStep(browser, invited.email, GIVEN_PASSWORD);
    await browser.post('/sign-in/factor', { flow, code: '000000' });
    expect(
      (await rows('select 1 from memberships where user_id = ? and accepted_at is null', invited.userId)).length,
    ).toBe(0);
    expect(await live(invited.userId)).toEqual([]);
  });

  test('by an outside provider goes no further', async () => {
    const { userId, token } = await makeInvited();
    const account = accountAt('other@attacker.example');
    await rows('insert into external_identities values (?, ?, ?, ?, 1)', issuer, account.sub, userId, account.email);
    beforeRunning('insert into "sessions"', async () => {
      expect((await answer(token, 'accept')).status).toBe(200);
    });
    await signInOnPageAs(account, '', newBrowser());
    expect(await rows('select 1 from external_identities where user_id = ?', userId)).toEqual([]);
    expect(await live(userId)).toEqual([]);
  });
});

describe('who looks after one customer', () => {
  test('knows no password that opens more', async () => {
    const { id, base, api } = await makeReseller();
    const { body: organization } = await api.post(`${base}/organizations`, newOrganization());
    const admin = await makeStaff({ id, base, api }, { word: 'organization-admin', organizationId: organization.id });
    const by = Object.assign(admin, { client: api.client });
    const person = await makePerson({ organizationId: organization.id }, { id, base, api: by });
    const roles = [{ op: 'replace', path: '/roles', value: ['account.user', 'user.admin'] }];
    expect((await api.patch(`/v1.0/accounts/${id}/users/${person.userId}`, roles)).status).toBe(200);
    expect((await person.enter()).status).toBe(400);
  });

  test('locks no administrator of the whole reseller out, and nor does a clerk', async () => {
    const { id, base, api } = await makeReseller();
    const { body: organization } = await api.post(`${base}/organizations`, newOrganization());
    const place = { organizationId: organization.id };
    const boss = await makePerson({ ...place, role: 'reseller-admin' }, { id, base, api });
    const led = await makePerson({ ...place, role: 'organization-admin' }, { id, base, api });
    const admin = await makeStaff({ id, base, api }, { word: 'organization-admin', ...place });
    const clerk = await callerFor(id, ['reseller:user:update', 'reseller:user:read']);
    const change = (by: Caller, { userId }: { userId: string }, fields: object) =>
      by.patch(`${base}/users/${userId}`, fields);
    expect((await change(admin, boss, { allowCustomerPortalAccess: false })).status).toBe(403);
    expect((await change(clerk, boss, { organizationId: null })).status).toBe(403);
    expect((await change(clerk, led, { organizationId: null })).status).toBe(403);
    expect((await boss.enter()).status).toBe(200);
  });
});

test('another address and more rights in one request leave the former reader no way in', async () => {
  const person = await makePerson();
  await asOwn(person.userId);
  const session = await person.signIn();
  const change = { email: `${unique('next')}@example.com`, role: 'reseller-admin' };
  expect((await person.api.patch(`${person.base}/users/${person.userId}`, change)).status).toBe(200);
  expect((await person.enter({ email: change.email })).status).toBe(400);
  expect((await session.get('/v3/me')).status).toBe(401);
});

test('a tenant that only invited a person takes nothing from it', async () => {
  const { api: _, ...home } = await makeReseller();
  const person = await makePerson({}, { ...home, api: await callerFor(home.id, CLERK) });
  const session = await person.signIn();
  await enroll(session);
  const other = await makeReseller();
  await invite({ users: `/v1.0/accounts/${other.id}/users` }, person);
  const more = [{ op: 'add', path: '/roles/-', value: 'branding.admin' }];
  expect((await other.api.patch(`/v1.0/accounts/${other.id}/users/${person.userId}`, more)).status).toBe(200);
  expect((await session.get('/v3/me')).status).toBe(200);
  expect((await rows('select two_factor_enabled from users where id = ?', person.userId))[0]).toEqual({
    two_factor_enabled: 1,
  });
});

test('two addresses that only fold to the same key are two people', async () => {
  const [home, other] = [await makeReseller(), await makeReseller()];
  const name = unique('ceo');
  const made = await home.api.post(`${home.base}/users`, { ...newUser(), email: `${name}-βόλοσ@greek.example` });
  expect(made.status).toBe(201);
  const body = { email: `${name}-βόλος@greek.example`, displayName: 'Ceo', roles: ['user.admin'] };
  expect((await (await operator()).post(`/v1.0/accounts/${other.id}/users`, body)).status).toBe(409);
  useProvider(JSON.stringify({ ...JSON.parse(inject('providers').google), domains: ['greek.example'] }));
  expect((await signInAs(accountAt(body.email), home.id)).status).toBe(400);
  expect(await rows('select 1 from external_identities where user_id = ?', made.body.id)).toEqual([]);
});
