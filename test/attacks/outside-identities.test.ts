import { decodeJwt } from 'jose';
import { beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { sha256 } from '../../src/auth/secrets/digest.ts';
import { Caller, send } from '../support/api.ts';
import type { Person } from '../support/oidc/person.ts';
import { enroll, makeAccount } from '../support/people/accounts.ts';
import {
  accountAt,
  beginTokens,
  signInAs,
  signInOnPageAs,
  tracesOf,
  useProvider,
  visitAs,
} from '../support/people/google.ts';
import { makeInvited } from '../support/people/invited.ts';
import { authorized, backTo, exchange, makeDelegation } from '../support/people/oauth.ts';
import { flowIn, newBrowser, type PageBrowser } from '../support/people/page-browser.ts';
import { countedFailures } from '../support/people/sign-in-failures.ts';
import { giveTotp, makePerson, PASSWORD, signedInBrowser } from '../support/people/sign-in-people.ts';
import { codeOf, post, steady } from '../support/people/signed-up.ts';
import { muteQueues } from '../support/queues.ts';
import { callerFor, rows, unique } from '../support/world.ts';

const REFUSED = { status: 400, body: { code: 'AUTHENTICATION_FAILED' } };
const RECENT = { status: 403, body: { code: 'RECENT_SIGN_IN_REQUIRED' } };
const OTHERS = { ...JSON.parse(inject('providers').google), domains: ['other.example'] };

/** A provider that only was told the addresses of example.com. */
const useOthers = () => useProvider(JSON.stringify(OTHERS));
const nowSeconds = () => Math.floor(Date.now() / 1000);
const settings = (more: object = {}) => ({ googleHostedDomain: null, requireTwoFactor: false, ...more });

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
  useProvider();
});

/** Goes on from where the provider led the browser, by this password. */
async function confirm(browser: PageBrowser, location: string | null, email: string, password = PASSWORD) {
  const page = await browser.get(location ?? '');
  return browser.post('/sign-in/password', { flow: flowIn(page), email, password });
}

