import { beforeEach, expect, test, vi } from 'vitest';
import { LANGUAGES } from '../../src/model/language.ts';
import { ACCOUNT_TEXTS } from '../../src/pages/account/texts/index.ts';
import { Caller, send } from '../support/api.ts';
import { enroll as join, makeAccount } from '../support/people/accounts.ts';
import { newAuthenticator } from '../support/people/authenticator.ts';
import { authorized, backTo, exchange, makeDelegation, refresh, signInAt } from '../support/people/oauth.ts';
import { newBrowser } from '../support/people/page-browser.ts';
import { givePasskey, signedInBrowser } from '../support/people/sign-in-people.ts';
import { signIn } from '../support/people/signed-in.ts';
import { codeOf, enroll, makePerson } from '../support/people/signed-up.ts';
import { muteQueues } from '../support/queues.ts';
import { type makeReseller, rows } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

type Reseller = Pick<Awaited<ReturnType<typeof makeReseller>>, 'base' | 'api'>;
const require = async ({ base, api }: Reseller, requireTwoFactor = true) =>
  expect((await api.put(`${base}/sign-in-settings`, { googleHostedDomain: null, requireTwoFactor })).status).toBe(200);
const DUE = { status: 403, body: { code: 'TWO_FACTOR_ENROLMENT_REQUIRED' } };
const texts = ACCOUNT_TEXTS.en;

/** The routes of three dialects that read, and one that writes. */
const callsOf = (id: string) =>
  [
    ['GET', '/v3/webhooks'],
    ['GET', `/v1.0/accounts/${id}/users`],
    ['GET', '/reseller/customers'],
    ['POST', `/v3/resellers/${id}/organizations`, { name: 'Inside', email: 'it@example.com', allowedUsers: -1 }],
  ] as const;

test('a user without a second factor reaches only /v3/me and the account page, from the next request on', async () => {
  const person = await makePerson({ role: 'reseller-admin' });
  const before = await person.signIn();
  expect((await before.get('/v3/webhooks')).status).toBe(200);
  await require(person);
  for (const me of [before, await person.signIn()])
    for (const [method, path, body] of callsOf(person.id)) {
      const { status, text } = await me.send(method, path, body);
      expect([path, status, text]).toEqual([path, 403, expect.stringContaining('requires two-factor authentication')]);
    }
  expect(await before.get('/v3/webhooks')).toMatchObject(DUE);
  expect(await rows('select 1 from organizations where reseller_id = ?', person.id)).toEqual([]);
  expect((await before.get('/v3/me')).status).toBe(200);
  await enroll(before);
  expect((await before.get('/v3/webhooks')).status).toBe(200);
});

test('who has one is let in, whichever it is, and not once it is gone', async () => {
  const person = await makePerson({ role: 'reseller-admin' });
  await require(person);
  const secret = await enroll(await person.signIn());
  const me = await person.signIn({ twoFactorCode: codeOf(secret) });
  expect((await me.get('/v3/webhooks')).status).toBe(200);
  expect((await me.send('DELETE', '/v3/me/2fa', { twoFactorCode: codeOf(secret, 1) })).status).toBe(204);
  expect(await me.get('/v3/webhooks')).toMatchObject(DUE);
  await givePasskey(person.userId);
  expect((await me.get('/v3/webhooks')).status).toBe(200);
});

test('it is the setting of the reseller that somebody acts in', async () => {
  const person = await makePerson({ role: 'reseller-admin' });
  const other = await makeAccount();
  await join(other, person, 'webhooks.admin');
  await require(other);
  expect((await (await person.signIn()).get('/v3/webhooks')).status).toBe(200);
  const there = await signIn(person.userId, other.id, ['webhook:read']);
  expect(await there.get('/v3/webhooks')).toMatchObject(DUE);
  expect((await person.api.get('/v3/webhooks')).status).toBe(200);
  await require(other, false);
  expect((await there.get('/v3/webhooks')).status).toBe(200);
});

test('no application acts for such a user: neither its tokens nor a refresh nor a code work', async () => {
  const of = await makeDelegation();
  const { browser, code } = await authorized(of);
  const { body } = await exchange(of, code);
  const again = backTo(await browser.get(await of.path()), of.redirectUri);
  const app = new Caller(body.access_token);
  expect((await app.get('/v3/webhooks')).status).toBe(200);
  await require(of);
  expect((await app.get('/v3/webhooks')).status).toBe(401);
  const headers = { Authorization: `Bearer ${body.access_token}` };
  expect((await send('GET', '/oauth/userinfo', { headers })).status).toBe(401);
  expect((await refresh(of.client, body.refresh_token)).body.error).toBe('invalid_grant');
  expect((await exchange(of, again['code'] ?? '')).body.error).toBe('invalid_grant');
  const silently = await browser.get(await of.path({ prompt: 'none' }));
  expect(backTo(silently, of.redirectUri)['error']).toBe('interaction_required');
  expect((await browser.get(await of.path())).location).toBe('/account');
});

test('in a browser the account page asks for it, and then the application may be let in', async () => {
  const of = await makeDelegation();
  await require(of);
  const browser = newBrowser();
  const page = await signInAt(browser, await browser.get(await of.path()), of.email);
  expect(page.location).toBe('/account');
  expect((await browser.get('/account')).text).toContain(texts.factorDue);
  const authenticator = await newAuthenticator('https://edge.localhost');
  const { body } = await browser.postJson('/account/passkeys/options', {});
  const credential = await authenticator.create(body);
  expect((await browser.postJson('/account/passkeys', { credential, name: '' })).status).toBe(200);
  expect((await browser.get('/account')).text).not.toContain(texts.factorDue);
  expect((await browser.get(await of.path())).text).toContain('Allow Billing?');
});

test('where it is not asked for, no page speaks of it', async () => {
  const person = await makePerson();
  const browser = await signedInBrowser(person.email, person.credentials.password);
  expect((await browser.get('/account')).text).not.toContain(texts.factorDue);
  expect(new Set(LANGUAGES.map((language) => ACCOUNT_TEXTS[language].factorDue)).size).toBe(LANGUAGES.length);
});
