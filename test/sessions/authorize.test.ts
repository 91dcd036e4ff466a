import { beforeEach, describe, expect, test, vi } from 'vitest';
import { AUTHORIZATION_PARAMETER_MAX_CHARS, CONSENT_LIFE_MS, STATE_MAX_CHARS } from '../../src/model/limits/index.ts';
import {
  answer,
  authorized,
  backTo,
  type Delegation,
  framed,
  makeApp,
  makeDelegation,
  questionIn,
  signInAt,
} from '../support/people/oauth.ts';
import { flowIn, newBrowser, type Page } from '../support/people/page-browser.ts';
import { beforeRunning } from '../support/people/sessions.ts';
import { makePerson, passwordStep } from '../support/people/sign-in-people.ts';
import { muteQueues } from '../support/queues.ts';
import { rows } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  muteQueues();
});

const iss = 'https://edge.localhost';
const later = (ms: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });

test('a user signs in, agrees and is sent back with a code, once and for all', async () => {
  const of = await makeDelegation();
  const browser = newBrowser();
  const start = await browser.get(await of.path({ login_hint: of.email }));
  expect(start).toMatchObject({ status: 303, location: expect.stringMatching(/^\/sign-in\?flow=/) });
  const shown = await browser.get(start.location!);
  expect(shown.text).toContain(`value="${of.email}"`);
  expect(shown.headers.get('Content-Security-Policy')).toContain("form-action 'self' https://app.example.com;");
  const asked = await signInAt(browser, start, of.email);
  expect(asked.status).toBe(200);
  expect(asked.text).toContain('Allow Billing?');
  expect(asked.text).toContain('<li>See webhooks</li>');
  expect(asked.text).toContain('app.example.com');
  expect(asked.text).toContain(of.email);
  const policy = asked.headers.get('Content-Security-Policy');
  expect(policy).toContain("form-action 'self' https://app.example.com; frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe');
  expect(asked.headers.get('Referrer-Policy')).toBe('same-origin');
  const back = await answer(browser, asked, 'allow');
  expect(back.status).toBe(303);
  expect(back.headers.get('Referrer-Policy')).toBe('no-referrer');
  expect(back.headers.get('Cache-Control')).toBe('no-store');
  const given = backTo(back, of.redirectUri);
  expect(given).toEqual({ code: expect.stringMatching(/^[\w-]{43}$/), state: 'a state', iss });
  expect(JSON.stringify(await rows('select * from authorization_codes'))).not.toContain(given['code']);
  const again = await browser.get(await of.path({ state: 'other' }));
  expect(backTo(again, of.redirectUri)).toMatchObject({ state: 'other', code: expect.any(String) });
  const [noted, ...more] = await rows(
    "select * from events where type = 'account.consent-granted' and subject = ?",
    of.userId,
  );
  expect(more).toEqual([]);
  expect(noted).toMatchObject({ reseller_id: of.id, actor: `user:${of.userId}`, audit_only: 1 });
  expect(JSON.parse(noted.after)).toMatchObject({
    name: 'Billing',
    scope: 'openid webhook:read',
    address: browser.address,
  });
});

describe('a request that names no client of ours, or no address of it, goes nowhere', () => {
  test.each<[Record<string, string | null>]>([
    [{ client_id: null }],
    [{ client_id: 'x' }],
    [{ client_id: crypto.randomUUID() }],
    [{ redirect_uri: null }],
    [{ redirect_uri: 'https://evil.example' }],
    [{ redirect_uri: 'https://app.example.com/cb' }],
  ])('%o', async (changes) => {
    const of = await makeDelegation();
    const page = await newBrowser('fr').get(await of.path(changes));
    expect([page.status, page.location]).toEqual([400, null]);
    expect(page.text).toContain('Ce lien ne fonctionne pas');
    expect(page.headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'");
    expect(page.text).not.toContain('evil');
  });

  test('one that is too long as a whole, though none of its parts is', async () => {
    const of = await makeDelegation();
    const uri = `https://app.example.com/${'/'.repeat(1400)}`;
    await rows('update api_clients set redirect_uris = ? where id = ?', JSON.stringify([uri]), of.client.id);
    expect(
      (await newBrowser().get(await of.path({ redirect_uri: uri, state: 's'.repeat(STATE_MAX_CHARS) }))).status,
    ).toBe(400);
    expect(await rows('select 1 from sign_in_flows where reseller_id = ?', of.id)).toEqual([]);
  });

  test('a revoked client, and one of a deleted reseller', async () => {
    const of = await makeDelegation();
    await rows('update api_clients set revoked_at = 1 where id = ?', of.client.id);
    expect((await newBrowser().get(await of.path())).status).toBe(400);
    const other = await makeDelegation();
    await rows('update resellers set deleted_at = 1 where id = ?', other.id);
    expect((await newBrowser().get(await other.path())).status).toBe(400);
  });
});

test('a state of 1 KB as it stands in the query comes back, and a longer one is no request', async () => {
  const of = await makeDelegation();
  const browser = newBrowser();
  const state = 's'.repeat(STATE_MAX_CHARS);
  const asked = await signInAt(browser, await browser.get(await of.path({ state })), of.email);
  expect(backTo(await answer(browser, asked, 'allow'), of.redirectUri)).toMatchObject({ state });
  const flows = () => rows('select 1 from sign_in_flows where reseller_id = ?', of.id);
  const before = await flows();
  for (const long of [`${state}s`, '~'.repeat(STATE_MAX_CHARS / 3 + 1)]) {
    const page = await framed(newBrowser(), await of.path({ state: long }));
    expect(backTo(page, of.redirectUri)).toMatchObject({ error: 'invalid_request', state: long });
    const stranger = await newBrowser().get(await of.path({ state: long, redirect_uri: 'https://evil.example' }));
    expect([stranger.status, stranger.location]).toEqual([400, null]);
  }
  for (const name of ['nonce', 'login_hint', 'ui_locales', 'scope', 'prompt', 'max_age']) {
    const long = 'x'.repeat(AUTHORIZATION_PARAMETER_MAX_CHARS + 1);
    const page = await framed(newBrowser(), await of.path({ [name]: long }));
    expect([name, backTo(page, of.redirectUri)]).toMatchObject([name, { error: 'invalid_request' }]);
  }
  expect(await flows()).toEqual(before);
});

test('what is wrong with a request is told to its client, with state and issuer', async () => {
  const of = await makeDelegation();
  const page = await framed(newBrowser(), await of.path({ code_challenge_method: 'plain' }));
  expect(backTo(page, of.redirectUri)).toEqual({
    error: 'invalid_request',
    error_description: expect.stringContaining('S256'),
    state: 'a state',
    iss,
  });
  const app = await makeApp(null, ['webhook:read'], of.redirectUri);
  const operators = await framed(newBrowser(), await of.path({ client_id: app.id }));
  expect(backTo(operators, of.redirectUri)).toMatchObject({ error: 'unauthorized_client' });
  await rows('update resellers set enabled = 0 where id = ?', of.id);
  expect(backTo(await framed(newBrowser(), await of.path()), of.redirectUri)).toMatchObject({
    error: 'unauthorized_client',
  });
});

describe('a link to us leads to no address of a tenant unasked', () => {
  const FAULTS = [{ prompt: 'none' }, { response_type: 'token' }, { scope: 'nothing' }, { code_challenge: null }];
  const sentBack = ({ location }: Page) => location?.startsWith('https://app.example.com/') ?? false;

  test.each(FAULTS)('%o', async (changes) => {
    const of = await makeDelegation();
    const path = await of.path(changes);
    const stranger = await authorized(await makeDelegation());
    for (const browser of [newBrowser(), stranger.browser]) {
      const page = await browser.get(path);
      expect([page.status, page.location]).toEqual([400, null]);
      expect(page.text).toMatch(/<a class="button" href="https:\/\/app.example.com\/cb\?from=us&amp;error=\w+&amp;/);
      expect(page.text).toContain('Go to app.example.com');
    }
    const document = { 'Sec-Fetch-Dest': 'document', 'Sec-Fetch-Mode': 'navigate' };
    expect(sentBack(await newBrowser().ask('GET', path, { headers: document }))).toBe(false);
    expect(sentBack(await newBrowser().post('/oauth/authorize', Object.fromEntries(await of.query(changes))))).toBe(
      false,
    );
  });

  test('but of the own reseller, also once the session is over', async () => {
    const of = await makeDelegation();
    const { browser } = await authorized(of);
    for (const changes of FAULTS.slice(1)) expect(sentBack(await browser.get(await of.path(changes)))).toBe(true);
    await rows('update sessions set ended_at = 1 where user_id = ?', of.userId);
    const silent = await browser.get(await of.path({ prompt: 'none' }));
    expect(backTo(silent, of.redirectUri)).toMatchObject({ error: 'login_required' });
    await rows('update sessions set ended_at = null where user_id = ?', of.userId);
    await browser.post('/account/sign-out', {});
    expect(sentBack(await browser.get(await of.path({ prompt: 'none' })))).toBe(false);
  });
});

test('what a state says cannot be more than a state', async () => {
  const of = await makeDelegation();
  const state = 'x\r\nSet-Cookie: a=b&error=none&iss=https://evil.example#"><script>';
  const page = await framed(newBrowser(), await of.path({ state, prompt: 'none' }));
  expect(backTo(page, of.redirectUri)).toEqual({
    error: 'login_required',
    error_description: expect.any(String),
    state,
    iss,
  });
  expect(page.headers.get('Set-Cookie')).toBe(null);
  expect(page.location).not.toMatch(/[\r\n<>"]/);
});

test('a request as a form is the same request, asked again with the browser’s cookies', async () => {
  const of = await makeDelegation();
  const browser = newBrowser();
  const fields = Object.fromEntries(await of.query({ prompt: 'none' }));
  const page = await browser.post('/oauth/authorize', fields, { Origin: 'https://app.example.com' });
  expect(page.status).toBe(303);
  expect(backTo(await framed(browser, page.location!), of.redirectUri)).toMatchObject({ error: 'login_required' });
  expect((await browser.postJson('/oauth/authorize', fields)).status).toBe(400);
  expect((await browser.ask('PUT', '/oauth/authorize')).status).toBe(405);
});

describe('who must not be asked is told apart', () => {
  const errorOf = async (of: Delegation, browser: ReturnType<typeof newBrowser>, changes = {}) =>
    backTo(await framed(browser, await of.path({ prompt: 'none', ...changes })), of.redirectUri)['error'];

  test('nobody signed in, not agreed, agreed, agreed to less', async () => {
    const of = await makeDelegation();
    const browser = newBrowser();
    expect(await errorOf(of, browser)).toBe('login_required');
    const asked = await signInAt(browser, await browser.get(await of.path()), of.email);
    expect(await errorOf(of, browser)).toBe('consent_required');
    await answer(browser, asked, 'allow');
    expect(await errorOf(of, browser)).toBe(undefined);
    expect(await errorOf(of, browser, { scope: 'webhook:read' })).toBe(undefined);
    expect(await errorOf(of, browser, { scope: 'openid webhook:read webhook:write' })).toBe('consent_required');
    expect(await errorOf(of, browser, { max_age: '0' })).toBe('login_required');
  });

  test('somebody who is signed in elsewhere, or no member any more', async () => {
    const of = await makeDelegation();
    const { browser } = await authorized(of);
    const other = await makeDelegation();
    expect(await errorOf(other, browser)).toBe('login_required');
    await rows('delete from memberships where user_id = ?', of.userId);
    expect(await errorOf(of, browser)).toBe('login_required');
  });
});

test('agreeing to more keeps what was agreed to before', async () => {
  const of = await makeDelegation();
  const { browser } = await authorized(of);
  const wider = await browser.get(await of.path({ scope: 'webhook:write' }));
  expect(wider.text).toContain('Add, change and delete webhooks');
  expect(wider.text).not.toContain('See webhooks');
  backTo(await answer(browser, wider, 'allow'), of.redirectUri);
  const all = await browser.get(await of.path({ scope: 'openid webhook:read webhook:write', prompt: 'none' }));
  expect(backTo(all, of.redirectUri)['code']).toBeTruthy();
});

test('HEAD makes no code, and is told what does', async () => {
  const of = await makeDelegation();
  const { browser } = await authorized(of);
  const codes = () => rows('select 1 from authorization_codes where client_id = ?', of.client.id);
  const before = await codes();
  const head = await browser.ask('HEAD', await of.path());
  expect(head).toMatchObject({ status: 405, text: '', location: null });
  expect(head.headers.get('Allow')).toBe('GET, POST, OPTIONS');
  expect(await codes()).toHaveLength(before.length);
});

test('prompt=consent asks whoever has agreed', async () => {
  const of = await makeDelegation();
  const { browser } = await authorized(of);
  const page = await browser.get(await of.path({ prompt: 'consent' }));
  expect(page.text).toContain('Allow Billing?');
  backTo(await answer(browser, page, 'allow'), of.redirectUri);
});

test.each([{ prompt: 'login' }, { prompt: 'select_account' }, { max_age: '0' }, { max_age: '60' }])(
  'a fresh sign-in is asked for once: %o',
  async (changes) => {
    const of = await makeDelegation();
    const { browser } = await authorized(of);
    if ('max_age' in changes) {
      later(61_000);
    }
    const start = await browser.get(await of.path(changes));
    expect(start.location).toMatch(/^\/sign-in\?flow=/);
    const page = await signInAt(browser, start, of.email);
    expect(backTo(page, of.redirectUri)['code']).toBeTruthy();
    const again = await browser.get(await of.path({ ...changes, state: 'another' }));
    if (changes.max_age !== '60') expect(again.location).toMatch(/^\/sign-in\?flow=/);
  },
);

test('a sign-in counts for the request that it was asked for, in its own browser', async () => {
  const of = await makeDelegation();
  const { browser } = await authorized(of);
  const start = await browser.get(await of.path({ prompt: 'login' }));
  const flow = new URLSearchParams(start.location!.split('?')[1]).get('flow')!;
  const path = await of.path({ prompt: 'login' });
  const open = await browser.get(`${path}&flow=${flow}`);
  expect(open.location).toMatch(/^\/sign-in/);
  await signInAt(browser, start, of.email);
  const other = await of.path({ prompt: 'login', nonce: 'other' });
  for (const wrong of [`${other}&flow=${flow}`, `${path}&flow=${crypto.randomUUID()}`, `${path}&flow=x`])
    expect((await browser.get(wrong)).location).toMatch(/^\/sign-in/);
  const { browser: stranger } = await authorized(of);
  expect((await stranger.get(`${path}&flow=${flow}`)).location).toMatch(/^\/sign-in/);
});

test('another account may be used instead', async () => {
  const of = await makeDelegation();
  const browser = newBrowser();
  const page = await signInAt(browser, await browser.get(await of.path({ prompt: 'consent' })), of.email);
  const link = /class="aside">[^<]*<a href="([^"]+)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&');
  expect(link).toContain('prompt=consent+select_account');
  const start = await browser.get(link!);
  const asked = await signInAt(browser, start, of.email);
  expect(asked.text).toContain('Allow Billing?');
});

test('who says no is sent back without a code, and nothing is kept', async () => {
  const of = await makeDelegation();
  const browser = newBrowser();
  const asked = await signInAt(browser, await browser.get(await of.path()), of.email);
  const denied = backTo(await answer(browser, asked, 'deny'), of.redirectUri);
  expect(denied).toMatchObject({ error: 'access_denied', state: 'a state', iss });
  expect(await rows('select * from consents where user_id = ?', of.userId)).toEqual([]);
  expect(await rows('select * from authorization_codes where user_id = ?', of.userId)).toEqual([]);
  expect((await browser.get(await of.path())).text).toContain('Allow Billing?');
});

describe('nobody agrees for somebody else', () => {
  test('by a form on another site', async () => {
    const of = await makeDelegation();
    const browser = newBrowser();
    const asked = await signInAt(browser, await browser.get(await of.path()), of.email);
    for (const headers of [{}, { Origin: 'https://evil.example' }, { 'Sec-Fetch-Site': 'same-site' }])
      expect((await answer(browser, asked, 'allow', headers as Record<string, string>)).status).toBe(403);
    expect(await rows('select * from consents where user_id = ?', of.userId)).toEqual([]);
  });

  test('by a question that another session was asked, or that was made up', async () => {
    const of = await makeDelegation();
    const [mine, yours] = [newBrowser(), newBrowser()];
    const asked = await signInAt(mine, await mine.get(await of.path()), of.email);
    const theirs = await signInAt(yours, await yours.get(await of.path()), of.email);
    const swapped = await answer(mine, theirs, 'allow');
    expect(swapped.location).toMatch(/^\/oauth\/authorize\?client_id=/);
    expect((await answer(newBrowser(), asked, 'allow')).location).toMatch(/^\/oauth\/authorize\?/);
    for (const question of [
      '',
      'x',
      `${questionIn(asked).slice(0, -8)}AAAAAAA=`,
      questionIn(asked).replace('k1.', 'k2.'),
    ])
      expect((await mine.post('/oauth/consent', { question, answer: 'allow' })).status).toBe(400);
    expect(await rows('select * from consents where user_id = ?', of.userId)).toEqual([]);
  });

  test('by a question from long ago, or for a client that is gone', async () => {
    const of = await makeDelegation();
    const browser = newBrowser();
    const asked = await signInAt(browser, await browser.get(await of.path()), of.email);
    later(CONSENT_LIFE_MS);
    expect((await answer(browser, asked, 'allow')).location).toMatch(/^\/oauth\/authorize\?/);
    vi.useRealTimers();
    await rows("update api_clients set redirect_uris = '[]' where id = ?", of.client.id);
    expect((await answer(browser, asked, 'allow')).status).toBe(400);
  });
});

test('a client gets no more than it has and its user has', async () => {
  const of = await makeDelegation({ role: 'organization-admin' });
  const browser = newBrowser();
  const scope = 'openid email profile webhook:read reseller:user:read reseller:user:delete reseller:write nonsense';
  const asked = await signInAt(browser, await browser.get(await of.path({ scope })), of.email);
  expect([...asked.text.matchAll(/<li>([^<]+)/g)].map(([, words]) => words)).toEqual([
    'Know who you are when you sign in',
    'See your e-mail address',
    'See your name and your language',
    'See users',
  ]);
  await rows("update users set role = 'user' where id = ?", of.userId);
  backTo(await answer(browser, asked, 'allow'), of.redirectUri);
  const [consent] = await rows('select scope from consents where user_id = ?', of.userId);
  expect(consent.scope).toBe('openid email profile');
  const nothing = await browser.get(await of.path({ scope: 'webhook:read' }));
  expect(backTo(nothing, of.redirectUri)).toMatchObject({ error: 'invalid_scope' });
});

test('a right that comes after the question is none that was agreed to', async () => {
  const of = await makeDelegation();
  const scope = 'openid webhook:read event:read';
  const browser = newBrowser();
  const asked = await signInAt(browser, await browser.get(await of.path({ scope })), of.email);
  await rows("update api_clients set scopes = scopes || ' event:read' where id = ?", of.client.id);
  backTo(await answer(browser, asked, 'allow'), of.redirectUri);
  const [consent] = await rows('select scope from consents where user_id = ?', of.userId);
  expect(consent.scope).toBe('openid webhook:read');
  expect((await browser.get(await of.path({ scope }))).text).toContain('name="question"');
});

test.each([
  ['revoked', 'update api_clients set revoked_at = 1 where id = ?'],
  ['sent elsewhere', "update api_clients set redirect_uris = '[]' where id = ?"],
])('a client that is %s while its code is written gets none', async (_, change) => {
  const of = await makeDelegation();
  const { browser } = await authorized(of);
  beforeRunning('insert into "authorization_codes"', () => rows(change, of.client.id));
  expect((await browser.get(await of.path())).location).toMatch(/^\/sign-in/);
  expect(await rows('select 1 from authorization_codes where client_id = ?', of.client.id)).toHaveLength(1);
});

test('a sign-in that was begun for a request and led nowhere does not count for it', async () => {
  const of = await makeDelegation();
  const browser = newBrowser();
  const path = await of.path({ prompt: 'login' });
  const { location } = await browser.get(path);
  const { page } = await passwordStep(browser, of.email);
  expect(page.location).toBe('/account');
  const flow = new URL(location!, iss).searchParams.get('flow');
  expect((await browser.get(`${path}&flow=${flow}`)).location).toMatch(/^\/sign-in/);
});

test('another reseller’s user does not sign in to this one', async () => {
  const of = await makeDelegation();
  const stranger = await makePerson();
  const browser = newBrowser();
  await expect(signInAt(browser, await browser.get(await of.path()), stranger.email)).rejects.toThrow('not right');
});

test('the question is in the language that the client or the browser asks for', async () => {
  const of = await makeDelegation();
  const browser = newBrowser('ja,en;q=0.5');
  const asked = await signInAt(browser, await browser.get(await of.path()), of.email);
  expect(asked.text).toContain('<html lang="ja">');
  expect((await browser.get(await of.path({ ui_locales: 'xx de-AT en' }))).text).toContain('Billing zulassen?');
  expect((await newBrowser('fr').open(await of.path({ ui_locales: 'de' }))).text).toContain('<html lang="de">');
});

test('the sign-in before it is in that language too, and stays in it', async () => {
  const of = await makeDelegation();
  const browser = newBrowser('ja,en;q=0.5');
  const start = await browser.get(await of.path({ ui_locales: 'xx de-AT en' }));
  const page = await browser.get(start.location ?? '');
  const wrong = await browser.post('/sign-in/password', { flow: flowIn(page), email: of.email, password: 'wrong' });
  const forgotten = await browser.get(`/sign-in/forgotten?flow=${flowIn(page)}`);
  for (const { text } of [page, wrong, forgotten]) expect(text).toContain('<html lang="de">');
  const unknown = await browser.get(await of.path({ ui_locales: 'xx' }));
  expect((await browser.get(unknown.location ?? '')).text).toContain('<html lang="ja">');
});

test('a client is called what it is called', async () => {
  const of = await makeDelegation();
  await rows('update api_clients set name = ? where id = ?', '<b onclick="x">Bad</b>', of.client.id);
  const browser = newBrowser();
  const asked = await signInAt(browser, await browser.get(await of.path()), of.email);
  expect(asked.text).toContain('Allow &lt;b onclick=&quot;x&quot;&gt;Bad&lt;/b&gt;?');
  expect(asked.text).not.toContain('<b ');
});

test('a program of the user’s own is sent its code by its scheme', async () => {
  const of = await makeDelegation();
  const browser = newBrowser();
  const path = await of.path({ redirect_uri: 'com.example.app:/cb' });
  const asked = await signInAt(browser, await browser.get(path), of.email);
  expect(asked.headers.get('Content-Security-Policy')).toContain("form-action 'self' com.example.app:;");
  expect(asked.text).toContain('com.example.app');
  expect((await answer(browser, asked, 'allow')).location).toMatch(/^com\.example\.app:\/cb\?code=[\w-]{43}&/);
});
