import { Secret, TOTP } from 'otpauth';
import { beforeEach, expect, inject, test, vi } from 'vitest';
import { SIGN_IN_REQUESTS_MAX } from '../../src/model/limits/index.ts';
import { makePlace } from '../support/outside/place.ts';
import {
  accountAt,
  beginTokens,
  signInAs,
  signInOnPageAs,
  tracesOf,
  useProvider,
  visitAs,
} from '../support/people/google.ts';
import { makeDelegation } from '../support/people/oauth.ts';
import { flowIn, newBrowser, type Page, type PageBrowser } from '../support/people/page-browser.ts';
import { countedFailures } from '../support/people/sign-in-failures.ts';
import {
  givePasskey,
  giveTotp,
  makePerson,
  passkeyStep,
  passwordStep,
  signedInBrowser,
} from '../support/people/sign-in-people.ts';
import { muteQueues } from '../support/queues.ts';
import { newUser, rows, unique } from '../support/world.ts';

const codeOf = (secret: string) => new TOTP({ secret: Secret.fromBase32(secret) }).generate();
const flowOf = (location: string) => new URL(location).searchParams.get('state')!.split('.')[0]!;

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
  useProvider();
});

test('the browser is sent to the provider with what binds it to its flow', async () => {
  const { id, api, base } = await makePerson();
  const { browser, location } = await beginTokens(id);
  const { origin, searchParams } = new URL(location);
  expect(origin).toBe(JSON.parse(inject('providers').google).issuer);
  expect(Object.fromEntries(searchParams)).toMatchObject({
    response_type: 'code',
    redirect_uri: 'https://edge.localhost/sign-in/google/callback',
    code_challenge_method: 'S256',
    nonce: expect.stringMatching(/^[\w-]{43}$/),
    state: expect.stringMatching(/^[0-9a-f-]{36}\.[\w-]{43}$/),
  });
  expect(searchParams.has('hd')).toBe(false);
  const [flow] = await rows('select * from sign_in_flows where id = ?', flowOf(location));
  expect(flow).toMatchObject({ reseller_id: id, goal: '{"kind":"tokens"}', user_id: null });
  const kept = JSON.stringify(flow);
  for (const secret of [searchParams.get('nonce')!, searchParams.get('state')!, browser.cookies.get('__Host-browser')!])
    expect(kept).not.toContain(secret);
  await api.put(`${base}/sign-in-settings`, { googleHostedDomain: 'example.com', requireTwoFactor: false });
  expect(new URL((await beginTokens(id)).location).searchParams.has('hd')).toBe(false);
});

test('the reseller may be named by its name', async () => {
  const { id, email, api, base } = await makePerson();
  const { name } = (await api.get(base)).body;
  const browser = newBrowser();
  const alias = encodeURIComponent(name.toUpperCase());
  const begun = await browser.get(`/v3/accounts/login-google?accountAlias=${alias}`);
  expect(await browser.get(await visitAs(begun.location!, accountAt(email)))).toMatchObject({ status: 200 });
  const [flow] = await rows('select reseller_id from sign_in_flows where id = ?', flowOf(begun.location!));
  expect(flow.reseller_id).toBe(id);
});

test.each([
  ['', 400, 'VALIDATION_FAILED'],
  ['?accountId=1', 400, 'VALIDATION_FAILED'],
  ['?accountId=a&accountId=b', 400, 'VALIDATION_FAILED'],
])('nobody is sent anywhere by login-google%s', async (query, status, code) => {
  const browser = newBrowser();
  const reply = await browser.get(`/v3/accounts/login-google${query}`);
  expect(reply).toMatchObject({ status, body: { code }, location: null });
});

