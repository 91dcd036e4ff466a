import { beforeEach, expect, test, vi } from 'vitest';
import {
  IPV6_SITE_FACTOR,
  SIGN_IN_ADDRESS_FAILURES_MAX,
  SIGN_IN_FAILURES_MAX,
  SIGN_IN_WINDOW_MS,
} from '../../src/model/limits/index.ts';
import { makePerson } from '../support/people/signed-up.ts';
import { muteQueues } from '../support/queues.ts';
import { rows, unique } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

const LIMITED = { status: 429, body: { code: 'RATE_LIMIT_EXCEEDED' } };
const times = <T>(count: number, work: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)));

test('after too many failures a user waits, with the right password too, whatever the address', async () => {
  const person = await makePerson();
  for (let n = 0; n < SIGN_IN_FAILURES_MAX; n++) expect((await person.enter({ password: 'wrong' })).status).toBe(400);
  for (const more of [{}, { password: 'wrong' }]) {
    const reply = await person.enter(more);
    expect(reply).toMatchObject(LIMITED);
    const seconds = Number(reply.headers.get('Retry-After'));
    expect(seconds).toBeGreaterThan(SIGN_IN_WINDOW_MS / 1000 - 60);
    expect(seconds).toBeLessThanOrEqual(SIGN_IN_WINDOW_MS / 1000);
  }
  expect(await person.attempts()).toBe(SIGN_IN_FAILURES_MAX);
  // The oldest leaves the window.
  await rows(
    'update sign_in_attempts set attempted_at = ?1 where id = (select min(id) from sign_in_attempts where email_key = ?2)',
    Date.now() - SIGN_IN_WINDOW_MS,
    person.email.toLowerCase(),
  );
  expect((await person.enter()).status).toBe(200);
});

test('somebody unknown waits as well', async () => {
  const person = await makePerson();
  const email = `${unique('nobody')}@example.com`;
  const replies = await times(SIGN_IN_FAILURES_MAX + 1, () => person.enter({ email }));
  expect(replies.filter(({ status }) => status === 429)).toHaveLength(1);
});

test('after fifty failures an address waits, whoever it tries, and nobody else does', async () => {
  const person = await makePerson();
  const address = unique('address');
  const tries = await times(SIGN_IN_ADDRESS_FAILURES_MAX, (n) =>
    person.enter({ email: `${n}-${unique('x')}@example.com` }, address),
  );
  expect(new Set(tries.map(({ status }) => status))).toEqual(new Set([400]));
  const limited = await person.enter({}, address);
  expect(limited).toMatchObject(LIMITED);
  expect(limited.headers.get('Retry-After')).toMatch(/^\d+$/);
  expect((await person.enter()).status).toBe(200);
});

test('a success is no failure, however many there are, and forgives none', async () => {
  const person = await makePerson();
  const address = unique('address');
  for (let n = 0; n < SIGN_IN_FAILURES_MAX - 1; n++) await person.enter({ password: 'wrong' }, address);
  for (let n = 0; n < 4; n++) expect((await person.enter({}, address)).status).toBe(200);
  expect(await person.attempts()).toBe(SIGN_IN_FAILURES_MAX - 1);
  expect((await person.enter({ password: 'wrong' })).status).toBe(400);
  expect(await person.enter()).toMatchObject(LIMITED);
});

test('a /48 of IPv6 has more failures than one of its networks, and not the more the more of these it has', async () => {
  const person = await makePerson();
  const site = `2001:db8:${Math.floor(Math.random() * 65_536).toString(16)}`;
  const tryFrom = (network: string) => person.enter({ email: `${unique('x')}@example.com` }, `${network}::1`);
  for (let network = 1; network <= IPV6_SITE_FACTOR; network++)
    await times(SIGN_IN_ADDRESS_FAILURES_MAX, () => tryFrom(`${site}:${network}`));
  const limited = await tryFrom(`${site}:ffff`);
  expect(limited).toMatchObject(LIMITED);
  expect(Number(limited.headers.get('Retry-After'))).toBeGreaterThan(SIGN_IN_WINDOW_MS / 1000 - 120);
  const attempts = await rows('select 1 from sign_in_attempts where address like ?', `${site}:%`);
  expect(attempts).toHaveLength(SIGN_IN_ADDRESS_FAILURES_MAX * IPV6_SITE_FACTOR);
  expect((await person.enter({}, '2001:db7::1')).status).toBe(200);
});

test('the hosts of one IPv6 network are one address', async () => {
  const person = await makePerson();
  const network = `2001:db8:${Math.floor(Math.random() * 65_536).toString(16)}:7`;
  await times(SIGN_IN_ADDRESS_FAILURES_MAX, (n) =>
    person.enter({ email: `${unique('x')}@example.com` }, `${network}::${n + 1}`),
  );
  expect(await person.enter({}, `${network}:a:b:c:d`)).toMatchObject(LIMITED);
});
