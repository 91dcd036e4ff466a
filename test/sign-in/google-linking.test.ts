import { decodeJwt } from 'jose';
import { beforeEach, expect, inject, test, vi } from 'vitest';
import { Caller } from '../support/api.ts';
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
import { newBrowser } from '../support/people/page-browser.ts';
import { countedFailures } from '../support/people/sign-in-failures.ts';
import { makePerson, signedInBrowser } from '../support/people/sign-in-people.ts';
import { muteQueues } from '../support/queues.ts';
import { rows } from '../support/world.ts';

const AT_FIRST = ['reseller.user.updated', 'account.google-linked', 'account.logged-in'];

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
  useProvider();
});

test('somebody with a verified address is linked, and signed in with tokens', async () => {
  const { id, userId, email } = await makePerson();
  const person = accountAt(email.toUpperCase());
  const page = await signInAs(person, id);
  expect(page, page.text).toMatchObject({ status: 200 });
  expect(page.headers.get('Cache-Control')).toBe('no-store');
  const { accessToken, ...rest } = page.body;
  expect(rest).toEqual({ refreshToken: expect.any(String), expiresIn: 900 });
  expect(decodeJwt(accessToken)).toMatchObject({ sub: userId, reseller_id: id });

  const { user, identities, sessions, types, events, mails } = await tracesOf(userId);
  expect(identities).toEqual([{ subject: person.sub, email: person.email }]);
  expect(sessions).toEqual([{ reseller_id: id, methods: ['google'] }]);
  expect(user).toMatchObject({ google_sso_enabled: 1, last_login_at: expect.any(Number), email });
  expect(types).toEqual(AT_FIRST);
  expect(mails).toBe(1);
  const [updated, linked, loggedIn] = events;
  expect(updated).toMatchObject({
    reseller_id: id,
    actor: `user:${userId}`,
    audit_only: 0,
    before: { googleSsoEnabled: false },
    after: { googleSsoEnabled: true, updatedAt: user.updated_at },
  });
  const proved = { googleSsoEnabled: false, emailVerifiedAt: null, updatedAt: updated.before.updatedAt };
  expect({ ...updated.after, ...proved }).toEqual(updated.before);
  expect(linked).toMatchObject({ reseller_id: id, actor: `user:${userId}`, audit_only: 1, before: null });
  expect(loggedIn.before).toMatchObject({ googleSsoEnabled: true, lastLoginAt: null });
});

test('what the reply shows of a user is true', async () => {
  const { id, base, api, userId, email } = await makePerson();
  const shown = async () => (await api.get(`${base}/users/${userId}`)).body;
  expect(await shown()).toMatchObject({ googleSsoEnabled: false, lastLoginAt: null });
  await signInAs(accountAt(email), id);
  expect(await shown()).toMatchObject({ googleSsoEnabled: true, lastLoginAt: expect.any(String) });
});

test('who is linked is known by the account at the provider, whatever its address is there by then', async () => {
  const { id, userId, email } = await makePerson();
  const person = accountAt(email);
  await signInAs(person, id);
  expect(await signInAs({ ...person, email: 'another@example.org' }, id)).toMatchObject({ status: 200 });
  const { identities, types, mails } = await tracesOf(userId);
  expect(identities).toEqual([{ subject: person.sub, email }]);
  expect(types).toEqual([...AT_FIRST, 'account.logged-in']);
  expect(mails).toBe(1);
});

test('an account that is linked is not moved to whoever has its address by now', async () => {
  const [first, second] = [await makePerson(), await makePerson()];
  const person = accountAt(first.email);
  await signInAs(person, first.id);
  const browser = newBrowser();
  const page = await signInAs({ ...person, email: second.email }, second.id, browser);
  expect(page).toMatchObject({ status: 400, body: { code: 'AUTHENTICATION_FAILED' } });
  expect(await countedFailures(browser)).toMatchObject([{ reason: 'unknown-user', user_id: '' }]);
  expect(await tracesOf(second.userId)).toMatchObject({ identities: [], sessions: [], types: [], mails: 0 });
});

test('a second account with the address of somebody linked is refused', async () => {
  const { id, userId, email } = await makePerson();
  const person = accountAt(email);
  await signInAs(person, id);
  const browser = newBrowser();
  expect(await signInAs(accountAt(email), id, browser)).toMatchObject({ status: 400 });
  expect(await countedFailures(browser)).toMatchObject([
    { reason: 'other-identity', method: 'google', user_id: userId },
  ]);
  const { identities, sessions } = await tracesOf(userId);
  expect(identities).toEqual([{ subject: person.sub, email }]);
  expect(sessions).toHaveLength(1);
});

test('who is unlinked is linked anew only once the signed-in user allows it', async () => {
  const { id, userId, email } = await makePerson();
  const person = accountAt(email);
  const first = await signInAs(person, id);
  expect(await new Caller(first.body.accessToken).delete('/v3/me/google')).toMatchObject({ status: 204 });
  const browser = newBrowser();
  for (const one of [person, accountAt(email)])
    expect(await signInAs(one, id, browser)).toMatchObject({ status: 400, body: { code: 'AUTHENTICATION_FAILED' } });
  expect(await countedFailures(browser)).toMatchObject([{ reason: 'not-linkable', user_id: userId, count: 2 }]);
  expect(await tracesOf(userId)).toMatchObject({ identities: [], sessions: [{}], user: { google_sso_enabled: 0 } });

  const own = await signedInBrowser(email);
  expect((await own.get('/account')).text).toContain('None is linked again unless you allow it.');
  const allow = () => own.post('/account/provider/allow', {});
  const done = await allow();
  expect(done).toMatchObject({ status: 303, location: '/account?done=providerAllowed' });
  const page = await own.get(done.location!);
  expect(page.text).toContain('You can link an account again');
  expect(page.text).not.toContain('/account/provider/allow');
  expect(await allow()).toMatchObject({ status: 400, text: expect.stringContaining('changed in the meantime') });
  expect(await signInAs(person, id)).toMatchObject({ status: 200 });
  const { identities, user, types, mails } = await tracesOf(userId);
  expect({ identities, mails }).toEqual({ identities: [{ subject: person.sub, email }], mails: 3 });
  expect(user.google_sso_enabled).toBe(1);
  expect(types).toContain('account.google-allowed');
});

