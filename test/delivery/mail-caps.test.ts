import { beforeEach, expect, test, vi } from 'vitest';
import { fanOut } from '../../src/delivery/fanout.ts';
import {
  LINK_MAILS_MAX,
  LINK_MAILS_WINDOW_MS,
  RECIPIENT_MAILS_MAX,
  STATUS_UPDATES_MAX,
  STATUS_UPDATES_WINDOW_MS,
} from '../../src/model/limits.ts';
import { makeCustomer, makeInvited, newcomer } from '../support/invited.ts';
import { choose, withLink } from '../support/links.ts';
import { muteQueues } from '../support/queues.ts';
import { codeOf, enroll, makePerson, post, steady } from '../support/signed-up.ts';
import { stoppedWorld } from '../support/stopped-world.ts';
import { makePublisher, newStatusUpdate } from '../support/subscribers.ts';
import { rows, unique } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

const times = <T>(count: number, work: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)));
const mailsTo = (email: string) => rows('select * from emails where recipient_key = ?', email.toLowerCase());
const addressOf = () => `${unique('stranger')}@example.com`;

/** Mails of a kind that were written to somebody so long ago. */
const wrote = (count: number, fields: { template: string; userId: string; email: string; agoMs?: number }) =>
  times(count, () =>
    rows(
      `insert into emails (id, cause, template, language, recipient, recipient_key, reseller_id, user_id, event_id, state, created_at)
       values (?1, ?1, ?2, 'en', ?3, ?3, 'r', ?4, ?1, 'sent', ?5)`,
      crypto.randomUUID(),
      fields.template,
      fields.email.toLowerCase(),
      fields.userId,
      Date.now() - (fields.agoMs ?? 0),
    ),
  );

/** Fans out what callers hear about a user: all at once, as one message or as one for each. */
async function fanOutAbout(userId: string, how: 'together' | 'each'): Promise<void> {
  const raised = await rows('select id from events where subject = ? and audit_only = 0', userId);
  const ids: string[] = raised.map(({ id }) => id);
  const { background } = stoppedWorld();
  await Promise.all((how === 'each' ? ids.map((id) => [id]) : [ids]).map((some) => fanOut(background, some)));
}

test('two hundred who ask for a link at once, by every way there is, get no more than a few', async () => {
  const { email, userId } = await makeInvited();
  const replies = await times(200, (n) =>
    n % 2 === 0 ? post('/activate/mail', { email }) : post('/v3/accounts/reset-password-request', { email }),
  );
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([202, 204]));
  await vi.waitFor(async () => expect(await mailsTo(email)).toHaveLength(LINK_MAILS_MAX));
  expect(await rows('select id from emails where user_id = ?', userId)).toHaveLength(LINK_MAILS_MAX);
});

test('links that strangers ask for leave an administrator the same number, and the other way round', async () => {
  const { id, userId, api, email, mails } = await makeInvited();
  const byStranger = () => post('/v3/accounts/reset-password-request', { email });
  const byAdministrator = () => api.post(`/v1.0/accounts/${id}/users/${userId}/sendActivationEmail`);
  await times(LINK_MAILS_MAX + 1, byStranger);
  await vi.waitFor(async () => expect(await mails()).toHaveLength(LINK_MAILS_MAX));
  const statuses = (await times(LINK_MAILS_MAX + 1, byAdministrator)).map(({ status }) => status);
  expect(statuses.toSorted()).toEqual([...Array(LINK_MAILS_MAX).fill(204), 429]);
  const other = await makeInvited();
  const path = `/v1.0/accounts/${other.id}/users/${other.userId}/sendActivationEmail`;
  await times(LINK_MAILS_MAX, () => other.api.post(path));
  await post('/v3/accounts/reset-password-request', { email: other.email });
  await vi.waitFor(async () => expect(await other.mails()).toHaveLength(LINK_MAILS_MAX + 1));
});

test('two hundred administrators at once send no more than a few, and the others are told when', async () => {
  const { id, userId, api, mails } = await makeInvited();
  const replies = await times(200, () => api.post(`/v1.0/accounts/${id}/users/${userId}/sendActivationEmail`));
  expect(replies.filter(({ status }) => status === 204)).toHaveLength(LINK_MAILS_MAX);
  const refused = replies.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(200 - LINK_MAILS_MAX);
  expect(Math.min(...refused.map(({ headers }) => Number(headers.get('Retry-After'))))).toBeGreaterThan(3500);
  expect(await mails()).toHaveLength(LINK_MAILS_MAX);
});

test.each(['together', 'each'] as const)(
  'changing an address to and fro mails neither one address nor strangers without end: events %s',
  async (how) => {
    const { api, base, userId, mails } = await makeInvited();
    const [one, other] = [addressOf(), addressOf()];
    for (let n = 0; n < RECIPIENT_MAILS_MAX * 2; n++) {
      await api.patch(`${base}/users/${userId}`, { email: n % 2 === 0 ? one : other });
    }
    await fanOutAbout(userId, how);
    expect(await mails()).toHaveLength(RECIPIENT_MAILS_MAX);
    const open = await rows('select id from events where subject = ? and relay_at is not null', userId);
    expect(open).toEqual([]);
  },
);

