import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { auditFailures } from '../../src/db/sign-in/failures.ts';
import { SIGN_IN_FAILURE_ROWS_MAX, SIGN_IN_FAILURES_HOUR_MS } from '../../src/model/limits/index.ts';
import { countedFailures, settleFailures, whenSettled } from '../support/people/sign-in-failures.ts';
import { login, makePerson } from '../support/people/signed-up.ts';
import { muteQueues } from '../support/queues.ts';
import { operator, rows, unique } from '../support/world.ts';

const HOUR = Math.floor(Date.now() / SIGN_IN_FAILURES_HOUR_MS) * SIGN_IN_FAILURES_HOUR_MS;
/** So late in the hour that tokens of now are good when it is over. */
const STARTED = HOUR + 50 * 60_000;

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
  vi.useFakeTimers({ toFake: ['Date'], now: STARTED });
});
afterEach(() => {
  vi.useRealTimers();
});

const entries = () => rows("select * from events where type = 'account.login-failed' order by seq");
const network = () => `2001:db8:${Math.floor(Math.random() * 65_535 + 1).toString(16)}:7`;
const unknownUser = (address: string) =>
  login({ accountId: crypto.randomUUID(), email: `${unique('nobody')}@example.com`, password: 'x' }, address);

test('failures of a user from one network are one entry of the audit log, once the hour is over', async () => {
  const person = await makePerson();
  const [here, there] = [network(), network()];
  for (const host of [1, 2, 3]) await person.enter({ password: 'wrong' }, `${here}::${host}`);
  vi.setSystemTime(STARTED + 60_000);
  await person.enter({ password: 'wrong' }, `${there}::1`);
  await person.enter({ password: 'wrong' }, `${here}::4`);
  expect(await person.types()).toEqual([]);
  expect((await countedFailures(person)).map(({ count }) => count).sort()).toEqual([1, 4]);

  await settleFailures();
  await settleFailures();
  expect(await countedFailures(person)).toEqual([]);
  const { body, text } = await person.api.get('/v3/audit-log?type=account.login-failed');
  const times = { firstAt: new Date(STARTED).toISOString(), lastAt: new Date(STARTED + 60_000).toISOString() };
  const about = { actor: `user:${person.userId}`, subject: person.userId, resellerId: person.id, userAgent: '' };
  const byAddress = (address: string) => body.filter((entry: { address: string }) => entry.address === address);
  expect(body).toHaveLength(2);
  expect(byAddress(here)).toMatchObject([{ ...about, after: { reason: 'wrong-password', count: 4, ...times } }]);
  expect(byAddress(there)).toMatchObject([
    { ...about, after: { count: 1, firstAt: times.lastAt, lastAt: times.lastAt } },
  ]);
  expect(text).not.toContain('networks');
  vi.setSystemTime(whenSettled(STARTED));
  const csv = await person.api.get('/v3/audit-log.csv?type=account.login-failed');
  expect(csv.text).toContain('""count"":4');
});

test('failures of unknown users are one entry of the operator’s without a network, and nothing else is kept', async () => {
  const person = await makePerson();
  const before = (await entries()).length;
  for (const address of [network(), network(), '192.0.2.1']) {
    await unknownUser(address);
    await login({ ...person.credentials, email: `${unique('nobody')}@example.com` }, address);
  }
  expect(await countedFailures({ userId: '' })).toHaveLength(3);
  await settleFailures();
  expect(await countedFailures({ userId: '' })).toEqual([]);
  const [entry, ...more] = (await entries()).slice(before);
  expect(more).toEqual([]);
  expect(entry).toMatchObject({ reseller_id: null, actor: 'anonymous', subject: '', address: '', user_agent: '' });
  expect(JSON.parse(entry.after)).toEqual({
    reason: 'unknown-user',
    count: 6,
    networks: 3,
    firstAt: STARTED,
    lastAt: STARTED,
  });
  const { body } = await (await operator()).get('/v3/audit-log?type=account.login-failed&sort=-occurredAt&limit=1');
  expect(body).toMatchObject([{ resellerId: null, after: { count: 6 } }]);
  expect((await person.api.get('/v3/audit-log?type=account.login-failed')).body).toEqual([]);
});