describe('an address that the provider does not hand out', () => {
  beforeEach(useOthers);

  test('opens no account of a reseller-admin, and links none, until the password is given', async () => {
    const { userId, email } = await makePerson({ role: 'reseller-admin' });
    const [browser, person] = [newBrowser(), accountAt(email)];
    const sent = await signInOnPageAs(person, '', browser);
    expect(sent).toMatchObject({ status: 303, location: expect.stringMatching(/^\/sign-in\?flow=/) });
    expect(sent.headers.getSetCookie()).toEqual([]);
    const page = await browser.get(sent.location!);
    expect(page.text).toContain('One more step');
    expect(page.text).toContain(`value="${email}"`);
    expect(await confirm(browser, sent.location, email, 'Wrong-horse-7')).toMatchObject({ status: 400 });
    expect(await tracesOf(userId)).toMatchObject({ identities: [], sessions: [], types: [], mails: 0 });

    expect(await confirm(browser, sent.location, email)).toMatchObject({ status: 303, location: '/account' });
    const { identities, sessions, types, mails, user } = await tracesOf(userId);
    expect({ identities, mails }).toEqual({ identities: [{ subject: person.sub, email }], mails: 1 });
    expect(sessions).toMatchObject([{ methods: ['pwd'] }]);
    expect(types.sort()).toEqual(['account.google-linked', 'account.logged-in', 'reseller.user.updated']);
    // Only who hands an address out proves it.
    expect(user.email_verified_at).toBe(null);
    expect(await signInOnPageAs(person)).toMatchObject({ status: 303, location: '/account' });
  });

  test('is linked after password and second factor, on the way to tokens', async () => {
    const { id, userId, email } = await makePerson();
    const secret = await giveTotp(userId);
    const browser = newBrowser();
    const sent = await signInAs(accountAt(email), id, browser);
    const asked = await confirm(browser, sent.location, email);
    expect(await tracesOf(userId)).toMatchObject({ identities: [], sessions: [] });
    await steady();
    const flow = flowIn(await browser.get(asked.location!));
    expect(await browser.post('/sign-in/factor', { flow, code: codeOf(secret) })).toMatchObject({ status: 200 });
    expect(await tracesOf(userId)).toMatchObject({ identities: [{ email }], sessions: [{ methods: ['pwd', 'otp'] }] });
  });

  test('is linked once a mailed link has led to a password', async () => {
    const { userId, email } = await makeInvited();
    const browser = newBrowser();
    const sent = await signInOnPageAs(accountAt(email), '', browser);
    const page = await browser.get(sent.location!);
    expect(page.text).toContain(`/sign-in/forgotten?flow=${flowIn(page)}`);
    expect(await browser.post('/sign-in/forgotten', { flow: flowIn(page), email })).toMatchObject({ status: 200 });
    await rows(
      `insert into activations (user_id, purpose, email_key, token_hash, created_at, expires_at, sent_at)
        values (?, 'activation', ?, ?, 1, 9e15, 1)`,
      userId,
      email,
      await sha256(`mailed to ${userId}`),
    );
    const chosen = { token: `mailed to ${userId}`, newPassword: PASSWORD };
    expect((await post(`/v3/users/${userId}/reset-password`, chosen)).status).toBe(204);
    expect((await tracesOf(userId)).identities).toEqual([]);
    expect(await confirm(browser, sent.location, email)).toMatchObject({ status: 303, location: '/account' });
    expect(await tracesOf(userId)).toMatchObject({ identities: [{ email }], user: { google_sso_enabled: 1 } });
  });

  test('is asked the same whether it is known here or not', async () => {
    const { id, email } = await makePerson();
    const [barred, strange] = [await makePerson({ allowCustomerPortalAccess: false }), `${unique('x')}@example.com`];
    const pages = await Promise.all(
      [email, barred.email, strange].map(async (one) => {
        const browser = newBrowser();
        const { text } = await browser.get((await signInAs(accountAt(one), id, browser)).location!);
        return text.replaceAll(one, 'ADDRESS').replaceAll(/flow=[\w-]+|value="[\w-]{36}"/g, 'FLOW');
      }),
    );
    expect(new Set(pages).size).toBe(1);
  });

  test('is not linked to another user, nor to one who unlinked an account', async () => {
    const [mine, other] = [await makePerson(), await makePerson()];
    await rows('update users set google_unlinked_at = 1 where id = ?', mine.userId);
    for (const email of [other.email, mine.email]) {
      const browser = newBrowser();
      const sent = await signInOnPageAs(accountAt(email), '', browser);
      expect(await confirm(browser, sent.location, mine.email)).toMatchObject({ status: 303, location: '/account' });
    }
    for (const { userId } of [mine, other]) expect((await tracesOf(userId)).identities).toEqual([]);
  });

  test('undoes what was shown before in the same flow', async () => {
    const { userId, email } = await makePerson();
    const secret = await giveTotp(userId);
    const browser = newBrowser();
    const flow = flowIn(await browser.open('/sign-in'));
    await browser.post('/sign-in/password', { flow, email, password: PASSWORD });
    const sent = await browser.get(`/sign-in/google?flow=${flow}`);
    await browser.get(await visitAs(sent.location!, accountAt(email)));
    await steady();
    expect(await browser.post('/sign-in/factor', { flow, code: codeOf(secret) })).toMatchObject({ status: 404 });
    expect(await tracesOf(userId)).toMatchObject({ identities: [], sessions: [] });
  });
});