test('on the sign-in page it leads to the account, with a session in a cookie', async () => {
  const { id, userId, email } = await makePerson();
  const browser = newBrowser();
  const page = await signInOnPageAs(accountAt(email), `?account=${id}`, browser);
  expect(page).toMatchObject({ status: 303, location: '/account', text: '' });
  expect(page.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^__Host-session=[\w-]{43}; Path=\/; HttpOnly/),
    expect.stringMatching(/^__Host-device=/),
  ]);
  expect(await tracesOf(userId)).toMatchObject({ sessions: [{ reseller_id: id, methods: ['google'] }] });
});

/** What the provider is asked for by the button of the sign-in page that this leads to. */
async function promptFrom(browser: PageBrowser, page: Page) {
  const { text } = await browser.open(page.location ?? '');
  const { location } = await browser.get(`/sign-in/google?flow=${flowIn({ text })}`);
  const { searchParams } = new URL(location ?? '');
  return [searchParams.get('prompt'), searchParams.get('max_age')];
}

test('who has to show once more who it is is asked for that there, too', async () => {
  const { email } = await makePerson();
  const browser = await signedInBrowser(email);
  expect(await promptFrom(browser, await browser.post('/account/again', {}))).toEqual(['login', '0']);
  const other = newBrowser();
  expect(await promptFrom(other, await other.get('/account'))).toEqual([null, null]);
});

test.each([
  [{}, [null, null]],
  [{ prompt: 'consent' }, [null, null]],
  [{ prompt: 'login' }, ['login', '0']],
  [{ prompt: 'login', max_age: '60' }, ['login', '0']],
  [{ prompt: 'select_account' }, ['select_account', null]],
  [{ max_age: '60' }, [null, '60']],
])('an authorization request with %j has the provider asked for %j', async (changes, asked) => {
  const of = await makeDelegation();
  const browser = newBrowser();
  expect(await promptFrom(browser, await browser.get(await of.path(changes)))).toEqual(asked);
});

test('who has an authenticator is asked for its code, on the way to a page', async () => {
  const { userId, email } = await makePerson();
  const secret = await giveTotp(userId);
  const browser = newBrowser();
  const page = await signInOnPageAs(accountAt(email), '', browser);
  expect(page).toMatchObject({ status: 303, location: expect.stringMatching(/^\/sign-in\?flow=/) });
  expect(await tracesOf(userId)).toMatchObject({ sessions: [], user: { last_login_at: null } });
  const asked = await browser.get(page.location!);
  expect(asked.text).toContain('autocomplete="one-time-code"');
  const sent = await browser.post('/sign-in/factor', { flow: flowIn(asked), code: codeOf(secret) });
  expect(sent).toMatchObject({ status: 303, location: '/account' });
  expect(await tracesOf(userId)).toMatchObject({ sessions: [{ methods: ['google', 'otp'] }] });
});

test('who has an authenticator is asked for its code, on the way to tokens', async () => {
  const { id, userId, email } = await makePerson();
  const secret = await giveTotp(userId);
  const browser = newBrowser();
  const page = await signInAs(accountAt(email), id, browser);
  expect(page).toMatchObject({ status: 303, body: null });
  const flow = flowIn(await browser.get(page.location!));
  expect(await browser.post('/sign-in/factor', { flow, code: '000000' })).toMatchObject({ status: 400 });
  const sent = await browser.post('/sign-in/factor', { flow, code: codeOf(secret) });
  expect(sent).toMatchObject({ status: 200, body: { accessToken: expect.any(String), expiresIn: 900 } });
  expect(await tracesOf(userId)).toMatchObject({ sessions: [{ methods: ['google', 'otp'] }] });
});

test('who has a passkey only is asked for it, on the way to tokens', async () => {
  const { id, email, userId } = await makePerson();
  const { authenticator } = await givePasskey(userId);
  const { browser, location } = await beginTokens(id);
  await browser.get(await visitAs(location, accountAt(email)));
  const { page } = await passkeyStep(browser, flowOf(location), authenticator);
  expect(page).toMatchObject({
    status: 200,
    body: { accessToken: expect.any(String), refreshToken: expect.any(String), expiresIn: 900 },
  });
  expect(page.headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-device=/)]);
  expect(await tracesOf(userId)).toMatchObject({ sessions: [{ methods: ['google', 'hwk'] }] });
});

