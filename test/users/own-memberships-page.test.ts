import { beforeEach, expect, test, vi } from 'vitest';
import { LANGUAGES } from '../../src/model/language.ts';
import { RECENT_SIGN_IN_MS } from '../../src/model/limits/index.ts';
import type { Role } from '../../src/model/users/role.ts';
import { MEMBERSHIP_TEXTS } from '../../src/pages/account/parts/membership-texts.ts';
import { ACCOUNT_TEXTS } from '../../src/pages/account/texts/index.ts';
import { SIGN_IN_TEXTS } from '../../src/pages/sign-in/texts/index.ts';
import { ageSessions } from '../sign-in/aged.ts';
import { acceptAll, invite } from '../support/people/accounts.ts';
import { makePerson, signedInBrowser } from '../support/people/sign-in-people.ts';
import { muteQueues } from '../support/queues.ts';
import { makeReseller, operator, rows } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

const texts = MEMBERSHIP_TEXTS.en;
const refused = (text: string) => ({ status: 400, text: expect.stringContaining(text) });

/** A signed-in person whom another tenant invites. */
async function invited({ prepared = false, roles = ['user.admin', 'branding.admin'] as Role[] } = {}) {
  const person = await makePerson();
  const other = await makeReseller();
  await invite({ users: `/v1.0/accounts/${other.id}/users` }, person, ...roles);
  if (!prepared) await rows('update users set prepared_scopes = null, prepared_at = null where id = ?', person.userId);
  const browser = await signedInBrowser(person.email);
  const press = (action: string, id = other.id) => browser.post(`/account/${action}`, { id });
  const membership = async (resellerId = other.id) =>
    (await rows('select * from memberships where user_id = ? and reseller_id = ?', person.userId, resellerId))[0];
  const [{ name }] = await rows('select name from resellers where id = ?', other.id);
  return { ...person, other, name: name as string, browser, press, membership };
}

test('the page lists the tenants of a person, in words', async () => {
  const { browser, other, name, id } = await invited();
  await rows("update resellers set name = '<i>Home' where id = ?", id);
  const { text } = await browser.get('/account');
  for (const shown of [name, 'Manage people, Manage branding', texts.pending, texts.primary, '&lt;i&gt;Home'])
    expect(text).toContain(shown);
  expect(text).not.toContain('<i>');
  expect(text).toContain(`value="${other.id}"`);
  expect(text).toContain(`aria-label="${texts.accept}: ${name}"`);
});

test('a person accepts and then leaves', async () => {
  const { browser, press, membership, name } = await invited({ roles: ['branding.admin'] });
  const accepted = await press('memberships/accept');
  expect(accepted.location).toBe('/account?done=membershipAccepted');
  expect((await membership()).accepted_at).not.toBeNull();
  const { text } = await browser.get(accepted.location!);
  expect(text).toContain(ACCOUNT_TEXTS.en.done.membershipAccepted);
  expect(text).toContain(`aria-label="${texts.leave}: ${name}"`);
  // The button stands behind a first step, which says what it does.
  const asked = `<details>\n<summary>${texts.leave}</summary>\n<p>${texts.leaveText}</p>\n<form`;
  expect(text.split(asked)).toHaveLength(text.split('/account/memberships/leave').length);
  expect(await press('memberships/accept')).toMatchObject(refused(ACCOUNT_TEXTS.en.meanwhile));
  expect((await press('memberships/leave')).location).toBe('/account?done=membershipLeft');
  expect(await membership()).toBeUndefined();
});

test('a person declines, and cannot be invited again for a while', async () => {
  const { press, membership, userId, email, other } = await invited();
  expect((await press('memberships/decline')).location).toBe('/account?done=membershipDeclined');
  expect(await membership()).toBeUndefined();
  expect(await rows('select 1 from membership_refusals where user_id = ?', userId)).toHaveLength(1);
  const again = await (await operator()).post(`/v1.0/accounts/${other.id}/users`, {
    email,
    displayName: 'Ada Brightwater',
    roles: ['account.user'],
  });
  expect(again.status).toBeGreaterThanOrEqual(400);
});

test('a person with a password set by others accepts by the link only', async () => {
  const { press, membership } = await invited({ prepared: true });
  expect(await press('memberships/accept')).toMatchObject(refused(texts.linkRequired));
  expect((await membership()).accepted_at).toBeNull();
});

test('the only membership cannot be left, others can, also by their last administrator', async () => {
  const { browser, press, membership, id, userId, other } = await invited();
  const alone = (await browser.get('/account')).text;
  expect(alone).toContain(texts.lastMembership);
  expect(alone).not.toContain('/account/memberships/leave');
  expect(await press('memberships/leave', id)).toMatchObject(refused(texts.lastMembership));
  await acceptAll(userId);
  const both = (await browser.get('/account')).text;
  expect(both).not.toContain(texts.lastMembership);
  expect(both.split('/account/memberships/leave')).toHaveLength(3);
  expect((await press('memberships/leave', other.id.replace(/.$/, 'x'))).status).toBe(400);
  expect((await press('memberships/leave')).location).toBe('/account?done=membershipLeft');
  expect(await membership()).toBeUndefined();
});

test('a person deletes the account, and is signed out', async () => {
  const { press, browser, userId, other } = await invited();
  const done = await press('delete');
  expect(done).toMatchObject({ status: 303, location: expect.stringContaining('notice=accountDeleted') });
  expect(browser.cookies.has('__Host-session')).toBe(false);
  expect((await browser.get(done.location!)).text).toContain(SIGN_IN_TEXTS.en.notices.accountDeleted);
  expect(await rows('select 1 from users where id = ?', userId)).toEqual([]);
  const heard = await rows("select 1 from events where reseller_id = ? and type = 'reseller.user.deleted'", other.id);
  expect(heard).toHaveLength(1);
});

test.each(['memberships/accept', 'memberships/decline', 'memberships/leave', 'export', 'delete'])(
  'it takes a sign-in of late: %s',
  async (action) => {
    const { press, userId, membership } = await invited();
    await ageSessions(userId, RECENT_SIGN_IN_MS + 1000);
    expect((await press(action)).location).toContain('notice=again');
    expect((await membership()).accepted_at).toBeNull();
    expect(await rows('select 1 from users where id = ?', userId)).toHaveLength(1);
  },
);

test('the own data comes as a file in the shape of the API', async () => {
  const { press, userId, email } = await invited();
  const { headers, text } = await press('export');
  expect(headers.get('Content-Disposition')).toBe('attachment; filename="account.json"');
  expect(headers.get('Cache-Control')).toBe('no-store');
  expect(JSON.parse(text).profile).toMatchObject({ id: userId, email });
});

test.each(LANGUAGES)('no text about memberships is taken for HTML: %s', (language) => {
  expect(JSON.stringify(MEMBERSHIP_TEXTS[language])).not.toMatch(/[<>&]/);
  if (language === 'en') return;
  for (const [key, text] of Object.entries(MEMBERSHIP_TEXTS[language]))
    expect([key, text]).not.toContain(MEMBERSHIP_TEXTS.en[key as 'data']);
});
