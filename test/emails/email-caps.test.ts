import { uuidv7 } from 'uuidv7';
import { beforeEach, expect, test, vi } from 'vitest';
import { releaseEmails } from '../../src/db/emails/emails.ts';
import { fanOut } from '../../src/delivery/fanout.ts';
import {
  LINK_MAILS_MAX,
  RECIPIENT_MAILS_MAX,
  STATUS_UPDATES_MAX,
  STATUS_UPDATES_WINDOW_MS,
  TENANT_RECIPIENT_MAILS_MAX,
  UNVERIFIED_LINKS_MAX,
  UNVERIFIED_WINDOW_MS,
  WAITING_MAILS_MAX,
} from '../../src/model/limits/index.ts';
import { makeCustomer, makeInvited, newcomer } from '../support/people/invited.ts';
import { choose, withLink } from '../support/people/links.ts';
import { codeOf, enroll, makePerson, type Person, post, steady } from '../support/people/signed-up.ts';
import { makePublisher, newStatusUpdate } from '../support/people/subscribers.ts';
import { muteQueues } from '../support/queues.ts';
import { stoppedWorld } from '../support/stopped-world.ts';
import { operator, rows, unique } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

const times = <T>(count: number, work: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)));
const HOUR_MS = 60 * 60 * 1000;
const mailsTo = (email: string) => rows('select * from emails where recipient_key = ?', email.toLowerCase());
const addressOf = () => `${unique('stranger')}@example.com`;

/** Links that wait to be sent to as many users of a tenant, whose addresses lead to the mailbox of `email`. */
async function pend(count: number, { email, id }: { email: string; id: string }) {
  const ids = Array.from({ length: count }, () => uuidv7());
  for (const mailId of ids) {
    const tagged = email.replace(/(\+.*)?@/, `+${mailId}@`);
    await rows(
      `insert into users (id, reseller_id, first_name, last_name, name_key, email, email_key, role, company,
         allow_customer_portal_access, verified_at, email_verified_at, created_at, updated_at)
       values (?1, ?2, 'Jane', 'Doe', 'jane doe', ?3, ?3, 'user', '', 1, 1, 1, 1, 1)`,
      mailId,
      id,
      tagged,
    );
    await rows(
      `insert into emails (id, cause, template, language, recipient, recipient_key, reseller_id, user_id, event_id, state, next_attempt_at, created_at)
       values (?1, ?1, 'password-reset', 'en', ?2, ?2, ?3, ?1, ?1, 'pending', 0, 0)`,
      mailId,
      tagged,
      id,
    );
  }
  return ids.map((emailId) => ({ emailId }));
}

const statesOf = async (email: string) =>
  (await rows('select state, reason from emails where recipient_key = ? order by id', email)).map(
    ({ state, reason }) => reason || state,
  );
const countOf = async (email: string, what: string) => (await statesOf(email)).filter((state) => state === what).length;

/** Users of two tenants with sub-addresses of one mailbox, which both have proved. */
async function shareMailbox() {
  const [mine, yours] = [await makePerson(), await makePerson()];
  const local = unique('box');
  const share = async (person: Person, tag: string) => {
    const email = `${local}+${tag}@example.com`;
    await rows('update users set email = ?1, email_key = ?1 where id = ?2', email, person.userId);
    await rows('update users set email_verified_at = 1 where id = ?', person.userId);
    return { ...person, email };
  };
  return [await share(mine, 'a'), await share(yours, 'b')] as const;
}

/** Fans out what callers hear about a user: all at once, as one message or as one for each. */
async function fanOutAbout(userId: string, how: 'together' | 'each'): Promise<void> {
  const raised = await rows('select id from events where subject = ? and audit_only = 0', userId);
  const ids: string[] = raised.map(({ id }) => id);
  const { worker } = stoppedWorld();
  await Promise.all((how === 'each' ? ids.map((id) => [id]) : [ids]).map((some) => fanOut(worker, some)));
}

/** Has all mails sent that are due about a user. */
async function sendAbout(userId: string): Promise<void> {
  const { arrive, worker } = stoppedWorld();
  const due = await rows("select id from emails where user_id = ? and state = 'pending' order by id", userId);
  await arrive(
    due.map(({ id }) => ({ emailId: id })),
    worker,
    'emails',
  );
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
    const { api, base, userId, mails, arrive, worker } = await makeInvited();
    const [one, other] = [addressOf(), addressOf()];
    for (let n = 0; n < RECIPIENT_MAILS_MAX * 2; n++) {
      await api.patch(`${base}/users/${userId}`, { email: n % 2 === 0 ? one : other });
    }
    await fanOutAbout(userId, how);
    await arrive(
      (await mails()).map(({ id }) => ({ emailId: id })),
      worker,
      'emails',
    );
    const sent = (await mails()).filter(({ state }) => state === 'sent').map(({ recipient }) => recipient);
    // Each link is replaced by the next; only the one to the present address is of use.
    expect(sent).toEqual([other]);
    const open = await rows('select id from events where subject = ? and relay_at is not null', userId);
    expect(open).toEqual([]);
  },
);