test('what was shown before in the same flow does not count beside it', async () => {
  const first = await makePerson();
  const email = `${unique('eve')}@example.com`;
  const { api, base } = first;
  const { body } = await api.post(`${base}/users`, { ...newUser(), email });
  const second = { email, userId: body.id as string };
  await giveTotp(first.userId);
  const browser = newBrowser();
  const { flow } = await passwordStep(browser, first.email);
  const sent = await browser.get(`/sign-in/google?flow=${flow}`);
  const page = await browser.get(await visitAs(sent.location!, accountAt(second.email)));
  expect(page).toMatchObject({ status: 303, location: '/account' });
  expect(await tracesOf(first.userId)).toMatchObject({ sessions: [] });
  expect(await tracesOf(second.userId)).toMatchObject({ sessions: [{ methods: ['google'] }] });
});

test.each<[string, (path: string) => string]>([
  ['another random part', (path) => path.replace(/(state=[^&.]+)\.[^&]+/, '$1.other')],
  ['no random part', (path) => path.replace(/(state=[^&.]+)\.[^&]+/, '$1')],
  ['another flow', (path) => path.replace(/state=[^&.]+/, `state=${crypto.randomUUID()}`)],
  ['no state', (path) => path.replace(/state=[^&]+/, '')],
])('who comes back with %s gets nowhere, and may still come back with the right one', async (_, change) => {
  const { id, userId, email } = await makePerson();
  const { browser, location } = await beginTokens(id);
  const path = await visitAs(location, accountAt(email));
  expect(await browser.get(change(path))).toMatchObject({ status: 404, body: null });
  expect(await tracesOf(userId)).toMatchObject({ identities: [], sessions: [], types: [] });
  expect(await browser.get(path)).toMatchObject({ status: 200 });
});

test('who comes back in another browser, or without cookies, gets nowhere', async () => {
  const { id, userId, email } = await makePerson();
  const { location } = await beginTokens(id);
  const path = await visitAs(location, accountAt(email));
  const other = newBrowser();
  await beginTokens(id, other);
  for (const browser of [other, newBrowser()])
    expect(await browser.get(path)).toMatchObject({ status: 404, text: expect.stringContaining('start again') });
  expect(await tracesOf(userId)).toMatchObject({ identities: [], sessions: [], types: [] });
});

test('HEAD uses up nothing of what one comes back with', async () => {
  const { id, userId, email } = await makePerson();
  const { browser, location } = await beginTokens(id);
  const path = await visitAs(location, accountAt(email));
  expect(await browser.ask('HEAD', path)).toMatchObject({ status: 405, text: '' });
  expect(await tracesOf(userId)).toMatchObject({ sessions: [] });
  expect(await browser.get(path)).toMatchObject({ status: 200 });
});

test('who comes back twice is in once', async () => {
  const { id, userId, email } = await makePerson();
  const { browser, location } = await beginTokens(id);
  const path = await visitAs(location, accountAt(email));
  const pages = await Promise.all([browser.get(path), browser.get(path)]);
  expect(pages.map(({ status }) => status).sort()).toEqual([200, 404]);
  expect(await browser.get(path)).toMatchObject({ status: 404 });
  expect((await tracesOf(userId)).sessions).toHaveLength(1);
});

