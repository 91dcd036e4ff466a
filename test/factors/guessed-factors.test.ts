import { beforeEach, expect, test, vi } from 'vitest';
import { giveTotp, makePerson, PASSWORD } from '../support/people/sign-in-people.ts';
import { login } from '../support/people/signed-up.ts';
import { muteQueues } from '../support/queues.ts';
import { rows } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  muteQueues();
});

const times = async (count: number, work: () => Promise<unknown>) => {
  for (let n = 0; n < count; n++) await work();
};

test('the user is told at the third wrong code behind the password, once in a day, and of no wrong password', async () => {
  const person = await makePerson();
  await giveTotp(person.userId);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  const guess = (password: string) =>
    login({ accountId: person.id, email: person.email, password, twoFactorCode: '000000' }, '192.0.2.66');
  const told = () =>
    rows(
      `select event.type, event.after, event.actor from emails join events as event on event.id = emails.event_id
        where emails.user_id = ? and template = 'security-notice'`,
      person.userId,
    );
  await times(3, () => guess('Wrong-horse-7'));
  await times(2, () => guess(PASSWORD));
  expect(await told()).toEqual([]);
  await times(3, () => guess(PASSWORD));
  expect(await told()).toEqual([
    {
      type: 'account.second-factor-guessed',
      actor: `user:${person.userId}`,
      after: expect.stringContaining('192.0.2.66'),
    },
  ]);
  const [mail] = await rows("select id from emails where user_id = ? and template = 'security-notice'", person.userId);
  expect(mail).toBeDefined();
  vi.setSystemTime(Date.now() + 24 * 60 * 60 * 1000);
  await times(3, () => guess(PASSWORD));
  expect(await told()).toHaveLength(2);
});

test('codes guessed all at once are told once', async () => {
  const person = await makePerson();
  await giveTotp(person.userId);
  const guess = () => login({ accountId: person.id, email: person.email, password: PASSWORD, twoFactorCode: '000000' });
  await Promise.all(Array.from({ length: 20 }, guess));
  const told = await rows(
    "select 1 from events where subject = ? and type = 'account.second-factor-guessed'",
    person.userId,
  );
  expect(told).toHaveLength(1);
});