test.each<[string, (local: string, n: number) => string]>([
  ['its host is spelled', (local, n) => `${local}@exam${'\ufe0f'.repeat(n)}ple.com`],
  ['it is tagged', (local, n) => `${local}+${n}@example.com`],
])('however %s, a mailbox that has proved nothing is written to so often, and no more', async (_, spelled) => {
  const { api, users } = await makeCustomer();
  const local = unique('stranger');
  for (let n = 0; n < UNVERIFIED_LINKS_MAX + 2; n++) {
    const made = await api.post(users, { ...newcomer(), username: spelled(local, n) });
    expect(made.status).toBe(201);
    await fanOutAbout(made.body.user_id, 'each');
    await sendAbout(made.body.user_id);
    expect((await api.delete(`${users}/${made.body.user_id}`)).status).toBe(204);
  }
  const written = await rows('select state from emails where recipient like ? order by id', `${local}%`);
  expect(written.map(({ state }) => state)).toEqual([
    ...Array(UNVERIFIED_LINKS_MAX).fill('sent'),
    'dropped',
    'dropped',
  ]);
});

test('each old address of a person who has come is told', async () => {
  const person = await makePerson();
  for (let n = 0; n < RECIPIENT_MAILS_MAX + 5; n++) {
    await person.api.patch(`${person.base}/users/${person.userId}`, { email: addressOf() });
  }
  await fanOutAbout(person.userId, 'each');
  await sendAbout(person.userId);
  expect((await person.mails()).map(({ template, state }) => [template, state])).toEqual(
    Array(RECIPIENT_MAILS_MAX + 5).fill(['security-notice', 'sent']),
  );
});

test('a tenant reminds an address that has proved nothing so often in 30 days, and is told when again', async () => {
  const { api, users, id } = await makeCustomer();
  const { username } = newcomer();
  for (let n = 0; n < UNVERIFIED_LINKS_MAX; n++) {
    const made = await api.post(users, { ...newcomer(), username });
    await fanOutAbout(made.body.user_id, 'each');
    await sendAbout(made.body.user_id);
    expect((await api.delete(`${users}/${made.body.user_id}`)).status).toBe(204);
  }
  const last = await api.post(users, { ...newcomer(), username });
  const ask = () => api.post(`/v1.0/accounts/${id}/users/${last.body.user_id}/sendActivationEmail`);
  const refused = await ask();
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(UNVERIFIED_WINDOW_MS / 1000 - 100);
  await rows('update emails set attempted_at = attempted_at - ? where recipient = ?', UNVERIFIED_WINDOW_MS, username);
  expect((await ask()).status).toBe(204);
});

test('links that are asked for on a page have room of their own, and no more of it', async () => {
  const { userId, email, id, api, relay, deliver, mails, clock } = await makeInvited();
  await deliver(await relay());
  for (let n = 0; n < UNVERIFIED_LINKS_MAX + 2; n++) {
    await rows('update emails set created_at = 0, attempted_at = attempted_at - ? where user_id = ?', HOUR_MS, userId);
    const written = (await mails()).length;
    expect((await post('/activate/mail', { email })).status).toBe(202);
    await vi.waitFor(async () => expect(await mails()).toHaveLength(written + 1));
    clock.nowMs = Math.max(clock.nowMs, Date.now());
    await sendAbout(userId);
  }
  expect(await countOf(email, 'sent')).toBe(1 + UNVERIFIED_LINKS_MAX);
  expect(await countOf(email, 'too many to an unproved address')).toBe(2);
  expect((await api.post(`/v1.0/accounts/${id}/users/${userId}/sendActivationEmail`)).status).toBe(204);
  await sendAbout(userId);
  expect(await countOf(email, 'sent')).toBe(2 + UNVERIFIED_LINKS_MAX);
});