test('a code of another flow is no good', async () => {
  const { id, userId, email } = await makePerson();
  const browser = newBrowser();
  const [first, second] = [await beginTokens(id, browser), await beginTokens(id, browser)];
  const [mine, theirs] = [
    await visitAs(first.location, accountAt(email)),
    await visitAs(second.location, accountAt('mallory@example.com')),
  ];
  const code = /code=[^&]+/.exec(mine)![0];
  const swapped = theirs.replace(/code=[^&]+/, code);
  expect(await browser.get(swapped)).toMatchObject({ status: 400, body: { code: 'AUTHENTICATION_FAILED' } });
  expect(await countedFailures(browser)).toMatchObject([{ reason: 'rejected' }]);
  expect(await tracesOf(userId)).toMatchObject({ identities: [], sessions: [] });
});

test('only the last visit to the provider counts', async () => {
  const { email } = await makePerson();
  const browser = newBrowser();
  const flow = flowIn(await browser.open('/sign-in'));
  const go = async () => (await browser.get(`/sign-in/google?flow=${flow}`)).location!;
  const [before, last] = [await go(), await go()];
  expect(await browser.get(await visitAs(before, accountAt(email)))).toMatchObject({ status: 404 });
  expect(await browser.get(await visitAs(last, accountAt(email)))).toMatchObject({ status: 303 });
});

test('a flow that has taken too long leads nowhere', async () => {
  const { id, userId, email } = await makePerson();
  const { browser, location } = await beginTokens(id);
  const path = await visitAs(location, accountAt(email));
  await rows('update sign_in_flows set expires_at = ? where id = ?', Date.now(), flowOf(location));
  expect(await browser.get(path)).toMatchObject({ status: 404 });
  expect(await browser.get(`/sign-in/google?flow=${flowOf(location)}`)).toMatchObject({ status: 404 });
  expect(await tracesOf(userId)).toMatchObject({ sessions: [] });
});

test('a provider that is down is said to be, and nothing is lost by it', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { id, userId, email } = await makePerson();
  const { browser, location } = await beginTokens(id);
  const path = await visitAs(location, accountAt(email));
  const place = makePlace();
  await place.answer({ status: 503 });
  useProvider(JSON.stringify({ issuer: place.url, clientId: 'edge', clientSecret: 'secret', name: 'Acme & Co' }));
  const unavailable = { status: 503, body: { code: 'PROVIDER_UNAVAILABLE' } };
  expect(await newBrowser().get(`/v3/accounts/login-google?accountId=${id}`)).toMatchObject(unavailable);
  expect(await browser.get(path)).toMatchObject(unavailable);
  const flow = flowIn(await browser.open('/sign-in'));
  const page = await browser.get(`/sign-in/google?flow=${flow}`);
  expect(page).toMatchObject({ status: 503, text: expect.stringContaining('Acme &amp; Co cannot be reached') });
  expect(page.text).toContain(`href="/sign-in?flow=${flow}"`);
  expect(await countedFailures(browser)).toEqual([]);
  expect(await tracesOf(userId)).toMatchObject({ identities: [], sessions: [], types: [] });
  expect(logged).toHaveBeenCalledWith(expect.stringContaining('"where":"provider"'));
});

test('without a provider there is nothing at these addresses', async () => {
  useProvider(null);
  const { id } = await makePerson();
  const browser = newBrowser();
  const reply = await browser.get(`/v3/accounts/login-google?accountId=${id}`);
  expect(reply).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  const first = await browser.open('/sign-in');
  expect(first.text).not.toContain('/sign-in/google');
  for (const path of [`/sign-in/google?flow=${flowIn(first)}`, '/sign-in/google/callback?state=x&code=y'])
    expect(await browser.get(path)).toMatchObject({ status: 404 });
});

test('one address cannot have everybody sent away without end', async () => {
  const browser = newBrowser();
  const asked = await Promise.all(
    Array.from({ length: SIGN_IN_REQUESTS_MAX + 10 }, () => browser.get(`/sign-in/google?flow=${crypto.randomUUID()}`)),
  );
  const busy = asked.filter(({ status }) => status === 429);
  expect(busy.length).toBeGreaterThan(0);
  expect(busy[0]!.headers.get('Retry-After')).toMatch(/^\d+$/);
});
