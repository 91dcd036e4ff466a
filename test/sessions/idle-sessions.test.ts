import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test, vi } from 'vitest';
import worker from '../../src/index.ts';
import {
  BROWSER_IDLE_DEFAULT_MINUTES,
  BROWSER_SESSION_MS,
  BROWSER_VISIT_UPDATE_MS,
  SESSION_IDLE_DEFAULT_DAYS,
  SESSION_LIFE_MS,
} from '../../src/model/limits/index.ts';
import { send } from '../support/api.ts';
import type { PageBrowser } from '../support/people/page-browser.ts';
import { signedInBrowser } from '../support/people/sign-in-people.ts';
import { makePerson, PASSWORD } from '../support/people/signed-up.ts';
import { muteQueues } from '../support/queues.ts';
import { rows, unique } from '../support/world.ts';

const DAY = 24 * 60 * 60 * 1000;
const MINUTE = 60 * 1000;
const IDLE = SESSION_IDLE_DEFAULT_DAYS * DAY;
const BROWSER_IDLE = BROWSER_IDLE_DEFAULT_MINUTES * MINUTE;

beforeEach(() => {
  vi.restoreAllMocks();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  muteQueues();
  return () => vi.useRealTimers();
});

const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);
const refresh = (refresh_token: string) =>
  send('POST', '/oauth/token', {
    headers: { 'CF-Connecting-IP': unique('address') },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token }),
  });
const GONE = { status: 400, body: { error: 'invalid_grant' } };
const isSignedIn = async (browser: PageBrowser) => (await browser.get('/account')).status === 200;

test('a session that is not refreshed for two weeks is over, and in no list', async () => {
  const person = await makePerson();
  const { tokens } = await person.signIn();
  pass(IDLE - MINUTE);
  const { status, body } = await refresh(tokens.refreshToken);
  expect(status).toBe(200);
  pass(IDLE + MINUTE);
  expect(await refresh(body.refresh_token)).toMatchObject(GONE);
  const me = await person.signIn();
  expect((await me.get('/v3/me/sessions')).body).toMatchObject([{ current: true }]);
});

test('no refresh makes a session last longer than its life', async () => {
  const person = await makePerson();
  let { refreshToken } = (await person.signIn()).tokens;
  for (let day = 10; day <= 29; day += 10) {
    pass(10 * DAY);
    refreshToken = (await refresh(refreshToken)).body.refresh_token;
  }
  const [session] = await person.sessions();
  expect(session.expires_at).toBe(session.created_at + SESSION_LIFE_MS);
  pass(10 * DAY + 1);
  expect(await refresh(refreshToken)).toMatchObject(GONE);
});

test('a browser that is not used for two hours is signed out; one that is stays for its life', async () => {
  const person = await makePerson();
  const [used, left] = [await signedInBrowser(person.email, PASSWORD), await signedInBrowser(person.email, PASSWORD)];
  for (let passed = 0; passed < BROWSER_SESSION_MS - BROWSER_IDLE; passed += BROWSER_IDLE) {
    pass(BROWSER_IDLE - 1);
    expect(await isSignedIn(used)).toBe(true);
  }
  expect(await isSignedIn(left)).toBe(false);
  pass(BROWSER_IDLE - 1);
  expect(await isSignedIn(used)).toBe(true);
  pass(MINUTE);
  expect(await isSignedIn(used)).toBe(false);
});

test('visits are written down now and then', async () => {
  const person = await makePerson();
  const browser = await signedInBrowser(person.email, PASSWORD);
  const usedAt = async () => (await rows('select used_at from sessions where user_id = ?', person.userId))[0].used_at;
  const first = await usedAt();
  pass(BROWSER_VISIT_UPDATE_MS - 1);
  expect(await isSignedIn(browser)).toBe(true);
  expect(await usedAt()).toBe(first);
  pass(1);
  expect(await isSignedIn(browser)).toBe(true);
  expect(await usedAt()).toBe(first + BROWSER_VISIT_UPDATE_MS);
});

test('the settings say how long that is', async () => {
  const person = await makePerson();
  const settings = { ...env, SESSION_IDLE_DAYS: '1', BROWSER_IDLE_MINUTES: '10' };
  const request = new Request('https://edge.localhost/v3/accounts/login', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(person.credentials),
  });
  const response = await worker.fetch(request as never, settings as never, createExecutionContext());
  expect(response.status).toBe(200);
  const [session] = await person.sessions();
  expect(session.expires_at).toBe(session.created_at + DAY);
});
