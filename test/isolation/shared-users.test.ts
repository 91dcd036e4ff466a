import { uuidv7 } from 'uuidv7';
import { beforeAll, describe, expect, test } from 'vitest';
import { documented } from '../../src/dialects/documented.ts';
import type { Caller } from '../support/api.ts';
import { acceptAll, invite } from '../support/people/accounts.ts';
import { makeStaff, signIn } from '../support/people/staff.ts';
import { muteQueues } from '../support/queues.ts';
import { makeReseller, newOrganization, newUser, rows, unique } from '../support/world.ts';

beforeAll(muteQueues);

const TENANTS = ['home', 'member', 'invited', 'stranger'] as const;
type Tenant = (typeof TENANTS)[number];

/** Where a request is sent, about the user of the scene as one tenant names it. */
type Place = {
  readonly tenant: string;
  readonly userId: string;
  readonly customer: string;
  readonly sessionId: string;
};
type Attempt = {
  readonly send: (by: Caller, at: Place) => Promise<{ readonly status: number; readonly text: string }>;
  /** Whether the path names a tenant. */
  readonly placed: boolean;
  /** What the strongest callers of each tenant get. */
  readonly answers: Readonly<Record<Tenant, number>>;
};

const answers = (home: number, member: number, invited: number, stranger = 404) => ({
  home,
  member,
  invited,
  stranger,
});
const email = () => `${unique('mine')}@example.com`;
const account = ({ tenant, userId }: Place) => `/v1.0/accounts/${tenant}/users/${userId}`;
const v3 = ({ tenant, userId }: Place) => `/v3/resellers/${tenant}/users/${userId}`;
const customer = ({ customer: id, userId }: Place) => `/reseller/customers/${id}/users/${userId}`;

/** Every route that names a user, by its dialect and operation, with the change of it that would take most. */
const ATTEMPTS: Readonly<Record<string, Attempt>> = {
  'v3 getUser': { send: (by, at) => by.get(v3(at)), placed: true, answers: answers(200, 404, 404) },
  'v3 updateUser': {
    send: (by, at) => by.patch(v3(at), { email: email() }),
    placed: true,
    answers: answers(403, 404, 404),
  },
  'v3 deleteUser': { send: (by, at) => by.delete(v3(at)), placed: true, answers: answers(204, 404, 404) },
  'v3 listUserSessions': {
    send: (by, at) => by.get(`/v3/users/${at.userId}/sessions`),
    placed: false,
    answers: answers(200, 200, 404),
  },
  'v3 endUserSessions': {
    send: (by, at) => by.delete(`/v3/users/${at.userId}/sessions`),
    placed: false,
    answers: answers(204, 204, 404),
  },
  'v3 endUserSession': {
    send: (by, at) => by.delete(`/v3/users/${at.userId}/sessions/${at.sessionId}`),
    placed: false,
    answers: answers(403, 204, 404),
  },
  'v3 resetUserTwoFactor': {
    send: (by, at) => by.delete(`/v3/users/${at.userId}/2fa`),
    placed: false,
    answers: answers(403, 403, 404),
  },
  'v3 unlinkUserGoogle': {
    send: (by, at) => by.delete(`/v3/users/${at.userId}/google`),
    placed: false,
    answers: answers(403, 403, 404),
  },
  'v3 createResetPasswordToken': {
    send: (by, at) => by.post(`/v3/users/${at.userId}/reset-password-token`),
    placed: false,
    answers: answers(403, 403, 404),
  },
  'accounts getUser': { send: (by, at) => by.get(account(at)), placed: true, answers: answers(200, 200, 200) },
  'accounts updateUser': {
    send: (by, at) => by.patch(account(at), [{ op: 'replace', path: '/email', value: email() }]),
    placed: true,
    answers: answers(403, 400, 400),
  },
  'accounts deleteUser': { send: (by, at) => by.delete(account(at)), placed: true, answers: answers(200, 200, 200) },
  'accounts sendActivationEmail': {
    send: (by, at) => by.post(`${account(at)}/sendActivationEmail`),
    placed: true,
    answers: answers(403, 400, 400),
  },
  'reseller updateUser': {
    send: (by, at) => by.put(customer(at), { first_name: 'Mine' }),
    placed: true,
    answers: answers(204, 404, 404),
  },
  'reseller deleteUser': { send: (by, at) => by.delete(customer(at)), placed: true, answers: answers(204, 404, 404) },
};

