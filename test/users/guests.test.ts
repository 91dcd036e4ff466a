import { beforeEach, describe, expect, test, vi } from 'vitest';
import { devEmails } from '../../src/emails/transports/dev-mailbox.ts';
import { REMOVAL_CHUNK_USERS } from '../../src/model/limits/index.ts';
import { Caller, send } from '../support/api.ts';
import { enroll, makeAccount } from '../support/people/accounts.ts';
import { tokenIn } from '../support/people/invited.ts';
import { choose } from '../support/people/links.ts';
import { signedInBrowser } from '../support/people/sign-in-people.ts';
import { login, makePerson, PASSWORD, post } from '../support/people/signed-up.ts';
import { muteQueues } from '../support/queues.ts';
import { stoppedWorld } from '../support/stopped-world.ts';
import { makeReseller, newOrganization, operator, rows, unique } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

/** A person at home with one tenant's customer, whose removal takes more than a moment, and a member of another tenant. */
async function makeGuest() {
  const home = await makeReseller();
  const customer = (await home.api.post(`${home.base}/organizations`, newOrganization())).body;
  await rows(
    `insert into users (id, reseller_id, organization_id, first_name, last_name, name_key, email, email_key, role, company,
        allow_customer_portal_access, created_at, updated_at)
      with recursive n (i) as (select 1 union all select i + 1 from n where i < ?)
      select ?2 || i, ?3, ?2, '', '', '', ?2 || i, ?2 || i, 'user', '', 1, 1, 1 from n`,
    REMOVAL_CHUNK_USERS,
    customer.id,
    home.id,
  );
  const placed = { organizationId: customer.id, allowCustomerPortalAccess: true };
  const person = await makePerson(placed, home);
  const other = await makeAccount();
  await enroll(other, person, 'account.user', 'user.admin', 'account.service.status');
  const { body } = await person.enter({ accountId: other.id });
  return { ...person, customer, other, tokens: body, me: new Caller(body.accessToken) };
}
type Guest = Awaited<ReturnType<typeof makeGuest>>;

/** What becomes of the primary tenant. */
const ENDS: Readonly<Record<string, (guest: Guest) => Promise<{ status: number }>>> = {
  'is disabled': async ({ id }) =>
    (await operator()).patch(`/v1.0/accounts/${id}`, [{ op: 'replace', path: '/enabled', value: false }]),
  'is deleted': async ({ base }) => (await operator()).delete(base),
  'disables the person': ({ api, base, userId }) => api.patch(`${base}/users/${userId}`, { disabled: true }),
  'deletes the customer': ({ api, base, customer }) => api.delete(`${base}/organizations/${customer.id}`),
};

describe.each(Object.keys(ENDS))('where the primary tenant %s', (name) => {
  /** A guest whose primary tenant has just ended so; no job has run. */
  async function makeLeft() {
    const guest = await makeGuest();
    expect((await ENDS[name]!(guest)).status).toBeLessThan(300);
    return guest;
  }

  test('a person goes on in the other one', async () => {
    const { id, userId, email, other, tokens, me, enter, sessions } = await makeLeft();
    expect((await me.get('/v3/me')).status).toBe(200);
    expect((await me.get(other.users)).status).toBe(200);
    const refreshed = await send('POST', '/oauth/token', {
      headers: { 'CF-Connecting-IP': unique('address') },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: tokens.refreshToken }),
    });
    expect(refreshed.status).toBe(200);
    expect((await enter({ accountId: other.id })).status).toBe(200);
    await signedInBrowser(email, PASSWORD);
    expect((await sessions()).at(-1).reseller_id).toBe(other.id);
    expect((await enter({ accountId: id })).status).toBeGreaterThanOrEqual(400);
    expect(await other.shown(userId)).toMatchObject({ id: userId, email });
    expect((await other.api.get(other.users)).text).toContain(userId);
    expect((await other.api.get(`/v3/users/${userId}/sessions`)).body).toHaveLength(3);
  });

  test('the mails of a person come from the other one', async () => {
    const { email, other, me, mails } = await makeLeft();
    const { worker, clock, arrive } = stoppedWorld();
    expect((await post('/v3/accounts/reset-password-request', { email })).status).toBeLessThan(300);
    await vi.waitFor(async () => expect(await mails()).not.toHaveLength(0), { timeout: 10_000 });
    const [mail] = await mails();
    expect(mail).toMatchObject({ template: 'password-reset', reseller_id: other.id });
    clock.nowMs = Date.now();
    await arrive([{ emailId: mail.id }], worker, 'emails');
    const [sent] = devEmails(worker.env).filter(({ to }) => to === email);
    expect((await choose(tokenIn(sent!), 'Another-horse-8')).status).toBe(204);
    expect((await me.get('/v3/me')).status).toBe(401);
    const notice = { template: 'security-notice', reseller_id: other.id, next_attempt_at: expect.any(Number) };
    expect((await mails()).at(-1)).toMatchObject(notice);
    expect((await login({ email, password: 'Another-horse-8', accountId: other.id })).status).toBe(200);
  });

  test('a person is still an administrator of the other one, and its last', async () => {
    const { userId, other } = await makeLeft();
    const second = await other.makeUser('user.admin');
    expect((await other.api.delete(second.path)).status).toBe(200);
    expect((await other.api.delete(`${other.users}/${userId}`)).status).toBe(409);
  });

  test('the primary tenant can do nothing to a person', async () => {
    const { base, userId, api, me } = await makeLeft();
    const replies = [
      await api.patch(`${base}/users/${userId}`, { email: `${unique('mine')}@example.com` }),
      await api.post(`/v3/users/${userId}/reset-password-token`),
      await api.delete(`/v3/users/${userId}/2fa`),
    ];
    const refusals = { 'is disabled': 403, 'disables the person': 403, 'is deleted': 401, 'deletes the customer': 404 };
    expect(replies.map(({ status }) => status)).toEqual(Array(3).fill(refusals[name as keyof typeof refusals]));
    expect((await api.get(`/v3/users/${userId}/sessions`)).status).toBe(
      replies[0]!.status === 403 ? 200 : replies[0]!.status,
    );
    expect((await me.get('/v3/me')).status).toBe(200);
  });

  test('a person leaves the other one only where another is left', async () => {
    const { other, me } = await makeLeft();
    const left = await me.delete(`/v3/me/memberships/${other.id}`);
    if (name === 'is disabled' || name === 'disables the person') return expect(left.status).toBe(204);
    expect(left).toMatchObject({ status: 409, body: { message: expect.stringContaining('only membership') } });
  });

  test('a person deletes the own account', async () => {
    const { userId, other, me } = await makeLeft();
    expect((await me.delete('/v3/me')).status).toBe(204);
    expect(await rows('select 1 from users where id = ?', userId)).toEqual([]);
    expect((await other.heard(userId)).at(-1)).toBe('deleted');
  });
});

test('a person of nothing but a deleted tenant is out, though another one invites', async () => {
  const person = await makePerson();
  const other = await makeAccount();
  const invited = (await (await operator()).post(other.users, { email: person.email, displayName: 'Sam Lee' })).body
    .data;
  const { body } = await person.enter();
  await (await operator()).delete(person.base);
  expect((await new Caller(body.accessToken).get('/v3/me')).status).toBe(401);
  expect((await login({ email: person.email, password: PASSWORD })).status).toBe(400);
  expect((await other.api.get(`${other.users}/${invited.id}`)).status).toBe(404);
});
