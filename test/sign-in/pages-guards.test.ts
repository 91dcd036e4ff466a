import { beforeEach, expect, test, vi } from 'vitest';
import { sha256 } from '../../src/auth/secrets/digest.ts';
import { LANGUAGES } from '../../src/model/language.ts';
import {
  FLOW_LIFE_MS,
  LINK_REQUESTS_MAX,
  SIGN_IN_FAILURES_MAX,
  SIGN_IN_REQUESTS_MAX,
} from '../../src/model/limits/index.ts';
import { ANY_AGE, type Goal } from '../../src/model/sign-in/flow.ts';
import { SIGN_IN_TEXTS } from '../../src/pages/sign-in/texts/index.ts';
import { send } from '../support/api.ts';
import { flowIn, newBrowser, type PageBrowser } from '../support/people/page-browser.ts';
import { countedFailures } from '../support/people/sign-in-failures.ts';
import { giveTotp, makePerson, PASSWORD, passwordStep, signedInBrowser } from '../support/people/sign-in-people.ts';
import { muteQueues } from '../support/queues.ts';
import { rows } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  muteQueues();
});

const sessionsOf = (userId: string) => rows('select id from sessions where user_id = ?', userId);

/** A flow of the browser to a goal, as a page of ours would begin it. */
async function flowTo(browser: PageBrowser, goal: Goal, resellerId: string | null = null): Promise<string> {
  const flow = flowIn(await browser.open('/sign-in'));
  const begun = [JSON.stringify(goal), resellerId, flow];
  await rows('update sign_in_flows set goal = ?, reseller_id = ? where id = ?', ...begun);
  return flow;
}

test('a page for its reader alone: not kept, not indexed, not framed, and nothing in it from elsewhere', async () => {
  const { id } = await makePerson();
  await rows(
    `insert into brandings (reseller_id, product_name, primary_color, support_email, updated_at)
     values (?, 'Acme <b>"Cloud"</b>', '#aa3300', 'help@acme.example', 1)`,
    id,
  );
  const { headers, text } = await newBrowser().open(`/sign-in?account=${id}`);
  expect(Object.fromEntries(headers)).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'same-origin',
    'x-robots-tag': 'noindex',
    vary: 'Accept-Language',
  });
  expect(headers.get('X-D1-Bookmark')).toBeNull();
  const [style = ''] = /(?<=<style>)[^<]*/.exec(text) ?? [];
  expect(style).toBe(':root{--brand:#aa3300;--on-brand:#ffffff}');
  const hash = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(style))).toString('base64');
  expect((headers.get('Content-Security-Policy') ?? '').split('; ')).toEqual([
    "default-src 'none'",
    "script-src 'self'",
    "connect-src 'self'",
    `style-src 'self' 'sha256-${hash}'`,
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ]);
  expect(text).toContain('Acme &lt;b&gt;&quot;Cloud&quot;&lt;/b&gt;');
  expect(text).toContain('mailto:help@acme.example');
  expect(text).not.toMatch(/\sstyle=|\son\w+=|<b>|javascript:/i);
  const files = [...text.matchAll(/(?:src|href)="(\/pages\/[^"]+)"/g)].map(([, file]) => file ?? '');
  expect(files).toHaveLength(4);
  for (const file of files) expect((await send('GET', file)).status, file).toBe(200);
});

test('no script runs where none is needed', async () => {
  const { email, userId } = await makePerson();
  await giveTotp(userId);
  const browser = newBrowser();
  const { page } = await passwordStep(browser, email);
  const { headers, text } = await browser.get(page.location!);
  expect(headers.get('Content-Security-Policy')).not.toContain('script-src');
  expect(text).not.toContain('<script');
});

test.each(LANGUAGES)('the pages speak the language of their reader: %s', async (language) => {
  const { email, userId } = await makePerson();
  await giveTotp(userId);
  const texts = SIGN_IN_TEXTS[language];
  const browser = newBrowser(language);
  const first = await browser.open('/sign-in');
  expect(first.text).toContain(`<html lang="${language}">`);
  expect(first.text).toContain(`<h1>${texts.heading}</h1>`);
  const { flow, page } = await passwordStep(browser, email);
  expect((await browser.get(page.location!)).text).toContain(`<h1>${texts.factorHeading}</h1>`);
  expect((await browser.get(`/sign-in/forgotten?flow=${flow}`)).text).toContain(`<h1>${texts.forgottenHeading}</h1>`);
});

