import { beforeEach, expect, test, vi } from 'vitest';
import {
  AUTHORIZATION_PARAMETER_MAX_CHARS,
  AUTHORIZATION_VALUE_MAX_CHARS,
  FLOW_LIFE_MS,
  FLOWS_MAX,
  IPV6_SITE_FACTOR,
  SIGN_INS_PER_MINUTE,
  STATE_MAX_CHARS,
} from '../../src/model/limits/index.ts';
import { send } from '../support/api.ts';
import { begunFlows } from '../support/people/flows.ts';
import { makeDelegation } from '../support/people/oauth.ts';
import { giveTotp } from '../support/people/sign-in-people.ts';
import { login, makePerson, PASSWORD } from '../support/people/signed-up.ts';
import { muteQueues } from '../support/queues.ts';
import { rows } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

const YOUNG_MS = 60_000;

const begun = (network: string, count: number) => begunFlows(network, count, YOUNG_MS);
const flowsOf = async (network: string) =>
  (await rows('select count(*) as count from sign_in_flows where network like ?', network))[0].count;
const ask = (path: string, address: string) =>
  send('GET', path, { headers: { 'CF-Connecting-IP': address, Accept: 'text/html' }, redirect: 'manual' });

test('a network begins so many ways through the pages, whatever leads there, and then waits', async () => {
  const { path } = await makeDelegation();
  const ways = ['/sign-in', '/sign-in/forgotten', '/account', await path()];
  await begun('192.0.2.5', FLOWS_MAX - ways.length);
  for (const way of ways) expect((await ask(way, '192.0.2.5')).status).toBe(303);
  for (const way of ways) {
    const refused = await ask(way, '192.0.2.5');
    expect(refused.status).toBe(429);
    const seconds = Number(refused.headers.get('Retry-After'));
    expect(seconds).toBeGreaterThan((FLOW_LIFE_MS - YOUNG_MS) / 1000 - 60);
    expect(seconds).toBeLessThanOrEqual((FLOW_LIFE_MS - YOUNG_MS) / 1000);
    expect((await ask(way, '192.0.2.6')).status).toBe(303);
  }
  expect(await flowsOf('192.0.2.5')).toBe(FLOWS_MAX);
  // The oldest leaves the window.
  await rows(
    "update sign_in_flows set created_at = ? where id = (select min(id) from sign_in_flows where network = '192.0.2.5')",
    Date.now() - FLOW_LIFE_MS,
  );
  expect((await ask('/sign-in', '192.0.2.5')).status).toBe(303);
});

test('what an authorization keeps of a stranger is small, whatever the request has', async () => {
  const of = await makeDelegation();
  const long = (name: string, max: number) => ({ [name]: 'x'.repeat(max) });
  const all = {
    ...long('state', STATE_MAX_CHARS),
    scope: `openid ${'x'.repeat(AUTHORIZATION_PARAMETER_MAX_CHARS - 'openid '.length)}`,
    ...long('login_hint', AUTHORIZATION_PARAMETER_MAX_CHARS),
    ...long('nonce', AUTHORIZATION_VALUE_MAX_CHARS),
    ...long('ui_locales', AUTHORIZATION_VALUE_MAX_CHARS),
    ...long('other', 5000),
  };
  expect((await ask(await of.path(all), '192.0.2.77')).status).toBe(303);
  const [{ bytes }] = await rows('select length(goal) as bytes from sign_in_flows where reseller_id = ?', of.id);
  expect(bytes).toBeLessThan(2500);
});

test('all networks together begin so many a minute, and then wait for the next; attempts likewise', async () => {
  const person = await makePerson();
  const minute = Math.floor(Date.now() / 60_000);
  const fill = (kind: string, at: number) =>
    rows('update sign_in_rates set minute = ?, begun = ? where kind = ?', at, SIGN_INS_PER_MINUTE, kind);
  const waits = ({ status, headers }: { status: number; headers: Headers }) => {
    expect(status).toBe(429);
    expect(Number(headers.get('Retry-After'))).toBeLessThanOrEqual(60);
  };
  // One that is ahead counts as well, so that it does not matter when the minute ends.
  await fill('sign_in_flows', minute + 1);
  waits(await ask('/sign-in', '198.51.100.1'));
  expect((await person.enter()).status).toBe(200);
  await fill('sign_in_attempts', minute + 1);
  waits(await person.enter());
  for (const kind of ['sign_in_flows', 'sign_in_attempts']) await fill(kind, minute - 1);
  expect((await ask('/sign-in', '198.51.100.1')).status).toBe(303);
  expect((await person.enter()).status).toBe(200);
  for (const { minute: at, kind, begun } of await rows('select * from sign_in_rates'))
    expect([at >= minute, begun]).toEqual([true, kind === 'sign_in_flows' ? 1 : 0]);
});

test('a flood from everywhere keeps nobody out where people signed in lately, nor do sign-ins that succeed', async () => {
  const [person, colleague] = [await makePerson(), await makePerson()];
  const minute = Math.floor(Date.now() / 60_000);
  const fill = (kind: string, begun: number) =>
    rows('update sign_in_rates set minute = ?, begun = ? where kind = ?', minute + 1, begun, kind);
  const enter = (who: typeof person, address: string, password?: string) =>
    login({ accountId: who.id, email: who.email, password: password ?? PASSWORD }, address);
  expect((await enter(person, '198.51.100.20')).status).toBe(200);
  for (const kind of ['sign_in_flows', 'sign_in_attempts']) await fill(kind, SIGN_INS_PER_MINUTE);
  expect((await ask('/sign-in', '198.51.100.21')).status).toBe(429);
  expect((await ask('/sign-in', '198.51.100.20')).status).toBe(303);
  expect((await enter(colleague, '198.51.100.21')).status).toBe(429);
  expect((await enter(colleague, '198.51.100.20')).status).toBe(200);
  vi.useFakeTimers({ toFake: ['Date'], now: (minute + 1) * 60_000 + 1000 });
  for (const kind of ['sign_in_flows', 'sign_in_attempts']) await fill(kind, 0);
  await giveTotp(person.userId);
  for (let n = 0; n < 3; n++) expect((await enter(person, '198.51.100.22')).body).not.toHaveProperty('accessToken');
  expect((await enter(colleague, '198.51.100.22')).status).toBe(200);
  expect((await enter(colleague, '198.51.100.22', 'Wrong-horse-7')).status).toBe(400);
  expect(await rows("select begun from sign_in_rates where kind = 'sign_in_attempts'")).toEqual([{ begun: 1 }]);
  vi.useRealTimers();
});

test('so does a /48 of IPv6, with more of them', async () => {
  for (let network = 1; network < IPV6_SITE_FACTOR; network++) await begun(`2001:db8:9:${network}`, FLOWS_MAX);
  await begun('2001:db8:9:a', FLOWS_MAX - 1);
  expect((await ask('/sign-in', '2001:db8:9:1::1')).status).toBe(429);
  expect((await ask('/sign-in', '2001:db8:9:b::1')).status).toBe(303);
  for (const host of ['a', 'b', 'c']) expect((await ask('/sign-in', `2001:db8:9:${host}::1`)).status).toBe(429);
  expect(await flowsOf('2001:db8:9:%')).toBe(FLOWS_MAX * IPV6_SITE_FACTOR);
  for (const near of ['2001:db8:99::1', '2001:db8:8:ffff::1', '2001:db8:a::1'])
    expect((await ask('/sign-in', near)).status).toBe(303);
});
