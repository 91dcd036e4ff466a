import { beforeEach, expect, test, vi } from 'vitest';
import { flowIn, newBrowser } from '../support/people/page-browser.ts';
import { beforeRunning } from '../support/people/sessions.ts';
import { countedFailures } from '../support/people/sign-in-failures.ts';
import {
  giveRecoveryCode,
  giveTotp,
  makePerson,
  PASSWORD,
  passwordStep,
  signedInBrowser,
} from '../support/people/sign-in-people.ts';
import { muteQueues } from '../support/queues.ts';
import { rows } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

const sessionsOf = (userId: string) => rows('select id from sessions where user_id = ?', userId);

test('of forms that come at once one leads to a session', async () => {
  const { email, userId } = await makePerson();
  const browser = newBrowser();
  const flow = flowIn(await browser.open('/sign-in'));
  const post = () => browser.post('/sign-in/password', { flow, email, password: PASSWORD });
  const pages = await Promise.all([post(), post(), post()]);
  expect(pages.filter(({ status }) => status === 303)).toHaveLength(1);
  expect(await sessionsOf(userId)).toHaveLength(1);
  expect(await rows("select id from events where type = 'account.logged-in' and subject = ?", userId)).toHaveLength(1);
});

test('who has shown a password that is no more while the second factor is judged is not in', async () => {
  const { email, userId } = await makePerson();
  await giveTotp(userId);
  await giveRecoveryCode(userId, '0000-1111-2222-3333');
  const browser = newBrowser();
  const { flow } = await passwordStep(browser, email);
  beforeRunning('(select 1) as alone', () =>
    rows("update users set password_hash = 'another', updated_at = updated_at + 1 where id = ?", userId),
  );
  const page = await browser.post('/sign-in/factor', { flow, recoveryCode: '0000-1111-2222-3333' });
  expect(page).toMatchObject({ status: 400, location: null });
  expect(await sessionsOf(userId)).toEqual([]);
});

test('who may not be in any more when the second factor comes is not, and uses none up', async () => {
  const { email, userId } = await makePerson();
  await giveTotp(userId);
  await giveRecoveryCode(userId, '0000-1111-2222-3333');
  const browser = newBrowser();
  const { flow } = await passwordStep(browser, email);
  await rows('update users set allow_customer_portal_access = 0 where id = ?', userId);
  expect((await browser.post('/sign-in/factor', { flow, recoveryCode: '0000-1111-2222-3333' })).status).toBe(400);
  expect(await sessionsOf(userId)).toEqual([]);
  expect(await rows('select used_at from recovery_codes where user_id = ?', userId)).toEqual([{ used_at: null }]);
  expect(await countedFailures({ userId })).toMatchObject([{ reason: 'not-allowed', count: 1 }]);
});

test('who signs in again with the same browser leaves no session behind that nobody can end', async () => {
  const { email, userId } = await makePerson();
  const browser = await signedInBrowser(email);
  const old = browser.cookies.get('__Host-session') ?? '';
  const [former] = await sessionsOf(userId);
  const again = await browser.post('/account/again', {});
  const flow = flowIn(await browser.get(again.location ?? ''));
  expect((await browser.post('/sign-in/password', { flow, email, password: 'Wrong-horse-7' })).status).toBe(400);
  expect((await browser.get('/account')).status).toBe(200);
  expect((await browser.post('/sign-in/password', { flow, email, password: PASSWORD })).status).toBe(303);
  expect(
    await rows('select id, end_reason, ended_by from sessions where ended_at > 0 and user_id = ?', userId),
  ).toEqual([{ id: former.id, end_reason: 'signed-out', ended_by: `user:${userId}` }]);
  expect((await browser.get('/account')).status).toBe(200);
  const thief = newBrowser();
  thief.cookies.set('__Host-session', old);
  expect((await thief.get('/account')).location).toMatch(/^\/sign-in/);
});

test('whoever asks for tokens stays signed in with the browser', async () => {
  const { email, userId } = await makePerson();
  const browser = await signedInBrowser(email);
  const again = await browser.post('/account/again', {});
  const flow = flowIn(await browser.get(again.location ?? ''));
  await rows('update sign_in_flows set goal = ? where id = ?', '{"kind":"tokens"}', flow);
  expect((await browser.post('/sign-in/password', { flow, email, password: PASSWORD })).status).toBe(200);
  expect(await rows('select id from sessions where ended_at is null and user_id = ?', userId)).toHaveLength(2);
});
