import { beforeEach, expect, test, vi } from 'vitest';
import { runJobs } from '../../src/jobs/index.ts';
import { dayOf, nextDay } from '../../src/model/budgets.ts';
import { RECIPIENT_MAILS_MAX } from '../../src/model/limits.ts';
import { usedBy, useUp } from '../support/budgets.ts';
import { makeCustomer, newcomer } from '../support/invited.ts';
import { muteQueues } from '../support/queues.ts';
import { enroll, makePerson, PASSWORD, post } from '../support/signed-up.ts';
import { addMembers, makePublisher } from '../support/subscribers.ts';
import { newUser, rows } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

test('a change that causes an e-mail is refused above the budget, and others are not', async () => {
  const { id, base, api, users } = await makeCustomer();
  const before = await usedBy(id);
  const first = await api.post(users, newcomer());
  expect(first.status).toBe(201);
  expect((await usedBy(id)).emails).toBe(before.emails + 1);
  await useUp(id, { emails: 0 });
  const refused = await api.post(users, newcomer());
  expect(refused.status).toBe(429);
  expect(refused.text).toContain('e-mail budget');
  expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
  const moved = await api.patch(`${base}/users/${first.body.user_id}`, { email: newUser().email });
  expect(moved.status).toBe(429);
  expect((await api.patch(`${base}/users/${first.body.user_id}`, { firstName: 'Jo' })).status).toBe(200);
  expect((await api.post(`${base}/users`, newUser())).status).toBe(201);
});

test('an invitation that is sent again counts, and is refused above the budget', async () => {
  const { id, api, account, member } = await makePublisher();
  const { path } = await member();
  const { emails } = await usedBy(id);
  const send = () => api.post(`${path}/sendActivationEmail`);
  expect((await send()).status).toBe(204);
  expect((await usedBy(id)).emails).toBe(emails + 1);
  await useUp(id, { emails: 0 });
  expect((await send()).status).toBe(429);
  expect(account).toContain(id);
});

test('security notices, and links that a person asks for, are sent above the budget', async () => {
  const person = await makePerson();
  const caller = await person.signIn();
  await useUp(person.id, { emails: 0 });
  const { emails } = await usedBy(person.id);
  await enroll(caller);
  expect((await usedBy(person.id)).emails).toBe(emails + 1);
  expect((await person.mails()).map(({ template }) => template)).toContain('security-notice');
  expect((await post('/activate/mail', { email: person.email })).status).toBe(202);
  await vi.waitFor(async () =>
    expect((await person.mails()).map(({ template }) => template)).toContain('password-reset'),
  );
  expect((await usedBy(person.id)).emails).toBe(emails + 1);
});

test('a notice that is not written, as its reader has had too many, costs nothing', async () => {
  const person = await makePerson();
  const caller = await person.signIn();
  await rows(
    `with recursive n as (select 1 as nth union all select nth + 1 from n where nth < ?)
      insert into emails (id, cause, template, language, recipient, recipient_key, reseller_id, user_id, state, created_at)
      select ?2 || nth, ?2 || nth, 'security-notice', 'en', ?3, ?3, ?4, ?2, 'sent', ?5 from n`,
    RECIPIENT_MAILS_MAX,
    person.userId,
    person.email.toLowerCase(),
    person.id,
    Date.now(),
  );
  const { emails } = await usedBy(person.id);
  const sent = { currentPassword: PASSWORD, newPassword: 'another horse battery' };
  expect((await caller.post('/v3/me/password', sent)).status).toBe(204);
  expect(await person.mails()).toHaveLength(RECIPIENT_MAILS_MAX);
  expect((await usedBy(person.id)).emails).toBe(emails);
});

test('a status update goes to as many as the day has room for, and to the rest the next day', async () => {
  const publisher = await makePublisher();
  const { id, clock, background, publish, expand, mails, shown, sent, arrive } = publisher;
  await addMembers(id, 30);
  const updateId = await publish();
  await useUp(id, { emails: 12 });
  expect(await expand(updateId)).toHaveLength(12);
  expect(await mails(updateId)).toHaveLength(12);
  expect((await usedBy(id)).emails).toBe(10_000);
  expect((await shown(updateId)).state).toBe('preparing');
  const [progress] = await rows('select expanding_at from status_update_progress where status_update_id = ?', updateId);
  expect(progress.expanding_at).toBe(nextDay(clock.nowMs));
  await runJobs(background, '* * * * *');
  expect(sent.webhooks.map(({ body }) => body)).not.toContainEqual({ statusUpdateId: updateId });
  clock.nowMs = nextDay(clock.nowMs) + 120_000;
  await runJobs(background, '* * * * *');
  expect(sent.webhooks.map(({ body }) => body)).toContainEqual({ statusUpdateId: updateId });
  await arrive([{ statusUpdateId: updateId }]);
  expect(await mails(updateId)).toHaveLength(30);
  const tomorrow = await rows(
    'select emails from tenant_days where reseller_id = ? and day = ?',
    id,
    dayOf(clock.nowMs),
  );
  expect(tomorrow).toEqual([{ emails: 18 }]);
});