describe('an identity goes', () => {
  test('with the address, and the former person with it', async () => {
    const { id, base, api, userId, email } = await makePerson();
    const person = accountAt(email);
    expect(await signInAs(person, id)).toMatchObject({ status: 200 });
    const next = `${unique('next')}@example.com`;
    const changed = await api.patch(`${base}/users/${userId}`, { email: next });
    expect(changed).toMatchObject({ status: 200, body: { googleSsoEnabled: false } });
    expect(await api.get(`${base}/users/${userId}`)).toMatchObject({ body: { googleSsoEnabled: false } });
    for (const one of [person, accountAt(next)]) expect(await signInAs(one, id)).toMatchObject(REFUSED);
    const { events, identities } = await tracesOf(userId);
    expect(identities).toEqual([]);
    expect(events.at(-1)).toMatchObject({ before: { googleSsoEnabled: true }, after: { googleSsoEnabled: false } });
  });

  test('by an administrator, for whom as much is asked as for the removal of factors', async () => {
    const { id, api, userId, email, base } = await makePerson();
    const path = `/v3/users/${userId}/google`;
    expect(await api.delete(path)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    const person = accountAt(email);
    await signInAs(person, id);
    expect(await (await makeAccount()).api.delete(path)).toMatchObject({
      status: 404,
      body: { code: 'USER_NOT_FOUND' },
    });
    const weak = await callerFor(id, ['reseller:user:update', 'reseller:user:read']);
    await api.patch(`${base}/users/${userId}`, { role: 'reseller-admin' });
    await rows("insert into external_identities values ('i', ?, ?, ?, 1)", person.sub, userId, email);
    await rows('update users set google_sso_enabled = 1 where id = ?', userId);
    expect(await weak.delete(path)).toMatchObject({ status: 403, body: { code: 'GRANT_REFUSED' } });
    expect((await tracesOf(userId)).user).toMatchObject({ google_sso_enabled: 1 });
    const before = await tracesOf(userId);
    expect(await api.delete(path)).toMatchObject({ status: 204, text: '' });
    const { user, identities, types, mails } = await tracesOf(userId);
    expect({ identities, flag: user.google_sso_enabled }).toEqual({ identities: [], flag: 0 });
    expect(types.slice(before.types.length)).toEqual(['reseller.user.updated', 'account.google-unlinked']);
    expect(mails).toBe(before.mails + 1);
    expect(await signInAs(person, id)).toMatchObject(REFUSED);
    expect(await api.delete(path)).toMatchObject({ status: 404 });
  });
});

describe('a tenant', () => {
  test('lets accounts be linked only once the user confirms, or not use them at all', async () => {
    const { id, userId, email, api, base } = await makePerson();
    const set = (googleSignIn: string) => api.put(`${base}/sign-in-settings`, settings({ googleSignIn }));
    await set('confirmed');
    const [browser, person] = [newBrowser(), accountAt(email)];
    const sent = await signInAs(person, id, browser);
    expect(sent).toMatchObject({ status: 303, location: expect.stringMatching(/^\/sign-in\?flow=/) });
    expect((await tracesOf(userId)).identities).toEqual([]);
    expect(await confirm(browser, sent.location, email)).toMatchObject({ status: 200 });
    expect(await signInAs(person, id)).toMatchObject({ status: 200 });
    await set('off');
    const other = newBrowser();
    expect(await signInAs(person, id, other)).toMatchObject(REFUSED);
    expect(await countedFailures(other)).toMatchObject([{ reason: 'switched-off', user_id: userId }]);
  });

  test('counts no proof that its rules stopped to take on the way', async () => {
    const { id, userId, email, api, base } = await makePerson();
    const secret = await giveTotp(userId);
    const browser = newBrowser();
    const { location } = await signInAs(accountAt(email), id, browser);
    await api.put(`${base}/sign-in-settings`, settings({ googleSignIn: 'off' }));
    await steady();
    const flow = flowIn(await browser.get(location!));
    expect(await browser.post('/sign-in/factor', { flow, code: codeOf(secret) })).toMatchObject({ status: 400 });
    expect((await tracesOf(userId)).sessions).toEqual([]);
  });
});

describe('a guest of another account', () => {
  /** Somebody linked at home, where another account at the provider is asked for by now, and a guest of another reseller. */
  async function makeGuest(more: object = { googleHostedDomain: 'corp.example' }) {
    const [home, other] = [await makePerson(), await makeAccount()];
    await rows('update users set prepared_scopes = null, prepared_at = null where id = ?', home.userId);
    await enroll(other, home, 'account.user');
    const person = accountAt(home.email);
    expect(await signInAs(person, home.id)).toMatchObject({ status: 200 });
    await home.api.put(`${home.base}/sign-in-settings`, settings(more));
    expect(await signInAs(person, home.id)).toMatchObject(REFUSED);
    const entered = await signInAs(person, other.id);
    expect(entered).toMatchObject({ status: 200 });
    return { ...home, other, person, me: new Caller(entered.body.accessToken), tokens: entered.body };
  }

  test.each([[{ googleHostedDomain: 'corp.example' }], [{ googleSignIn: 'off' }]])(
    'changes nothing of how it signs in by a sign-in that home does not take: %j',
    async (rules) => {
      const { me, email, other, person, userId, id, tokens } = await makeGuest(rules);
      expect(await me.post('/v3/me/2fa-secret')).toMatchObject(RECENT);
      expect(await me.delete('/v3/me/google')).toMatchObject(RECENT);
      const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: tokens.refreshToken });
      const refreshed = await send('POST', '/oauth/token', { body });
      expect(await new Caller(refreshed.body.access_token).post('/v3/me/2fa-secret')).toMatchObject(RECENT);

      const browser = newBrowser();
      await signInOnPageAs(person, `?account=${other.id}`, browser);
      expect(await browser.postJson('/account/passkeys/options', {})).toMatchObject({ status: 404 });
      const again = await browser.post('/account/app', {});
      const [flow] = await rows(
        'select reseller_id, goal from sign_in_flows where id = ?',
        new URL(again.location!, 'https://x').searchParams.get('flow'),
      );
      expect(flow.reseller_id).toBe(id);
      expect((await tracesOf(userId)).user).toMatchObject({ two_factor_enabled: 0, google_sso_enabled: 1 });

      expect(await me.post('/v3/me/2fa-secret', { password: PASSWORD })).toMatchObject({ status: 201 });
      const own = await signedInBrowser(email);
      expect(await own.postJson('/account/passkeys/options', {})).toMatchObject({ status: 200 });
    },
  );

  test('takes no factor away and makes no recovery codes by the second factor alone', async () => {
    const { other, person, userId } = await makeGuest();
    const secret = await giveTotp(userId);
    await steady();
    const browser = newBrowser();
    const sent = await signInAs(person, other.id, browser);
    const flow = flowIn(await browser.get(sent.location!));
    const { body } = await browser.post('/sign-in/factor', { flow, code: codeOf(secret, -1) });
    const me = new Caller(body.accessToken);
    const twoFactorCode = codeOf(secret);
    expect(await me.send('DELETE', '/v3/me/2fa', { twoFactorCode })).toMatchObject(RECENT);
    expect(await me.post('/v3/me/2fa-recovery-codes', { twoFactorCode })).toMatchObject(RECENT);
    expect(await me.send('DELETE', '/v3/me/google', { twoFactorCode })).toMatchObject(RECENT);
  });

  test('links no account there that home would not take', async () => {
    const [home, other] = [await makePerson(), await makeAccount()];
    await enroll(other, home, 'account.user');
    await home.api.put(`${home.base}/sign-in-settings`, settings({ googleHostedDomain: 'corp.example' }));
    expect(await signInAs(accountAt(home.email), other.id)).toMatchObject(REFUSED);
    await home.api.put(`${home.base}/sign-in-settings`, settings({ googleSignIn: 'confirmed' }));
    expect(await signInAs(accountAt(home.email), other.id)).toMatchObject({ status: 303 });
    expect((await tracesOf(home.userId)).identities).toEqual([]);
  });
});

