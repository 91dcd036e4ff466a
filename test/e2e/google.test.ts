import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProvider, startProvider } from '../support/oidc/server.ts';
import { expectAccessible } from './support/accessible.ts';
import { caller, requestToken } from './support/api.ts';
import { openBrowser, withoutBrowser } from './support/browser.ts';
import { freePort } from './support/ports.ts';
import { type Demo, type Run, readDemo, startScript, startServer, stopServer } from './support/server.ts';
import { openProfile } from './support/sign-in-browser.ts';
import { cloneTree } from './support/tree.ts';

const tree = cloneTree();
let provider: RunningProvider;
let server: Run;
let browser: Browser;
let demo: Demo;
let api: ReturnType<typeof caller>;

describe.skipIf(withoutBrowser)('signing in with an outside provider', () => {
  beforeAll(async () => {
    provider = await startProvider();
    server = await startServer(tree, startScript, await freePort(), { OIDC_PROVIDER: provider.setting });
    demo = readDemo(tree);
    api = caller(demo.baseUrl, await requestToken(demo.baseUrl, demo.reseller));
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    if (server !== undefined) await stopServer(server);
    await provider?.close();
    tree.remove();
  });

  it('leads from the page to the provider and back, signed in', async () => {
    const user = await makeUser();
    const page = await newPage();
    await page.goto(`${demo.baseUrl}/sign-in?account=${demo.reseller.id}`);
    await page.getByRole('link', { name: 'Continue with Google' }).click();
    await signInAs(page, user.email);
    await page.waitForURL(`${demo.baseUrl}/account`);
    const cookies = await page.context().cookies(demo.baseUrl);
    expect(cookies).toContainEqual(expect.objectContaining({ name: 'session', httpOnly: true, sameSite: 'Lax' }));
    expect(await shown(user)).toMatchObject({ googleSsoEnabled: true, lastLoginAt: expect.any(String) });
  });

  it('is not done again unseen where a fresh sign-in is asked for', async () => {
    const user = await makeUser();
    const page = await newPage();
    const start = `${demo.baseUrl}/sign-in?account=${demo.reseller.id}`;
    const next = () => page.getByRole('link', { name: 'Continue with Google' }).click();
    await page.goto(start);
    await next();
    await signInAs(page, user.email);
    await page.waitForURL(`${demo.baseUrl}/account`);
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await next();
    await page.waitForURL(`${demo.baseUrl}/account`);
    // The button is there only after a while.
    await page.evaluate(`document.querySelector('form[action="/account/sign-out"]').action = '/account/again'`);
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await next();
    await page.getByLabel('Subject').waitFor();
  });

  it('is shown on the account page, where it ends', async () => {
    const user = await makeUser();
    const page = await newPage();
    await page.goto(`${demo.baseUrl}/sign-in?account=${demo.reseller.id}`);
    await page.getByRole('link', { name: 'Continue with Google' }).click();
    await signInAs(page, user.email);
    await page.getByText('Your account at Google is linked').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Unlink: Google' }).click();
    await page.getByText('That account is no longer linked').waitFor();
    expect(await shown(user)).toMatchObject({ googleSsoEnabled: false });
  });

  it('says in the look of the page that an account will not do, and leads back', async () => {
    const page = await newPage();
    await page.goto(`${demo.baseUrl}/sign-in?account=${demo.reseller.id}`);
    await page.getByRole('link', { name: 'Continue with Google' }).click();
    await signInAs(page, 'nobody@example.com');
    await page.getByRole('heading', { level: 1, name: 'This did not work' }).waitFor();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Back to sign-in' }).click();
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
  });

  it('ends with tokens where a program asked for them', async () => {
    const user = await makeUser();
    const page = await newPage();
    await page.goto(`${demo.baseUrl}/v3/accounts/login-google?accountId=${demo.reseller.id}`);
    await signInAs(page, user.email);
    await page.waitForURL(/\/sign-in\/google\/callback/);
    await expectTokensOf(page, user.email);
  });

  it('ends with them by a passkey too, where that is asked for', async () => {
    const user = await makeUser();
    const { page, authenticator } = await openProfile(browser, demo.baseUrl);
    await page.goto(`${demo.baseUrl}/sign-in?account=${demo.reseller.id}`);
    await page.getByRole('link', { name: 'Continue with Google' }).click();
    await signInAs(page, user.email);
    await page.locator('#name').fill('Laptop');
    await authenticator.touch(async () => {
      await page.getByRole('button', { name: 'Add a passkey' }).click();
      await page.getByText('Your passkey has been added.').waitFor();
    });
    await page.goto(`${demo.baseUrl}/v3/accounts/login-google?accountId=${demo.reseller.id}`);
    // The provider knows who that is by now.
    await authenticator.touch(async () => {
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
      await page.locator('pre').waitFor();
    });
    await expectTokensOf(page, user.email);
  });
});

/** The page shows nothing but tokens, and they are this user's. */
async function expectTokensOf(page: Page, email: string): Promise<void> {
  const { accessToken } = JSON.parse((await page.locator('body').textContent()) ?? '') as { accessToken: string };
  const me = await caller(demo.baseUrl, accessToken).get('/v3/me');
  expect(me).toMatchObject({ status: 200, body: { email } });
}

async function makeUser() {
  const email = `ada.${crypto.randomUUID()}@example.com`;
  const { status, body } = await api.post(`/v3/resellers/${demo.reseller.id}/users`, {
    firstName: 'Ada',
    email,
    role: 'user',
    allowCustomerPortalAccess: true,
    password: 'correct horse battery',
  });
  expect(status).toBe(201);
  return { id: String(body['id']), email };
}

const shown = async ({ id }: { readonly id: string }) =>
  (await api.get(`/v3/resellers/${demo.reseller.id}/users/${id}`)).body;

/** A page in a profile of its own. */
const newPage = async () => (await browser.newContext({ locale: 'en' })).newPage();

/** Fills in the provider's page. */
async function signInAs(page: Page, email: string): Promise<void> {
  await page.getByLabel('Subject').fill(crypto.randomUUID());
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('button', { name: 'Sign in' }).click();
}
