import { beforeEach, expect, test, vi } from 'vitest';
import type { Person } from '../support/oidc/person.ts';
import { accountAt, signInAs, signInOnPageAs, tracesOf, useProvider, visitAs } from '../support/people/google.ts';
import { newBrowser } from '../support/people/page-browser.ts';
import { countedFailures } from '../support/people/sign-in-failures.ts';
import { makePerson } from '../support/people/sign-in-people.ts';
import { muteQueues } from '../support/queues.ts';
import { operator, rows, unique } from '../support/world.ts';

const NOTHING = { identities: [], sessions: [], mails: 0, user: { google_sso_enabled: 0, last_login_at: null } };
const REFUSED = { status: 400, body: { code: 'AUTHENTICATION_FAILED' } };

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
  useProvider();
});

type Case = {
  readonly reason: string;
  /** Whether it is told, in the audit log only, whom it was about. */
  readonly known?: boolean;
  readonly person?: Partial<Person>;
  readonly fields?: Record<string, unknown>;
  readonly domain?: string;
  readonly meanwhile?: (who: { readonly id: string; readonly userId: string }) => Promise<unknown>;
};

const CASES: Readonly<Record<string, Case>> = {
  'an address that is not verified': { reason: 'email-unverified', known: true, person: { emailVerified: false } },
  'no address': { reason: 'email-missing', person: { email: '' } },
  'an address that nobody has here': { reason: 'unknown-user', person: { email: 'nobody@example.com' } },
  'an account of no domain, where one is asked for': { reason: 'wrong-domain', known: true, domain: 'example.com' },
  'an account of another domain': {
    ...{ reason: 'wrong-domain', known: true, domain: 'example.com' },
    person: { hd: 'mail.example.com' },
  },
  'a customer’s user without access': {
    ...{ reason: 'not-allowed', known: true },
    fields: { allowCustomerPortalAccess: false },
  },
  'one of the reseller’s own who may not sign in': {
    ...{ reason: 'not-allowed', known: true },
    fields: { organizationId: null },
    meanwhile: ({ userId }) => rows("update memberships set roles = '[]' where user_id = ?", userId),
  },
  'an account that is disabled': {
    ...{ reason: 'not-allowed', known: true },
    meanwhile: ({ id }) => rows('update resellers set enabled = 0, updated_at = updated_at + 1 where id = ?', id),
  },
};

test.each(Object.entries(CASES))('%s is refused, and leaves nothing but the reason', async (_, one) => {
  const { reason, known = false, person = {}, fields = {}, domain = null, meanwhile } = one;
  const { id, userId, email, api, base } = await makePerson(fields);
  await api.put(`${base}/sign-in-settings`, { googleHostedDomain: domain, requireTwoFactor: false });
  await meanwhile?.({ id, userId });
  const browser = newBrowser();
  expect(await signInAs(accountAt(email, person), id, browser)).toMatchObject(REFUSED);
  const failures = await countedFailures(browser);
  expect(failures).toEqual([
    {
      reason,
      method: 'google',
      user_id: known ? userId : '',
      reseller_id: known ? id : '',
      network: browser.address,
      count: 1,
    },
  ]);
  const { types, ...traces } = await tracesOf(userId);
  expect(traces).toMatchObject(NOTHING);
  expect(types).toEqual([]);
  expect(JSON.stringify(failures)).not.toContain('@');
});

test('whoever declines at the provider is refused', async () => {
  const { id } = await makePerson();
  const browser = newBrowser();
  expect(await signInAs('declines', id, browser)).toMatchObject(REFUSED);
  expect(await countedFailures(browser)).toMatchObject([{ reason: 'declined', user_id: '' }]);
});