describe('a sign-in at the provider counts as of when it was', () => {
  async function linked(more: Partial<Person> = {}) {
    const made = await makeDelegation();
    const person = accountAt(made.email, more);
    const { body } = await signInAs(person, made.id);
    return { ...made, person, me: new Caller(body.accessToken), body };
  }

  test.each([
    ['an hour ago', { authTime: nowSeconds() - 3600 }, nowSeconds() - 3600],
    ['nobody says when', { authTime: null }, 0],
  ])('for changes to oneself: %s', async (_, more, authTime) => {
    const { me, body, userId } = await linked(more);
    expect(decodeJwt(body.accessToken)['auth_time']).toBe(authTime);
    expect(await me.post('/v3/me/2fa-secret')).toMatchObject(RECENT);
    expect(await me.post('/v3/me/2fa-secret', { password: PASSWORD })).toMatchObject({ status: 201 });
    const [session] = await rows('select authenticated_at from sessions where user_id = ?', userId);
    expect(session.authenticated_at).toBe(authTime * 1000);
  });

  test.each([
    ['an hour ago', { authTime: nowSeconds() - 3600 }],
    ['nobody says when, as the browser left that out', { authTime: null }],
  ])('and so it does not do where a new one is asked for: %s', async (_, more) => {
    const { email, person, userId } = await linked();
    const browser = await signedInBrowser(email);
    await rows('update sessions set authenticated_at = 1 where user_id = ?', userId);
    const again = await browser.post('/account/app', {});
    const flow = flowIn(await browser.get(again.location!));
    const { location } = await browser.get(`/sign-in/google?flow=${flow}`);
    const back = await browser.get(await visitAs(location!, { ...person, ...more }));
    expect(back).toMatchObject({ status: 303, location: `/sign-in?flow=${flow}` });
    expect(back.headers.getSetCookie()).toEqual([]);
    const refused = await browser.post('/account/app', {});
    expect(refused.location).toMatch(/^\/sign-in\?/);
    expect(await confirm(browser, back.location, email)).toMatchObject({ status: 303, location: '/account' });
    expect(await browser.post('/account/app', {})).toMatchObject({ status: 200 });
  });

  test('a second factor of ours makes up for it', async () => {
    const { email, person, userId } = await linked();
    const browser = await signedInBrowser(email);
    await rows('update sessions set authenticated_at = 1 where user_id = ?', userId);
    const secret = await giveTotp(userId);
    const again = await browser.post('/account/again', {});
    const flow = flowIn(await browser.get(again.location!));
    const { location } = await browser.get(`/sign-in/google?flow=${flow}`);
    const back = await browser.get(await visitAs(location!, { ...person, authTime: null }));
    await steady();
    expect((await browser.get(back.location!)).text).toContain('one-time-code');
    const done = await browser.post('/sign-in/factor', { flow, code: codeOf(secret) });
    expect(done).toMatchObject({ status: 303, location: '/account' });
    const [session] = await rows('select max(authenticated_at) as at from sessions where user_id = ?', userId);
    expect(Date.now() - session.at).toBeLessThan(60_000);
  });

  test('a new one is asked of the provider, and told to the application', async () => {
    const made = await linked();
    const authTime = nowSeconds() - 50;
    const enter = async (changes: Record<string, string>, at: number | null) => {
      const browser = newBrowser();
      const asked = await browser.get(await made.path(changes));
      const flow = flowIn(await browser.get(asked.location!));
      const { location } = await browser.get(`/sign-in/google?flow=${flow}`);
      return { browser, back: await browser.get(await visitAs(location!, { ...made.person, authTime: at })) };
    };
    await authorized(made);
    const { browser, back } = await enter({ max_age: '60' }, authTime);
    const { code = '' } = backTo(await browser.get(back.location!), made.redirectUri);
    const { body } = await exchange(made, code);
    expect(decodeJwt(body.id_token)).toMatchObject({ auth_time: authTime });
    for (const [changes, at] of [
      [{ max_age: '60' }, nowSeconds() - 120],
      [{ max_age: '60' }, null],
      [{ prompt: 'login' }, nowSeconds() - 50],
    ] as const)
      expect((await enter(changes, at)).back.location).toMatch(/^\/sign-in\?flow=/);
    const plain = await enter({}, null);
    const silent = backTo(await plain.browser.get(plain.back.location!), made.redirectUri);
    const told = decodeJwt((await exchange(made, silent['code'] ?? '')).body.id_token);
    expect(told).not.toHaveProperty('auth_time');
  });
});