test('however its host is spelled, a mailbox is written to so often, and no more', async () => {
  const { api, users } = await makeCustomer();
  const local = unique('stranger');
  for (let n = 0; n < RECIPIENT_MAILS_MAX + 2; n++) {
    const host = `exam${'\ufe0f'.repeat(n)}ple.com`;
    const made = await api.post(users, { ...newcomer(), username: `${local}@${host}` });
    expect(made.status).toBe(201);
    await fanOutAbout(made.body.user_id, 'each');
    expect((await api.delete(`${users}/${made.body.user_id}`)).status).toBe(204);
  }
  const written = await rows('select recipient from emails where recipient like ?', `${local}%`);
  expect(written).toEqual(Array(RECIPIENT_MAILS_MAX).fill({ recipient: `${local}@example.com` }));
});

test('the old addresses of somebody who has come are told so often, and no more', async () => {
  const person = await makePerson();
  for (let n = 0; n < RECIPIENT_MAILS_MAX + 5; n++) {
    await person.api.patch(`${person.base}/users/${person.userId}`, { email: addressOf() });
  }
  await fanOutAbout(person.userId, 'each');
  expect((await person.mails()).map(({ template }) => template)).toEqual(
    Array(RECIPIENT_MAILS_MAX).fill('security-notice'),
  );
});

test('making a user again and again mails an address so often, and no more', async () => {
  const { api, users, id } = await makeCustomer();
  const { username } = newcomer();
  for (let n = 0; n < RECIPIENT_MAILS_MAX + 2; n++) {
    const made = await api.post(users, { ...newcomer(), username });
    await fanOutAbout(made.body.user_id, 'each');
    expect((await api.delete(`${users}/${made.body.user_id}`)).status).toBe(204);
  }
  expect(await mailsTo(username)).toHaveLength(RECIPIENT_MAILS_MAX);
  const last = await api.post(users, { ...newcomer(), username });
  const ask = () => api.post(`/v1.0/accounts/${id}/users/${last.body.user_id}/sendActivationEmail`);
  const refused = await ask();
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(3500);
  await rows('update emails set created_at = created_at - ? where recipient = ?', LINK_MAILS_WINDOW_MS, username);
  expect((await ask()).status).toBe(204);
});

test('links do not fill up the room of what somebody has to be told', async () => {
  const { token, again, userId, email, mails } = await withLink();
  await choose(token);
  const next = await again();
  await wrote(RECIPIENT_MAILS_MAX, { template: 'activation', userId, email });
  await choose(next, 'Another-horse-2');
  expect((await mails()).filter(({ template }) => template === 'security-notice')).toHaveLength(1);
});

test('a notice that is one too many changes nothing about what it would have told of', async () => {
  const person = await makePerson();
  const me = await person.signIn();
  const secret = await enroll(me);
  await wrote(RECIPIENT_MAILS_MAX, { template: 'security-notice', userId: person.userId, email: person.email });
  const written = (await person.mails()).length;
  await steady();
  const ask = () =>
    me.post('/v3/me/2fa-recovery-codes', { twoFactorCode: codeOf(secret) }, { 'Idempotency-Key': 'once' });
  const first = await ask();
  expect(first.status).toBe(201);
  expect(await person.types()).toContain('account.recovery-codes-created');
  expect(await person.mails()).toHaveLength(written);
  const again = await ask();
  expect([again.body, again.headers.get('Idempotency-Replayed')]).toEqual([first.body, 'true']);
});

test('a reseller publishes so many status updates an hour, however many are sent at once, and is told when', async () => {
  const { api, account, id } = await makePublisher();
  const publish = () => api.post(`${account}/statusUpdates`, newStatusUpdate());
  const replies = await times(200, publish);
  expect(replies.filter(({ status }) => status === 202)).toHaveLength(STATUS_UPDATES_MAX);
  const refused = replies.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(200 - STATUS_UPDATES_MAX);
  expect(refused[0]?.body).toMatchObject({ error: 429, message: expect.stringContaining('20 status updates an hour') });
  expect(Number(refused[0]?.headers.get('Retry-After'))).toBeGreaterThan(3500);
  expect(await rows('select id from status_updates where reseller_id = ?', id)).toHaveLength(STATUS_UPDATES_MAX);
  expect((await (await makePublisher()).api.post(`${account}/statusUpdates`, newStatusUpdate())).status).toBe(404);
  await rows(
    'update status_updates set created_at = created_at - ? where id = (select min(id) from status_updates where reseller_id = ?)',
    STATUS_UPDATES_WINDOW_MS,
    id,
  );
  expect([(await publish()).status, (await publish()).status]).toEqual([202, 429]);
});