test('neither the page nor the answer tells why', async () => {
  const barred = await makePerson({ allowCustomerPortalAccess: false });
  const { email, id } = await makePerson();
  const strangers = [
    accountAt(barred.email),
    accountAt(email, { emailVerified: false }),
    accountAt('nobody@example.com'),
  ];
  const answers = await Promise.all(strangers.map((person) => signInAs(person, id)));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  const pages = await Promise.all(strangers.map((person) => signInOnPageAs(person)));
  expect(new Set(pages.map(({ text }) => text.replaceAll(/flow=[\w-]+/g, 'FLOW'))).size).toBe(1);
  expect(pages[0]).toMatchObject({ status: 400, text: expect.stringContaining('Google') });
  expect(pages[0]!.text).not.toContain('@');
});

test.each(['en', 'de', 'fr', 'es', 'ja'])('the page says it in the language of its reader: %s', async (language) => {
  const browser = newBrowser(language);
  const page = await signInOnPageAs('declines', '', browser);
  expect(page).toMatchObject({ status: 400, text: expect.stringContaining(`<html lang="${language}">`) });
  const back = /class="button" href="(\/sign-in\?flow=[^"]+)"/.exec(page.text)?.[1];
  expect(await browser.get(back!)).toMatchObject({ status: 200, text: expect.stringContaining('name="password"') });
});

test('an account of the domain that is asked for may sign in, and no other any more', async () => {
  const { id, userId, email, api, base } = await makePerson();
  const person = accountAt(email, { hd: 'EXAMPLE.com' });
  const set = (googleHostedDomain: string | null) =>
    api.put(`${base}/sign-in-settings`, { googleHostedDomain, requireTwoFactor: false });
  await set('Example.com');
  expect(await signInAs(person, id)).toMatchObject({ status: 200 });
  await set('another.example');
  expect(await signInAs(person, id)).toMatchObject(REFUSED);
  expect(await signInAs({ sub: person.sub, email }, id)).toMatchObject(REFUSED);
  await set(null);
  expect(await signInAs({ sub: person.sub, email }, id)).toMatchObject({ status: 200 });
  expect(await tracesOf(userId)).toMatchObject({ identities: [{ subject: person.sub }], sessions: [{}, {}] });
});

test('on the page of no reseller the domain of one’s own counts', async () => {
  const { email, api, base } = await makePerson();
  await api.put(`${base}/sign-in-settings`, { googleHostedDomain: 'example.com', requireTwoFactor: false });
  expect(await signInOnPageAs(accountAt(email))).toMatchObject({ status: 400 });
  const page = await signInOnPageAs(accountAt(email, { hd: 'example.com' }));
  expect(page).toMatchObject({ status: 303, location: '/account' });
});

test('who is linked and may not be in any more is refused', async () => {
  const { id, base, api, userId, email } = await makePerson();
  const person = accountAt(email);
  await signInAs(person, id);
  await api.patch(`${base}/users/${userId}`, { allowCustomerPortalAccess: false });
  expect(await signInAs(person, id)).toMatchObject(REFUSED);
  await api.patch(`${base}/users/${userId}`, { allowCustomerPortalAccess: true });
  expect(await signInAs(person, id)).toMatchObject({ status: 200 });
  await api.delete(`${base}/users/${userId}`);
  expect(await signInAs(person, id)).toMatchObject(REFUSED);
  expect(await rows('select 1 from external_identities where subject = ?', person.sub)).toEqual([]);
});

test('a reseller that is deleted lets nobody in', async () => {
  const { id, email } = await makePerson();
  const browser = newBrowser();
  const begun = await browser.get(`/v3/accounts/login-google?accountId=${id}`);
  expect(begun.status).toBe(302);
  await (await operator()).delete(`/v3/resellers/${id}`);
  expect(await browser.get(await visitAs(begun.location!, accountAt(email)))).toMatchObject(REFUSED);
  const again = await browser.get(`/v3/accounts/login-google?accountId=${id}`);
  expect(await browser.get(await visitAs(again.location!, accountAt(email)))).toMatchObject(REFUSED);
});

test('somebody of no reseller at all is refused as well', async () => {
  const browser = newBrowser();
  expect(await signInOnPageAs(accountAt(`${unique('x')}@example.com`), '', browser)).toMatchObject({ status: 400 });
  expect(await countedFailures(browser)).toMatchObject([{ reason: 'unknown-user', user_id: '' }]);
});
