import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible } from './support/accessible.ts';
import { openBrowser, withoutBrowser } from './support/browser.ts';
import { openProfile, type Profile } from './support/sign-in-browser.ts';
import { openSignInSite, PASSWORD } from './support/sign-in-site.ts';
import { scanApp } from './support/totp.ts';

const NEW_PASSWORD = 'Velvet7-harbour?rain';
let site: Awaited<ReturnType<typeof openSignInSite>>;
let browser: Browser;
const profiles: Profile[] = [];

async function newProfile() {
  const profile = await openProfile(browser, site.baseUrl);
  profiles.push(profile);
  return profile;
}

/** Takes the first step from wherever that is asked for. */
async function password(page: Page, email: string, typed = PASSWORD) {
  await page.locator('#email').fill(email);
  await page.locator('#password').fill(typed);
  await page.locator('button.main').click();
}

async function send(page: Page, field: string, value: string) {
  await page.locator(`#${field}`).fill(value);
  await page.locator('button.main').click();
}

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** A profile in which somebody new is signed in. */
async function signedIn() {
  const person = await site.newPerson();
  const profile = await newProfile();
  await profile.page.goto(`${site.baseUrl}/account`);
  await password(profile.page, person.email);
  await heading(profile.page, 'Your account');
  return { ...person, ...profile };
}

/** The same with codes switched on, and the app that gives them. */
async function withApp() {
  const person = await signedIn();
  const { page } = person;
  await press(page, 'Set up an app');
  await heading(page, 'Set up an app');
  const app = await scanApp(page);
  await send(page, 'code', await app.code());
  await page.getByText('From now on a code is asked for').waitFor();
  const codes = await page.locator('.codes code').allTextContents();
  expect(codes).toHaveLength(10);
  return { ...person, app, codes };
}

async function addPasskey({ page, authenticator }: Profile) {
  await page.locator('#name').fill('Laptop');
  await authenticator.touch(async () => {
    await press(page, 'Add a passkey');
    await page.getByText('Your passkey has been added.').waitFor();
  });
}

async function signOut(page: Page) {
  await page.goto(`${site.baseUrl}/account`);
  await press(page, 'Sign out');
  await page.getByText('You are signed out.').waitFor();
}

