import { beforeEach, expect, test, vi } from 'vitest';
import {
  DEVICE_FAILURES_MAX,
  DEVICE_LIFE_MS,
  DEVICE_USERS_MAX,
  FACTOR_FAILURES,
  KNOWN_NETWORK_FAILURES_MAX,
  KNOWN_NETWORK_MS,
  KNOWN_NETWORKS_MAX,
  SIGN_IN_ADDRESS_FAILURES_MAX,
  SIGN_IN_FAILURES_MAX,
} from '../../src/model/limits/index.ts';
import { accountAt, signInOnPageAs, useProvider } from '../support/people/google.ts';
import { choose, withLink } from '../support/people/links.ts';
import { newBrowser, type PageBrowser } from '../support/people/page-browser.ts';
import {
  givePasskey,
  giveRecoveryCode,
  giveTotp,
  makePerson,
  PASSWORD,
  passkeyStep,
  passwordStep,
  signedInBrowser,
} from '../support/people/sign-in-people.ts';
import { codeOf, login, steady } from '../support/people/signed-up.ts';
import { muteQueues } from '../support/queues.ts';
import { rows, unique } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  muteQueues();
});

type Person = Awaited<ReturnType<typeof makePerson>>;
const WRONG = 'Wrong-horse-7';
/** As many failures as lock a network, and one that has them. */
const FLOOD = SIGN_IN_ADDRESS_FAILURES_MAX;
const OFFICE = unique('office');
const times = async (count: number, work: (n: number) => Promise<unknown>) => {
  for (let n = 0; n < count; n++) await work(n);
};
const api = ({ id, email }: Person, address?: string, password = PASSWORD) =>
  login({ accountId: id, email, password }, address);
/** Strangers fail at the user's password from everywhere, until nobody unknown gets in. */
async function lockOut(person: Person): Promise<void> {
  await times(SIGN_IN_FAILURES_MAX, () => api(person, undefined, WRONG));
  expect((await api(person)).status).toBe(429);
}
const enters = async (browser: PageBrowser, { email }: Person, password = PASSWORD) =>
  (await passwordStep(browser, email, password)).page.status;
/** A browser that was signed in once, and is now elsewhere. */
async function knownBrowser(person: Person): Promise<PageBrowser> {
  const signedIn = await signedInBrowser(person.email);
  const browser = newBrowser();
  browser.cookies.set('__Host-device', signedIn.cookies.get('__Host-device')!);
  return browser;
}

test('strangers lock a user out of no browser that the user has signed in with', async () => {
  const person = await makePerson();
  const browser = await knownBrowser(person);
  await lockOut(person);
  expect(await enters(newBrowser(), person)).toBe(429);
  expect(await enters(browser, person)).toBe(303);
  await times(FLOOD, () =>
    login({ accountId: person.id, email: `${unique('x')}@example.com`, password: WRONG }, OFFICE),
  );
  const office = newBrowser('en', OFFICE);
  office.cookies.set('__Host-device', browser.cookies.get('__Host-device')!);
  expect(await enters(office, person)).toBe(303);
});

test('what fails in a known browser locks that browser and nothing else', async () => {
  const person = await makePerson();
  const [stolen, own] = [await knownBrowser(person), await knownBrowser(person)];
  await times(DEVICE_FAILURES_MAX, async () => expect(await enters(stolen, person, WRONG)).toBe(400));
  expect(await enters(stolen, person)).toBe(429);
  expect(await enters(own, person)).toBe(303);
  expect(await enters(newBrowser(), person)).toBe(303);
});

test('a device cookie is its user’s alone, is nobody’s to make, and ends', async () => {
  const [person, other] = [await makePerson(), await makePerson()];
  const cookie = (await knownBrowser(person)).cookies.get('__Host-device')!;
  await lockOut(person);
  const [key, sealed = ''] = cookie.split('.');
  const another = sealed.startsWith('A') ? 'B' : 'A';
  const flipped = `${key}.${another}${sealed.slice(1)}`;
  for (const forged of [
    (await knownBrowser(other)).cookies.get('__Host-device')!,
    flipped,
    '',
    'x',
    'k1.x',
    '.'.repeat(2000),
  ]) {
    const browser = newBrowser();
    browser.cookies.set('__Host-device', forged);
    expect([forged, await enters(browser, person)]).toEqual([forged, 429]);
  }
  const browser = newBrowser();
  browser.cookies.set('__Host-device', cookie);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + DEVICE_LIFE_MS });
  await lockOut(person);
  expect(await enters(browser, person)).toBe(429);
});

test('one browser is known to a few users, the last of whom stay', async () => {
  const people = await Promise.all(Array.from({ length: DEVICE_USERS_MAX + 1 }, () => makePerson()));
  const browser = newBrowser();
  for (const person of people) {
    browser.cookies.delete('__Host-session');
    expect(await enters(browser, person)).toBe(303);
  }
  browser.cookies.delete('__Host-session');
  const elsewhere = newBrowser();
  elsewhere.cookies.set('__Host-device', browser.cookies.get('__Host-device')!);
  const [first, second] = people as [Person, Person];
  await lockOut(first);
  await lockOut(second);
  expect(await enters(elsewhere, first)).toBe(429);
  expect(await enters(elsewhere, second)).toBe(303);
});

