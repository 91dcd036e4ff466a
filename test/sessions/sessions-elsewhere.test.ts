import { beforeEach, expect, test, vi } from 'vitest';
import { ACCOUNT_TEXTS } from '../../src/pages/account/texts/index.ts';
import { enroll, makeAccount } from '../support/people/accounts.ts';
import { signedInBrowser } from '../support/people/sign-in-people.ts';
import { signIn } from '../support/people/signed-in.ts';
import { makePerson } from '../support/people/signed-up.ts';
import { muteQueues } from '../support/queues.ts';
import { callerFor, makeClient, operator, rows } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

/** Somebody with a session at home, and one elsewhere that an application there has. */
async function scattered() {
  const person = await makePerson({ role: 'reseller-admin' });
  const other = await makeAccount();
  await enroll(other, person, 'user.admin');
  const [atHome, there] = [await signIn(person.userId, person.id), await signIn(person.userId, other.id)];
  const client = await makeClient(other.id, ['webhook:read']);
  await signIn(person.userId, other.id);
  const app = (await person.sessions()).at(-1).id;
  await rows(
    "update sessions set client_id = ?, address = '192.0.2.9', user_agent = 'App/1' where id = ?",
    client.id,
    app,
  );
  const ids = Object.fromEntries((await person.sessions()).map(({ id, reseller_id }) => [id, reseller_id]));
  const lasting = async () => (await person.sessions()).filter(({ ended_at }) => ended_at === null).map(({ id }) => id);
  return { person, other, atHome, there, app, clientId: client.id, ids, lasting };
}

const at = (userId: string) => `/v3/users/${userId}/sessions`;

test('a user sees an application of another reseller without its name and id, and with them there', async () => {
  const { person, atHome, there, app, clientId } = await scattered();
  const shown = async (caller: typeof there) =>
    (await caller.get('/v3/me/sessions')).body.find(({ id }: { id: string }) => id === app);
  const seen = { application: true, address: '192.0.2.9', userAgent: 'App/1' };
  expect(await shown(atHome)).toMatchObject({ ...seen, clientId: null, clientName: null });
  expect(await shown(there)).toMatchObject({ ...seen, clientId, clientName: 'test' });
  const browser = await signedInBrowser(person.email, person.credentials.password);
  const { text } = await browser.get('/account');
  expect(text).toContain(`<bdi>${ACCOUNT_TEXTS.en.otherApplication}</bdi>`);
  expect(text).not.toMatch(/<bdi>(?:test|App\/1)</);
});

test('an administrator sees sessions elsewhere without application, address and browser, and ends none of them', async () => {
  const { person, app, ids, lasting } = await scattered();
  const { body } = await person.api.get(at(person.userId));
  expect(body).toHaveLength(3);
  const hidden = { application: true, clientId: null, clientName: null, address: '', userAgent: '' };
  expect(body.find(({ id }: { id: string }) => id === app)).toMatchObject(hidden);
  expect(await person.api.delete(`${at(person.userId)}/${app}`)).toMatchObject({
    status: 403,
    body: { code: 'GRANT_REFUSED' },
  });
  expect((await person.api.delete(at(person.userId))).status).toBe(204);
  expect((await lasting()).map((id) => ids[id])).toEqual(Array(2).fill(ids[app]));
  expect((await person.api.delete(at(person.userId))).status).toBe(204);
});

test('a reseller that a user is a member of sees and ends the sessions there, and no others', async () => {
  const { person, other, app, ids, lasting } = await scattered();
  const { body } = await other.api.get(at(person.userId));
  expect(body.map(({ id }: { id: string }) => ids[id])).toEqual(Array(2).fill(other.id));
  expect(body.find(({ id }: { id: string }) => id === app)).toMatchObject({ clientName: 'test', userAgent: 'App/1' });
  const [home] = (await lasting()).filter((id) => ids[id] === person.id);
  expect((await other.api.delete(`${at(person.userId)}/${home}`)).status).toBe(404);
  expect((await other.api.delete(`${at(person.userId)}/${app}`)).status).toBe(204);
  expect((await other.api.delete(at(person.userId))).status).toBe(204);
  expect(await lasting()).toEqual([home]);
  const stranger = await makeAccount();
  expect((await stranger.api.get(at(person.userId))).status).toBe(404);
  expect((await stranger.api.delete(at(person.userId))).status).toBe(404);
});

test('the operator ends all of them, and so does the user from home', async () => {
  const [one, two] = [await scattered(), await scattered()];
  const { body } = await (await operator()).get(at(one.person.userId));
  expect(body.find(({ id }: { id: string }) => id === one.app)).toMatchObject({ clientName: 'test' });
  expect((await (await operator()).delete(at(one.person.userId))).status).toBe(204);
  expect((await two.atHome.delete('/v3/me/sessions')).status).toBe(204);
  expect([await one.lasting(), await two.lasting()]).toEqual([[], []]);
});

test('an administrator of one customer has nothing to do with members from elsewhere', async () => {
  const { person, other } = await scattered();
  const reader = await callerFor(other.id, ['reseller:user:read']);
  expect((await reader.get(at(person.userId))).status).toBe(200);
  const { body: customer } = await other.api.post(`${other.base}/organizations`, {
    name: 'Inside',
    email: 'a@b.example',
    allowedUsers: -1,
  });
  const admin = await makePerson({ role: 'organization-admin', organizationId: customer.id }, other);
  expect((await (await signIn(admin.userId, other.id)).get(at(person.userId))).status).toBe(404);
});

test('another reseller hears that its session ended, and not in which request and from where', async () => {
  const { person, other, atHome, there } = await scattered();
  const headers = { 'CF-Connecting-IP': '203.0.113.99', 'User-Agent': 'Browser at home/1' };
  const change = { currentPassword: person.credentials.password, newPassword: 'battery staple horse' };
  expect((await atHome.send('POST', '/v3/me/password', change, headers)).status).toBe(204);
  expect((await there.get('/v3/me')).status).toBe(401);
  const ended = await rows(
    "select reseller_id, actor, request_id, address, user_agent from events where type = 'account.session-ended' and subject = ?",
    person.userId,
  );
  const told = ended.filter(({ reseller_id }) => reseller_id === other.id);
  expect(told.length).toBeGreaterThan(0);
  for (const entry of told)
    expect(entry).toMatchObject({ actor: `user:${person.userId}`, request_id: '', address: '', user_agent: '' });
  expect(ended.find(({ reseller_id }) => reseller_id === person.id)).toMatchObject({ address: '203.0.113.99' });
});
