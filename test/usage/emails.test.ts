import { beforeEach, expect, test, vi } from 'vitest';
import { runJobs } from '../../src/jobs/index.ts';
import { startOfDay, startOfNextDay } from '../../src/model/usage/budgets.ts';
import { makeCustomer, newcomer } from '../support/people/invited.ts';
import { enroll, makePerson, post } from '../support/people/signed-up.ts';
import { addMembers, makePublisher, SUBSCRIBED } from '../support/people/subscribers.ts';
import { muteQueues } from '../support/queues.ts';
import { newUser, operator, rows, unique } from '../support/world.ts';
import { usedBy, useUp } from './budgets.ts';

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

test('each e-mail that is written for a tenant counts, once', async () => {
  const publisher = await makePublisher();
  const { id, api, base, account, relay } = publisher;
  const home = await makePublisher();
  const guest = await home.member();
  const platform = await operator();
  const counted = async (userId: string, work: () => Promise<{ status: number; text: string }>) => {
    const [before, written] = [await usedBy(id), await mailsOf(id)];
    const reply = await work();
    expect(reply.status, reply.text).toBeLessThan(300);
    await relay(userId || JSON.parse(reply.text).data.id);
    expect((await usedBy(id)).emails - before.emails).toBe((await mailsOf(id)) - written);
    return (await mailsOf(id)) - written;
  };
  const mailsOf = async (resellerId: string) =>
    (await rows('select count(*) as count from emails where reseller_id = ?', resellerId))[0].count as number;
  const { userId, path } = await publisher.stranger();
  await relay(userId);
  const replace = (at: string, value: unknown) => [{ op: 'replace', path: at, value }];
  const newEmail = () => `${unique('moved')}@example.com`;
  const created = { email: newEmail(), displayName: 'X', roles: SUBSCRIBED };
  expect(await counted('', () => api.post(`${account}/users`, created))).toBe(2);
  expect(await counted(userId, () => api.send('PATCH', path, replace('/email', newEmail())))).toBe(2);
  expect(await counted(userId, () => api.patch(`${base}/users/${userId}`, { email: newEmail() }))).toBe(2);
  expect(await counted(userId, () => api.send('PATCH', path, replace('/roles', [...SUBSCRIBED, 'user.admin'])))).toBe(
    1,
  );
  expect(await counted(userId, () => api.post(`${path}/sendActivationEmail`))).toBe(1);
  const invited = { email: guest.email, displayName: 'X', roles: ['account.user'] };
  expect(await counted(guest.userId, () => platform.post(`${account}/users`, invited))).toBe(1);
});

test('a status update goes to as many as the day has room for, and to the rest the next day', async () => {
  const publisher = await makePublisher();
  const { id, clock, worker, publish, expand, mails, shown, sent, arrive } = publisher;
  await addMembers(id, 30);
  const updateId = await publish();
  await useUp(id, { emails: 12 });
  expect(await expand(updateId)).toHaveLength(12);
  expect(await mails(updateId)).toHaveLength(12);
  expect((await usedBy(id)).emails).toBe(10_000);
  expect((await shown(updateId)).state).toBe('preparing');
  const [progress] = await rows('select expanding_at from status_update_progress where status_update_id = ?', updateId);
  expect(progress.expanding_at).toBe(startOfNextDay(clock.nowMs));
  await runJobs(worker, '* * * * *');
  expect(sent.tasks.map(({ body }) => body)).not.toContainEqual({ statusUpdateId: updateId });
  clock.nowMs = startOfNextDay(clock.nowMs) + 120_000;
  await runJobs(worker, '* * * * *');
  expect(sent.tasks.map(({ body }) => body)).toContainEqual({ statusUpdateId: updateId });
  await arrive([{ statusUpdateId: updateId }]);
  expect(await mails(updateId)).toHaveLength(30);
  const tomorrow = await rows(
    'select emails from tenant_days where reseller_id = ? and day = ?',
    id,
    startOfDay(clock.nowMs),
  );
  expect(tomorrow).toEqual([{ emails: 18 }]);
});