describe('login-google answers alike', () => {
  const shapeOf = ({ status, headers, text }: Awaited<ReturnType<PageBrowser['get']>>) => {
    const url = new URL(headers.get('Location') ?? '');
    return { status, text, at: url.origin + url.pathname, names: [...url.searchParams.keys()] };
  };

  test('whether the account is there, is disabled, or has a domain', async () => {
    const [plain, domain, disabled] = [await makePerson(), await makePerson(), await makePerson()];
    for (const { api, base } of [domain, disabled])
      await api.put(`${base}/sign-in-settings`, settings({ googleHostedDomain: 'corp.example' }));
    await rows('update resellers set enabled = 0, updated_at = updated_at + 1 where id = ?', disabled.id);
    const asked = [plain, domain, disabled].map(({ id }) => `accountId=${id}`);
    asked.push(`accountId=${crypto.randomUUID()}`, 'accountAlias=Nobody');
    const replies = await Promise.all(asked.map((query) => newBrowser().get(`/v3/accounts/login-google?${query}`)));
    expect(new Set(replies.map((reply) => JSON.stringify(shapeOf(reply)))).size).toBe(1);
  });

  test('and an account that is not there lets nobody in, by whatever proof', async () => {
    const { email, userId } = await makePerson();
    const nowhere = crypto.randomUUID();
    expect(await signInAs(accountAt(email), nowhere)).toMatchObject(REFUSED);
    const { browser, location } = await beginTokens(nowhere);
    const flow = new URL(location).searchParams.get('state')!.split('.')[0]!;
    expect(await browser.post('/sign-in/password', { flow, email, password: PASSWORD })).toMatchObject({ status: 400 });
    expect(await tracesOf(userId)).toMatchObject({ identities: [], sessions: [] });
  });
});