test('somebody with this address in another reseller is nobody here', async () => {
  const [here, there] = [await makePerson(), await makePerson()];
  const browser = newBrowser();
  const page = await signInAs(accountAt(there.email), here.id, browser);
  expect(page).toMatchObject({ status: 400, body: { code: 'AUTHENTICATION_FAILED' } });
  expect(await countedFailures(browser)).toMatchObject([{ reason: 'unknown-user', user_id: '' }]);
  expect(await tracesOf(there.userId)).toMatchObject({ identities: [], sessions: [], types: [] });
});

test.each([
  [1, 'reseller.user.updated'],
  [null, 'reseller.user.activated'],
])('a member from elsewhere is linked as well, and all its resellers hear of it: %s', async (verifiedAt, type) => {
  const [home, other] = [await makeAccount(), await makeAccount()];
  const user = await home.makeUser('account.user');
  await rows('update users set verified_at = ? where id = ?', verifiedAt, user.id);
  await enroll(other, user, 'account.user');
  const page = await signInAs(accountAt(user.email), other.id);
  expect(page, page.text).toMatchObject({ status: 200 });
  expect(decodeJwt(page.body.accessToken)).toMatchObject({ sub: user.id, reseller_id: other.id });
  const { events } = await tracesOf(user.id);
  const told = events.filter(({ before, after }) => before?.googleSsoEnabled === false && after.googleSsoEnabled);
  expect(told.map(({ type, reseller_id, actor }) => ({ type, reseller_id, actor }))).toEqual([
    { type, reseller_id: home.id, actor: `user:${user.id}` },
    { type: 'reseller.user.updated', reseller_id: other.id, actor: `reseller:${home.id}` },
  ]);
  expect(told[1].request_id).not.toBe(told[0].request_id);
});

test('who was invited has come with that', async () => {
  const invited = await makeInvited();
  const page = await signInAs(accountAt(invited.email), invited.id);
  expect(page, page.text).toMatchObject({ status: 200 });
  const { user, types, events } = await tracesOf(invited.userId);
  expect(types).toEqual(['reseller.user.activated', 'account.google-linked', 'account.logged-in']);
  expect(events[0]).toMatchObject({ before: { verifiedAt: null }, after: { verifiedAt: user.verified_at } });
  expect(user).toMatchObject({ verified_at: expect.any(Number), password_hash: null, google_sso_enabled: 1 });
});

test('two that come back at once are linked once, and both are in', async () => {
  const { id, userId, email } = await makePerson();
  const person = accountAt(email);
  const begun = [await beginTokens(id), await beginTokens(id)];
  const back = await Promise.all(
    begun.map(async ({ browser, location }) => ({ browser, path: await visitAs(location, person) })),
  );
  const pages = await Promise.all(back.map(({ browser, path }) => browser.get(path)));
  expect(pages.map(({ status }) => status)).toEqual([200, 200]);
  const { identities, types, mails } = await tracesOf(userId);
  expect(identities).toHaveLength(1);
  expect(types.sort()).toEqual([...AT_FIRST, 'account.logged-in'].sort());
  expect(mails).toBe(1);
});

test('a provider that tells of people elsewhere serves as well', async () => {
  const { strict } = inject('providers');
  useProvider(strict);
  const { id, userId, email } = await makePerson();
  expect(await signInAs(accountAt(email), id)).toMatchObject({ status: 200 });
  const [identity] = await rows('select issuer from external_identities where user_id = ?', userId);
  expect(identity.issuer).toBe(JSON.parse(strict).issuer);
});

test('whoever is linked reads so on the account page, and unlinks it there', async () => {
  useProvider(JSON.stringify({ ...JSON.parse(inject('providers').google), name: 'Goo <g>' }));
  const { userId, email } = await makePerson();
  const browser = newBrowser();
  await signInOnPageAs(accountAt(email), '', browser);
  const page = await browser.get('/account');
  expect(page.text).toContain('Your account at Goo &lt;g&gt; is linked');
  expect(page.text).not.toContain('<g>');
  const unlink = () => browser.post('/account/provider/unlink', {});
  const done = await unlink();
  expect(done).toMatchObject({ status: 303, location: '/account?done=providerUnlinked' });
  expect((await browser.get(done.location!)).text).toContain('That account is no longer linked');
  expect((await browser.get('/account')).text).not.toContain('/account/provider/unlink');
  const { identities, user, types, mails } = await tracesOf(userId);
  expect({ identities, mails }).toEqual({ identities: [], mails: 2 });
  expect(user.google_sso_enabled).toBe(0);
  expect(types.at(-1)).toBe('account.google-unlinked');
  expect(await unlink()).toMatchObject({ status: 400, text: expect.stringContaining('changed in the meantime') });
});

test('where no provider is set the account page names none', async () => {
  const { userId, email } = await makePerson();
  await rows('update users set google_sso_enabled = 1 where id = ?', userId);
  useProvider(null);
  const browser = await signedInBrowser(email);
  expect((await browser.get('/account')).text).not.toContain('/account/provider');
});