test.each(LANGUAGES)('no text is taken for HTML: %s', (language) => {
  expect(JSON.stringify(SIGN_IN_TEXTS[language])).not.toMatch(/[<>&]/);
});

test('another site cannot sign a browser in', async () => {
  const { email, userId } = await makePerson();
  const browser = newBrowser();
  const flow = flowIn(await browser.open('/sign-in'));
  for (const headers of [
    { Origin: 'https://evil.test' },
    { Origin: 'null', 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    {},
  ] as Record<string, string>[]) {
    const page = await browser.post('/sign-in/password', { flow, email, password: PASSWORD }, headers);
    expect(page.status).toBe(403);
    expect(page.text).toContain(SIGN_IN_TEXTS.en.foreignHeading);
  }
  expect(await sessionsOf(userId)).toEqual([]);
  const own = { 'Sec-Fetch-Site': 'same-origin' };
  expect((await browser.post('/sign-in/password', { flow, email, password: PASSWORD }, own)).status).toBe(303);
});

test("another browser cannot go on with somebody's sign-in, nor can anybody once it is over", async () => {
  const { email, userId } = await makePerson();
  const secret = await giveTotp(userId);
  expect(secret).not.toBe('');
  const browser = newBrowser();
  const { flow } = await passwordStep(browser, email);
  const thief = newBrowser();
  await thief.open('/sign-in');
  for (const page of [
    await thief.get(`/sign-in?flow=${flow}`),
    await thief.post('/sign-in/factor', { flow, code: '123456' }),
    await thief.post('/sign-in/password', { flow, email, password: PASSWORD }),
    await thief.get(`/sign-in/forgotten?flow=${flow}`),
    await browser.get('/sign-in?flow=nonsense'),
    await browser.get(`/sign-in?flow=${crypto.randomUUID()}`),
  ]) {
    expect(page.status).toBe(404);
    expect(page.text).toContain('Please start again');
    expect(page.text).toContain('href="/sign-in"');
  }
  await rows('update sign_in_flows set expires_at = ? where id = ?', Date.now() - 1, flow);
  expect((await browser.post('/sign-in/factor', { flow, code: '123456' })).status).toBe(404);
  expect(await sessionsOf(userId)).toEqual([]);
});

test('a sign-in that has led to a session leads to no second one', async () => {
  const { email, userId } = await makePerson();
  const browser = newBrowser();
  const { flow, page } = await passwordStep(browser, email);
  expect(page.status).toBe(303);
  expect((await browser.post('/sign-in/password', { flow, email, password: PASSWORD })).status).toBe(404);
  expect(await sessionsOf(userId)).toHaveLength(1);
});

test('a code cannot be shown before the password', async () => {
  const { email, userId } = await makePerson();
  await giveTotp(userId);
  const browser = newBrowser();
  const flow = flowIn(await browser.open(`/sign-in?email=${email}`));
  const page = await browser.post('/sign-in/factor', { flow, code: '123456' });
  expect(page.status).toBe(404);
  expect(await sessionsOf(userId)).toEqual([]);
  // It is no failed sign-in either.
  expect(await countedFailures(browser)).toEqual([]);
});

test('whoever is signed in and came for nothing else goes to the account', async () => {
  const { id, email } = await makePerson();
  const browser = await signedInBrowser(email);
  for (const path of ['/sign-in', `/sign-in?account=${id}`])
    expect(await browser.get(path)).toMatchObject({ status: 303, location: '/account' });
  const other = await makePerson();
  const elsewhere = await browser.get(`/sign-in?account=${other.id}`);
  expect(await rows('select reseller_id from sign_in_flows where id = ?', elsewhere.location!.split('=')[1])).toEqual([
    { reseller_id: other.id },
  ]);
});

test('an authorization request hears of the sign-in, and its form may lead on to where that sends the browser', async () => {
  const { email } = await makePerson();
  const browser = newBrowser();
  const path = '/oauth/authorize?client_id=x&scope=openid';
  const flow = await flowTo(browser, { kind: 'page', path, origin: 'https://client.example', ...ANY_AGE });
  const { headers } = await browser.get(`/sign-in?flow=${flow}`);
  expect(headers.get('Content-Security-Policy')).toContain("form-action 'self' https://client.example;");
  const done = await browser.post('/sign-in/password', { flow, email, password: PASSWORD });
  expect(done).toMatchObject({ status: 303, location: `${path}&flow=${flow}` });
});

test('v3 gets its tokens instead of a cookie', async () => {
  const { id, email, userId } = await makePerson();
  const browser = newBrowser();
  const flow = await flowTo(browser, { kind: 'tokens' }, id);
  const done = await browser.post('/sign-in/password', { flow, email, password: PASSWORD });
  expect(done).toMatchObject({
    status: 200,
    body: { accessToken: expect.any(String), refreshToken: expect.any(String), expiresIn: 900 },
  });
  expect(done.headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-device=/)]);
  const [kept] = await rows(
    'select token_hash from refresh_tokens where session_id in (select id from sessions where user_id = ?)',
    userId,
  );
  expect(kept.token_hash).toBe(await sha256(done.body.refreshToken));
});

