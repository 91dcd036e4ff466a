import { beforeEach, expect, test, vi } from 'vitest';
import { sendEmails } from '../../src/delivery/emails.ts';
import { fanOut } from '../../src/delivery/fanout.ts';
import { devEmails } from '../../src/emails/transports/dev-mailbox.ts';
import { enroll, makeAccount } from '../support/people/accounts.ts';
import { signedInBrowser, PASSWORD as TYPED } from '../support/people/sign-in-people.ts';
import { addPasskey, makePerson, type Person } from '../support/people/signed-up.ts';
import { makeStaff } from '../support/people/staff.ts';
import { muteQueues } from '../support/queues.ts';
import { stoppedWorld } from '../support/stopped-world.ts';
import { newOrganization, operator, rows, unique } from '../support/world.ts';
import { useUp } from '../usage/budgets.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

const disable = async ({ api, base, userId }: Pick<Person, 'api' | 'base' | 'userId'>, disabled = true) => {
  expect((await api.patch(`${base}/users/${userId}`, { disabled })).status).toBe(200);
};

/** Everything that waits is sent; what arrived at this address. */
async function inbox({ userId, email, log }: Pick<Person, 'userId' | 'email' | 'log'>) {
  const { worker } = stoppedWorld();
  await fanOut(
    worker,
    (await log(0)).map(({ id }) => id),
  );
  const waiting = await rows("select id from emails where user_id = ? and state = 'pending'", userId);
  await sendEmails(
    worker,
    waiting.map(({ id }) => id),
  );
  return devEmails(worker.env)
    .filter(({ to }) => to === email)
    .map(({ subject }) => subject);
}

test('whoever disables a user first still cannot take a second factor away unnoticed', async () => {
  const person = await makePerson();
  await addPasskey(person.userId);
  await disable(person);
  expect((await person.api.delete(`/v3/users/${person.userId}/2fa`)).status).toBe(204);
  await disable(person, false);
  expect(await inbox(person)).toEqual([expect.stringContaining('Two-factor sign-in has been disabled')]);
});

test.each([true, false])('nor another address, be the user enabled again (%j) when the mail leaves', async (again) => {
  const person = await makePerson();
  await disable(person);
  const moved = await person.api.patch(`${person.base}/users/${person.userId}`, { email: `${unique('x')}@evil.test` });
  expect(moved.status).toBe(200);
  if (again) await disable(person, false);
  expect(await inbox(person)).toEqual([expect.stringContaining('Your email address has been changed')]);
});

test('a person who is active elsewhere is told what happens where the primary tenant has disabled it', async () => {
  const person = await makePerson();
  await enroll(await makeAccount(), person);
  await disable(person);
  const email = `${unique('new')}@example.com`;
  expect((await (await operator()).patch(`${person.base}/users/${person.userId}`, { email })).status).toBe(200);
  expect(await inbox(person)).toEqual([expect.stringContaining('Your email address has been changed')]);
});

test.each(['v3', 'accounts'])('a tenant that has used up its day still disables a user by %s', async (dialect) => {
  const account = await makeAccount();
  const user = await account.makeUser();
  const ask = (disabled: boolean) =>
    dialect === 'v3'
      ? account.api.patch(`${account.base}/users/${user.id}`, { disabled })
      : account.api.patch(user.path, [{ op: 'replace', path: '/enabled', value: !disabled }]);
  await useUp(account.id, { bytes: 0 });
  expect((await ask(true)).status).toBe(200);
  expect((await ask(false)).status).toBe(429);
});

test('of administrators who disable one another at once, one stays', async () => {
  const account = await makeAccount();
  const admins = await Promise.all([1, 2, 3, 4].map(() => makeStaff(account, { roles: ['user.admin'] })));
  const replies = await Promise.all(
    admins.map((admin, index) => {
      const { id } = admins[(index + 1) % admins.length]!.user;
      const whole = [{ op: 'replace', path: '/enabled', value: false }];
      return index % 2
        ? admin.patch(`${account.base}/users/${id}`, { disabled: true })
        : admin.patch(`${account.users}/${id}`, whole);
    }),
  );
  expect(replies.filter(({ status }) => status === 200).length).toBeLessThan(4);
  const [{ left }] = await rows(
    "select count(*) as left from memberships where reseller_id = ? and instr(roles, 'user.admin') and disabled_at is null",
    account.id,
  );
  expect(left).toBeGreaterThan(0);
});

test('counters agree after a disabled user of a customer has lost its home', async () => {
  const [home, other] = [await makeAccount(), await makeAccount()];
  const user = await home.makeUser();
  const organization = (await home.api.post(`${home.base}/organizations`, newOrganization())).body;
  const place = `${home.base}/users/${user.id}`;
  await home.api.patch(place, { organizationId: organization.id, disabled: true });
  const there = await enroll(other, user);
  await other.api.patch(there.path, [{ op: 'replace', path: '/enabled', value: false }]);
  expect((await home.api.delete(place)).status).toBe(204);
  await other.api.patch(there.path, [{ op: 'replace', path: '/enabled', value: true }]);
  expect(
    await rows(
      `select user_count, disabled_count from resellers where id in (?1, ?2)
       union all select user_count, disabled_count from organizations where id = ?3`,
      home.id,
      other.id,
      organization.id,
    ),
  ).toEqual([
    { user_count: 0, disabled_count: 0 },
    { user_count: 1, disabled_count: 0 },
    { user_count: 0, disabled_count: 0 },
  ]);
});

test('whom the primary tenant has disabled is not sent there to show once more who it is', async () => {
  const person = await makePerson({ password: TYPED });
  const other = await makeAccount();
  await enroll(other, person);
  await disable(person);
  const browser = await signedInBrowser(person.email);
  await rows('update sessions set counts_at_home = 0 where user_id = ?', person.userId);
  const { location } = await browser.post('/account/again', {});
  const flow = new URL(location ?? '', 'https://edge.localhost').searchParams.get('flow');
  expect(await rows('select reseller_id from sign_in_flows where id = ?', flow)).toEqual([{ reseller_id: other.id }]);
});