test('a link that is asked for on a page, and is one too many, replaces none of its tenant', async () => {
  const { userId, email, id, api, mails, arrive, worker } = await makeInvited();
  const platform = await operator();
  const enable = (value: boolean) =>
    platform.patch(`/v1.0/accounts/${id}`, [{ op: 'replace', path: '/enabled', value }]);
  for (let n = 0; n < UNVERIFIED_LINKS_MAX; n++) {
    await rows('update emails set created_at = 0, attempted_at = attempted_at - ? where user_id = ?', HOUR_MS, userId);
    expect((await post('/activate/mail', { email })).status).toBe(202);
    await vi.waitFor(async () => expect(await mails()).toHaveLength(n + 1));
    await sendAbout(userId);
  }
  await rows('update emails set created_at = 0, attempted_at = attempted_at - ? where user_id = ?', HOUR_MS, userId);
  expect((await api.post(`/v1.0/accounts/${id}/users/${userId}/sendActivationEmail`)).status).toBe(204);
  await enable(false);
  await sendAbout(userId);
  expect((await post('/activate/mail', { email })).status).toBe(202);
  await vi.waitFor(async () => expect(await mails()).toHaveLength(UNVERIFIED_LINKS_MAX + 2));
  await enable(true);
  await releaseEmails(worker.db, worker.now());
  const waiting = await rows("select id from emails where user_id = ? and state = 'pending' order by id", userId);
  for (const { id: emailId } of waiting) await arrive([{ emailId }], worker, 'emails');
  const [byTenant, byStranger] = (await mails()).slice(-2);
  expect([byTenant?.state, byStranger?.state]).toEqual(['sent', 'dropped']);
});

test('no tenant uses up what another sends to the same mailbox, and what is too much waits for its turn', async () => {
  const [mine, yours] = await shareMailbox();
  const { arrive, worker, clock } = stoppedWorld();
  const started = clock.nowMs;
  const countFrom = async ({ id }: Person, what: string) =>
    (await rows('select state, reason from emails where reseller_id = ?', id)).filter(
      ({ state, reason }) => (reason || state) === what,
    ).length;
  await arrive(await pend(30, mine), worker, 'emails');
  expect(await countFrom(mine, 'sent')).toBe(TENANT_RECIPIENT_MAILS_MAX);
  expect(await countFrom(mine, 'waits for its turn')).toBe(WAITING_MAILS_MAX);
  expect(await countFrom(mine, 'too many wait')).toBe(30 - TENANT_RECIPIENT_MAILS_MAX - WAITING_MAILS_MAX);
  await arrive(await pend(8, yours), worker, 'emails');
  expect(await countFrom(yours, 'sent')).toBe(RECIPIENT_MAILS_MAX - TENANT_RECIPIENT_MAILS_MAX);
  expect(await countFrom(yours, 'waits for its turn')).toBe(3);
  const sent = () => rows("select count(*) as count from emails where mailbox_key = ? and state = 'sent'", mailbox);
  const mailbox = mine.email.replace('+a', '');
  for (let hour = 1; hour <= 5; hour++) {
    clock.nowMs = started + hour * (HOUR_MS + 61_000);
    const due = await rows(
      'select id from emails where mailbox_key = ? and next_attempt_at <= ?',
      mailbox,
      clock.nowMs,
    );
    await arrive(
      due.map(({ id }) => ({ emailId: id })),
      worker,
      'emails',
    );
    const [{ count }] = await sent();
    expect(count).toBeLessThanOrEqual((hour + 1) * RECIPIENT_MAILS_MAX);
  }
  expect(await countFrom(mine, 'sent')).toBe(TENANT_RECIPIENT_MAILS_MAX + WAITING_MAILS_MAX);
  expect(await countFrom(yours, 'sent')).toBe(8);
});

test('links do not fill up the room of what a person has to be told', async () => {
  const { token, userId, email, id, mails, arrive, worker, again } = await withLink();
  await choose(token);
  const next = await again({ email });
  await arrive(await pend(RECIPIENT_MAILS_MAX, { email, id }), worker, 'emails');
  expect((await choose(next, 'Another-horse-2')).status).toBe(204);
  await sendAbout(userId);
  const notices = (await mails()).filter(({ template }) => template === 'security-notice');
  expect(notices.map(({ state }) => state)).toEqual(['sent']);
});

test('a notice that is one too many waits, and changes nothing about what it tells of', async () => {
  const person = await makePerson();
  const me = await person.signIn();
  const secret = await enroll(me);
  await rows('update users set email_verified_at = 1 where id = ?', person.userId);
  for (let n = 0; n < TENANT_RECIPIENT_MAILS_MAX; n++) {
    await steady();
    const ask = () =>
      me.post('/v3/me/2fa-recovery-codes', { twoFactorCode: codeOf(secret) }, { 'Idempotency-Key': `${n}` });
    await rows('update totp_secrets set last_step = 0 where user_id = ?', person.userId);
    const first = await ask();
    expect(first.status).toBe(201);
    const again = await ask();
    expect([again.body, again.headers.get('Idempotency-Replayed')]).toEqual([first.body, 'true']);
  }
  await sendAbout(person.userId);
  const states = (await person.mails()).map(({ state }) => state);
  expect(states.toSorted()).toEqual(['pending', ...Array(TENANT_RECIPIENT_MAILS_MAX).fill('sent')]);
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