test('after too many failures a user has to wait, in minutes that the page says', async () => {
  const { email } = await makePerson();
  for (let tried = 0; tried < SIGN_IN_FAILURES_MAX; tried++) {
    expect((await passwordStep(newBrowser(), email, 'Wrong-horse-7')).page.status).toBe(400);
  }
  const { page } = await passwordStep(newBrowser(), email);
  expect(page.status).toBe(429);
  expect(Number(page.headers.get('Retry-After'))).toBeGreaterThan(800);
  expect(page.text).toContain('Please try again in 15 minutes.');
});

test('one address asks so often and no more', async () => {
  vi.useFakeTimers({ now: Date.now(), toFake: ['Date'] });
  const browser = newBrowser();
  for (let asked = 0; asked < SIGN_IN_REQUESTS_MAX; asked++) await browser.get('/sign-in?flow=x');
  const page = await browser.get('/sign-in');
  expect([page.status, Number(page.headers.get('Retry-After')) > 0]).toEqual([429, true]);
  expect(await browser.postJson('/sign-in/passkey/options?flow=x', {})).toMatchObject({ status: 429 });
});

test('one address asks for so few links, on this page or any other', async () => {
  vi.useFakeTimers({ now: Date.now(), toFake: ['Date'] });
  const browser = newBrowser();
  const flow = flowIn(await browser.open('/sign-in'));
  const ask = () => browser.post('/sign-in/forgotten', { flow, email: 'nobody' });
  for (let asked = 0; asked < LINK_REQUESTS_MAX; asked++) expect((await ask()).status).toBe(400);
  const page = await ask();
  expect([page.status, Number(page.headers.get('Retry-After')) > 0]).toEqual([429, true]);
  expect(page.headers.get('RateLimit')).toContain('"link";r=0');
  expect(await browser.postJson('/activate/link', { token: 'x' })).toMatchObject({ status: 429 });
  expect((await browser.get(`/sign-in?flow=${flow}`)).status).toBe(200);
});

test('a forgotten password is answered alike for everybody, and mailed to whom there is', async () => {
  const { email, userId } = await makePerson();
  const shown: string[] = [];
  for (const address of [email, 'nobody@example.com']) {
    const browser = newBrowser();
    const flow = flowIn(await browser.open('/sign-in'));
    const page = await browser.post('/sign-in/forgotten', { flow, email: address });
    expect(page.status).toBe(200);
    expect(page.text).toContain('Please check your e-mail');
    shown.push(page.text.replaceAll(flow, 'FLOW'));
  }
  expect(new Set(shown).size).toBe(1);
  await vi.waitFor(async () => {
    expect(
      await rows("select template from emails where user_id = ? and template = 'password-reset'", userId),
    ).toHaveLength(1);
  });
  const browser = newBrowser();
  const flow = flowIn(await browser.open('/sign-in'));
  expect(await browser.post('/sign-in/forgotten', { flow, email: 'nobody' })).toMatchObject({
    status: 400,
    complaint: SIGN_IN_TEXTS.en.emailInvalid,
  });
});

test('a flow lasts as long as it is said to', async () => {
  const browser = newBrowser();
  const flow = flowIn(await browser.open('/sign-in'));
  const [{ created_at, expires_at, browser_hash }] = await rows('select * from sign_in_flows where id = ?', flow);
  expect(expires_at - created_at).toBe(FLOW_LIFE_MS);
  expect(browser_hash).toBe(await sha256(browser.cookies.get('__Host-browser')!));
});