describe.skipIf(withoutBrowser)('signing in, with the real server and browser', () => {
  beforeAll(async () => {
    site = await openSignInSite();
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });
  afterEach(async () => {
    const all = profiles.splice(0);
    for (const { context } of all) await context.close();
    expect(all.flatMap(({ problems }) => problems)).toEqual([]);
  });

  it('by password, with nothing but the keyboard', async () => {
    const { email } = await site.newPerson();
    const { page, context } = await newProfile();
    await page.goto(`${site.baseUrl}/account`);
    await page.locator('#email:focus').waitFor();
    await page.keyboard.type(email);
    await page.keyboard.press('Tab');
    await page.keyboard.type('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ visible: true }).waitFor();
    await page.locator('#password:focus').waitFor();
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await heading(page, 'Your account');
    await page.getByText(email).waitFor();
    const cookies = await context.cookies();
    expect(cookies.map(({ name }) => name).sort()).toEqual(['browser', 'device', 'session']);
    for (const cookie of cookies) expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
  });

  it('by password and the code of an app that read the picture; then by a recovery code', async () => {
    const { page, email, app, codes: former } = await withApp();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Back to your account' }).click();
    await page.locator('summary').filter({ hasText: 'Create recovery codes' }).click();
    await page.locator('#codes').fill(await app.code());
    await press(page, 'Create recovery codes');
    await heading(page, 'Recovery codes');
    const codes = await page.locator('.codes code').allTextContents();
    expect(codes).toHaveLength(10);
    expect(codes).not.toEqual(former);
    await signOut(page);
    await password(page, email);
    await heading(page, 'Is it really you?');
    await expectAccessible(page);
    await send(page, 'code', '000000');
    await page.getByRole('alert').waitFor();
    await expectAccessible(page);
    await send(page, 'code', await app.code());
    await heading(page, 'Your account');
    await signOut(page);
    await password(page, email);
    await page.locator('summary').click();
    await page.locator('#recoveryCode').fill(codes[3]!.toUpperCase());
    await page.locator('details button').click();
    await heading(page, 'Your account');
  });

  it('by a passkey alone, and by one behind the password', async () => {
    const person = await signedIn();
    const { page, email, authenticator } = person;
    await addPasskey(person);
    expect(await authenticator.credentials()).toHaveLength(1);
    await signOut(page);
    // Touched before, the passkey would be the one that the browser offers below the field.
    await press(page, 'Sign in with a passkey');
    await authenticator.touch(() => heading(page, 'Your account'));
    await page.getByText('last used').waitFor();
    await signOut(page);
    await password(page, email);
    await heading(page, 'Is it really you?');
    await expectAccessible(page);
    await authenticator.touch(async () => {
      await press(page, 'Sign in with a passkey');
      await heading(page, 'Your account');
    });
    // The device has one already.
    await page.locator('#name').fill('Again');
    await authenticator.touch(async () => {
      await press(page, 'Add a passkey');
      await page.getByText('This device already has a passkey').waitFor();
    });
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Remove: Laptop' }).click();
    await page.getByText('The passkey has been removed.').waitFor();
    await signOut(page);
    await password(page, email);
    await heading(page, 'Your account');
  });

  it('by a passkey that the browser offers below the field for the address', async () => {
    const person = await signedIn();
    await addPasskey(person);
    const { page, authenticator } = person;
    await authenticator.touch(async () => {
      await page.goto(`${site.baseUrl}/account`);
      await press(page, 'Sign out');
      await heading(page, 'Your account');
    });
  });

  it('with a new password, which ends every session', async () => {
    const { page, email } = await signedIn();
    const other = await newProfile();
    await other.page.goto(`${site.baseUrl}/account`);
    await password(other.page, email);
    await heading(other.page, 'Your account');
    await page.locator('summary').filter({ hasText: 'Change password' }).click();
    const change = async (current: string, next: string) => {
      await page.locator('#current').fill(current);
      await page.locator('#next').fill(next);
      await press(page, 'Change password');
    };
    await change('wrong', NEW_PASSWORD);
    await page.getByText('That is not your present password.').waitFor();
    await expectAccessible(page);
    await change(PASSWORD, 'short');
    await page.getByText('Please choose a password that has all of this').waitFor();
    await change(PASSWORD, NEW_PASSWORD);
    await page.getByText('Your password has been changed.').waitFor();
    await other.page.reload();
    await heading(other.page, 'Sign in');
    await send(page, 'password', NEW_PASSWORD);
    await heading(page, 'Your account');
  });

  it('in several places, which are ended one by one or all at once', async () => {
    const { page, email } = await signedIn();
    const others = await Promise.all([newProfile(), newProfile(), newProfile()]);
    for (const other of others) {
      await other.page.goto(`${site.baseUrl}/account`);
      await password(other.page, email);
      await heading(other.page, 'Your account');
    }
    await page.reload();
    const ends = page.getByRole('button', { name: /^Sign out: / });
    expect(await ends.count()).toBe(3);
    await ends.first().click();
    await page.getByText('That device or application has been signed out.').waitFor();
    expect(await ends.count()).toBe(2);
    await press(page, 'Sign out everywhere else');
    await page.getByText('All other devices and applications have been signed out.').waitFor();
    expect(await ends.count()).toBe(0);
    for (const other of others) {
      await other.page.reload();
      await heading(other.page, 'Sign in');
    }
  });

  it("not by going on with another browser's sign-in", async () => {
    const { page, email } = await withApp();
    await signOut(page);
    await password(page, email);
    await heading(page, 'Is it really you?');
    const thief = await newProfile();
    await thief.page.goto(page.url());
    await heading(thief.page, 'Please start again');
    await expectAccessible(thief.page);
  });

  it('has nothing that axe finds on any other page', async () => {
    const { page } = await newProfile();
    await page.goto(`${site.baseUrl}/sign-in?account=${site.reseller.id}`);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor();
    await expectAccessible(page);
    await password(page, 'nobody@example.com');
    await page.getByRole('alert').filter({ visible: true }).waitFor();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await heading(page, 'Forgot your password?');
    await expectAccessible(page);
    await send(page, 'email', 'nobody');
    await page.getByRole('alert').waitFor();
    await send(page, 'email', 'nobody@example.com');
    await heading(page, 'Please check your e-mail');
    await expectAccessible(page);
    const account = await withApp();
    await account.page.goto(`${site.baseUrl}/account`);
    for (const summary of await account.page.locator('summary').all()) await summary.click();
    await expectAccessible(account.page);
  });
});