/** A customer's user of one tenant who is a member of a second, is invited to a third, and unknown to a fourth. */
async function makeShared() {
  const [home, member, invited, stranger] = [
    await makeReseller(),
    await makeReseller(),
    await makeReseller(),
    await makeReseller(),
  ];
  const tenants = { home, member, invited, stranger };
  const organization = (await home.api.post(`${home.base}/organizations`, newOrganization())).body;
  const user = (await home.api.post(`${home.base}/users`, { ...newUser(), organizationId: organization.id })).body;
  const usersOf = ({ id }: { id: string }) => ({ users: `/v1.0/accounts/${id}/users` });
  await invite(usersOf(member), user, 'user.admin', 'onboarding.admin');
  await acceptAll(user.id);
  await invite(usersOf(invited), user, 'user.admin');
  await rows(
    "insert into totp_secrets (user_id, sealed_secret, confirmed_at, created_at) values (?, 's', 1, 1)",
    user.id,
  );
  for (const tenant of [member, home]) await makeStaff(tenant, { roles: ['user.admin'] });
  const { session: atHome } = await signIn(user, home.id, []);
  const { session } = await signIn(user, member.id, []);
  const place = (tenant: string): Place => ({ tenant, userId: user.id, customer: organization.id, sessionId: session });
  /** What belongs to the person, and what it has in the tenants that did not ask. */
  const kept = async (by: Tenant) => ({
    user: await rows('select email, password_hash, two_factor_enabled from users where id = ?', user.id),
    factors: await rows('select * from totp_secrets where user_id = ?', user.id),
    links: await rows('select * from activations where user_id = ?', user.id),
    mails: await rows(
      "select * from emails where user_id = ? and template in ('activation', 'password-reset')",
      user.id,
    ),
    memberships: await rows(
      'select * from memberships where user_id = ? and reseller_id <> ?',
      user.id,
      tenants[by].id,
    ),
    sessions: await rows(
      'select id, ended_at from sessions where id in (?, ?) and reseller_id <> ? order by id',
      atHome,
      session,
      tenants[by].id,
    ),
  });
  return { tenants, place, kept };
}

describe.each(Object.entries(ATTEMPTS))('%s', (_, { send, placed, answers: expected }) => {
  test.each(TENANTS)('of a user of several tenants, by the strongest of the %s tenant', async (by) => {
    const { tenants, place, kept } = await makeShared();
    const { [by]: own, home } = tenants;
    const before = await kept(by);
    const answer = expected[by];
    const staff = await makeStaff(own, { word: 'reseller-admin' });
    if (by !== 'home' && placed)
      for (const caller of [own.api, staff])
        expect((await send(caller, place(home.id))).status).toBeOneOf([answer, 404]);
    if (answer >= 400) expect((await send(staff, place(own.id))).status).toBe(answer);
    const reply = await send(own.api, place(own.id));
    expect([reply.status, reply.text]).toEqual([answer, expect.any(String)]);
    for (const tenant of TENANTS)
      if (tenant !== by && tenant !== 'home') expect(reply.text).not.toContain(tenants[tenant].id);
    expect(await kept(by)).toEqual(before);
  });
});

test.each(TENANTS)('the %s tenant disables its own membership of a user of several, and nothing else', async (by) => {
  const { tenants, place, kept } = await makeShared();
  const { [by]: own } = tenants;
  const before = await kept(by);
  const staff = await makeStaff(own, { word: 'reseller-admin' });
  for (const tenant of TENANTS) {
    const patch = [{ op: 'replace', path: '/enabled', value: false }];
    const there = tenant === by ? { home: 200, member: 200, invited: 400, stranger: 404 }[by] : 404;
    for (const caller of [staff, own.api])
      expect((await caller.patch(account(place(tenants[tenant].id)), patch)).status).toBe(there);
    const atHome = tenant === 'home' && by === 'home' ? 200 : 404;
    expect((await own.api.patch(v3(place(tenants[tenant].id)), { disabled: true })).status).toBe(atHome);
  }
  expect(await kept(by)).toEqual(before);
});

test('every route that names a user is tried', () => {
  const named = documented.flatMap(({ name, routes }) =>
    routes.flatMap(({ id, path, scope }) => (/:user_?[iI]d/.test(path) && scope !== 'anyone' ? `${name} ${id}` : [])),
  );
  expect(Object.keys(ATTEMPTS).sort()).toEqual(named.sort());
});

test('an unknown user is answered like one of strangers', async () => {
  const { tenants, place } = await makeShared();
  const { stranger } = tenants;
  for (const { send } of Object.values(ATTEMPTS)) {
    const theirs = await send(stranger.api, place(stranger.id));
    const nobodys = await send(stranger.api, { ...place(stranger.id), userId: uuidv7() });
    const masked = (text: string) => text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/, '');
    expect([nobodys.status, masked(nobodys.text)]).toEqual([theirs.status, masked(theirs.text)]);
  }
});