test('a network that a user signed in from has some attempts of its own, and no more', async () => {
  const [person, colleague] = [await makePerson(), await makePerson()];
  const home = unique('home');
  expect((await api(person, home)).status).toBe(200);
  await lockOut(person);
  expect((await api(person, home)).status).toBe(200);
  await times(FLOOD, () => api({ ...person, email: `${unique('x')}@example.com` }, home, WRONG));
  expect((await api(colleague, home)).status).toBe(429);
  await times(KNOWN_NETWORK_FAILURES_MAX, async () => expect((await api(person, home, WRONG)).status).toBe(400));
  expect((await api(person, home)).status).toBe(429);
  const failed = await rows('select 1 from sign_in_attempts where email_key = ?', person.email);
  expect(failed).toHaveLength(SIGN_IN_FAILURES_MAX + KNOWN_NETWORK_FAILURES_MAX);
});

test('only the latest networks are known, and for a month', async () => {
  const person = await makePerson();
  const networks = Array.from({ length: KNOWN_NETWORKS_MAX + 1 }, () => unique('network'));
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  for (const network of networks) {
    vi.setSystemTime(Date.now() + 1000);
    expect((await api(person, network)).status).toBe(200);
  }
  await lockOut(person);
  expect((await api(person, networks[0])).status).toBe(429);
  for (const network of networks.slice(1)) expect((await api(person, network)).status).toBe(200);
  vi.setSystemTime(Date.now() + KNOWN_NETWORK_MS);
  await lockOut(person);
  expect((await api(person, networks[1])).status).toBe(429);
});

test('a session changes its password whatever strangers fail at', async () => {
  const person = await makePerson();
  const browser = await signedInBrowser(person.email);
  await lockOut(person);
  const page = await browser.post('/account/password', { current: PASSWORD, next: 'Velvet7-harbour?rain' });
  expect(page).toMatchObject({ status: 303, location: expect.stringContaining('passwordChanged') });
});

test('a mailed link forgets what strangers failed at, and makes its browser a known one', async () => {
  const { token, email, userId, id, again } = await withLink();
  const enter = (password: string) => login({ accountId: id, email, password });
  const lock = () => times(SIGN_IN_FAILURES_MAX, () => enter(WRONG));
  await choose(token);
  await rows('update users set allow_customer_portal_access = 1 where id = ?', userId);
  await rows('update memberships set roles = ? where user_id = ?', '["account.user"]', userId);
  await lock();
  expect((await enter('Correct-horse-1')).status).toBe(429);
  const chosen = await choose(await again({ email }), 'Correct-horse-2');
  expect((await enter('Correct-horse-2')).status).toBe(200);
  const browser = newBrowser();
  browser.cookies.set(
    '__Host-device',
    /^__Host-device=([^;]+)/.exec(chosen.headers.getSetCookie()[0] ?? '')?.[1] ?? '',
  );
  await lock();
  expect((await enter('Correct-horse-2')).status).toBe(429);
  expect((await passwordStep(browser, email, 'Correct-horse-2')).page.status).toBe(303);
});

/** A stranger who has the password guesses codes of the app, behind it, until they are locked. */
async function guessCodes(person: Person): Promise<void> {
  const guess = () => login({ accountId: person.id, email: person.email, password: PASSWORD, twoFactorCode: '000000' });
  await times(FACTOR_FAILURES[0]!.strangers, async () => expect((await guess()).status).toBe(400));
  expect((await guess()).status).toBe(429);
}

test('codes that a stranger guesses lock no other factor, no other way to them, and no known browser', async () => {
  const person = await makePerson();
  const known = await knownBrowser(person);
  const secret = await giveTotp(person.userId);
  await giveRecoveryCode(person.userId, '0000-1111-2222-3333');
  const { authenticator } = await givePasskey(person.userId);
  await guessCodes(person);
  await steady();
  const stepBehind = async (browser: PageBrowser) => (await passwordStep(browser, person.email)).flow;
  const [first, second, third] = [newBrowser(), newBrowser(), newBrowser()];
  const code = codeOf(secret, -1);
  expect((await first.post('/sign-in/factor', { flow: await stepBehind(first), code })).status).toBe(429);
  const recovery = { flow: await stepBehind(second), recoveryCode: '0000-1111-2222-3333' };
  expect((await second.post('/sign-in/factor', recovery)).status).toBe(303);
  expect((await passkeyStep(third, await stepBehind(third), authenticator)).page.status).toBe(200);
  expect((await known.post('/sign-in/factor', { flow: await stepBehind(known), code })).status).toBe(303);
  useProvider();
  const google = newBrowser();
  const asked = await signInOnPageAs(accountAt(person.email), '', google);
  const flow = /flow=([^&]+)/.exec(asked.location ?? '')?.[1] ?? '';
  expect((await google.post('/sign-in/factor', { flow, code: codeOf(secret) })).status).toBe(303);
});

test('wrong codes of a user have a daily total, before which the waits grow', async () => {
  const person = await makePerson();
  await giveTotp(person.userId);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  const guess = () => login({ accountId: person.id, email: person.email, password: PASSWORD, twoFactorCode: '000000' });
  const waits: number[] = [];
  const end = Date.now() + 24 * 60 * 60 * 1000;
  let guesses = 0;
  while (Date.now() < end) {
    const reply = await guess();
    if (reply.status !== 429) guesses++;
    else {
      const seconds = Number(reply.headers.get('Retry-After'));
      waits.push(seconds);
      vi.setSystemTime(Date.now() + seconds * 1000);
    }
  }
  expect(guesses).toBe(FACTOR_FAILURES.at(-1)!.strangers);
  expect(waits).toEqual([900, 6300, 900, 78_300].map((seconds) => expect.closeTo(seconds, -2)));
});