/** Failures of one reseller (empty: of unknown users) in this hour, each of a user of its own or from a network of its own. */
const countedBefore = (resellerId: string, count: number) =>
  rows(
    `with recursive n as (select 1 as nth union all select nth + 1 from n where nth < ?3)
      insert into sign_in_failures select ?1, ?2, iif(?2 = '', '', 'user-' || nth), ?4, '', 'network-' || nth, 1, ?1, ?1 from n`,
    HOUR,
    resellerId,
    count,
    resellerId === '' ? 'unknown-user' : 'wrong-password',
  );

test('from however many networks they come, unknown users leave a bounded number of rows', async () => {
  await countedBefore('', SIGN_IN_FAILURE_ROWS_MAX - 1);
  for (let n = 0; n < 5; n++) expect((await unknownUser(`198.51.100.${n}`)).status).toBe(400);
  // One that has its row goes on being counted there, and a user is counted all the same.
  await unknownUser('198.51.100.0');
  const person = await makePerson();
  await person.enter({ password: 'wrong' });
  expect(await countedFailures(person)).toHaveLength(1);
  expect(await countedFailures({ userId: '' })).toHaveLength(SIGN_IN_FAILURE_ROWS_MAX + 1);
  expect(await countedFailures({ address: '198.51.100.0' })).toMatchObject([{ count: 2 }]);
  expect(await countedFailures({ address: '' })).toMatchObject([{ user_id: '', reseller_id: '', count: 4 }]);
  await settleFailures();
  const noted = (await entries()).findLast(({ subject }) => subject === '');
  expect(JSON.parse(noted.after)).toMatchObject({
    count: SIGN_IN_FAILURE_ROWS_MAX + 5,
    networks: SIGN_IN_FAILURE_ROWS_MAX + 1,
  });
});

test('so do users of one reseller, and the rest share a row of that reseller alone', async () => {
  const [person, other] = [await makePerson(), await makePerson()];
  await countedBefore(person.id, SIGN_IN_FAILURE_ROWS_MAX);
  for (const address of ['192.0.2.2', '192.0.2.3']) await person.enter({ password: 'wrong' }, address);
  await other.enter({ password: 'wrong' });
  expect(await countedFailures(person)).toEqual([]);
  expect(await countedFailures(other)).toHaveLength(1);
  await settleFailures();
  const noted = (await entries()).filter(({ reseller_id }) => reseller_id === person.id);
  expect(noted).toHaveLength(SIGN_IN_FAILURE_ROWS_MAX + 1);
  const rest = noted.filter(({ subject }) => subject === '');
  expect(rest).toMatchObject([{ actor: 'anonymous', address: '' }]);
  expect(JSON.parse(rest[0].after)).toMatchObject({ reason: 'wrong-password', count: 2 });
});

test('an hour that goes on stays, one that is over moves chunk by chunk, and no run moves a row twice', async () => {
  const person = await makePerson();
  await person.enter({ password: 'wrong' });
  const failing = (hour: number, nth: number) =>
    rows(
      "insert into sign_in_failures values (?, ?, ?, 'wrong-factor', '', 'n', 7, ?, ?)",
      hour,
      person.id,
      `u${nth}`,
      hour,
      hour,
    );
  for (let nth = 0; nth < 150; nth++) await failing(HOUR - SIGN_IN_FAILURES_HOUR_MS, nth);
  const earlier = (await entries()).length;
  const move = (before: number) => auditFailures(env.DB, { now: STARTED, before, newId: () => crypto.randomUUID() });
  const both = await Promise.all([move(HOUR), move(HOUR), move(HOUR)]);
  expect(both.map(({ entries: moved }) => moved).sort()).toEqual([0, 100, 50].sort());
  expect(await entries()).toHaveLength(earlier + 150);
  expect(await countedFailures(person)).toHaveLength(1);
  expect(await move(HOUR)).toEqual({ entries: 0, more: false });
  expect(await move(whenSettled(STARTED))).toEqual({ entries: 1, more: false });
});
