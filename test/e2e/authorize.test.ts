import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../src/model/language.ts';
import { expectAccessible } from './support/accessible.ts';
import { caller, requestToken } from './support/api.ts';
import { openBrowser, withoutBrowser } from './support/browser.ts';
import { startClientApp } from './support/client-app.ts';
import { freePort } from './support/ports.ts';
import { type Run, readDemo, startScript, startServer, stopServer } from './support/server.ts';
import { cloneTree } from './support/tree.ts';

const PASSWORD = 'Correct-horse-7';
const email = 'ada@example.com';
const tree = cloneTree();
const problems: string[] = [];
let server: Run;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let startApp: (name: string) => ReturnType<typeof startClientApp>;
let app: Awaited<ReturnType<typeof startClientApp>>;

describe.skipIf(withoutBrowser)('a user of an application that signs in with us, in a browser', () => {
  beforeAll(async () => {
    server = await startServer(tree, startScript, await freePort());
    const { baseUrl, reseller } = readDemo(tree);
    const api = caller(baseUrl, await requestToken(baseUrl, reseller));
    const user = { firstName: 'Ada', lastName: 'Brightwater', email, role: 'reseller-admin', password: PASSWORD };
    const users = `/v3/resellers/${reseller.id}/users`;
    const customer = await api.post(`/v3/resellers/${reseller.id}/organizations`, {
      name: 'Brightwater',
      email,
      allowedUsers: -1,
    });
    const made = await api.post(users, {
      ...user,
      organizationId: customer.body['id'],
      allowCustomerPortalAccess: true,
    });
    expect(made.status).toBe(201);
    startApp = (name) =>
      startClientApp(baseUrl, (redirectUri) =>
        api.post(`/v1.0/accounts/${reseller.id}/clients`, {
          name,
          scopes: ['reseller:user:read'],
          redirectUris: [redirectUri],
        }),
      );
    app = await startApp('Billing');
    browser = await openBrowser();
    context = await browser.newContext({ locale: 'en' });
    page = await context.newPage();
    await page.addInitScript(
      'addEventListener("securitypolicyviolation", (event) => console.error("violation", event.violatedDirective))',
    );
    page.on('console', (message) => {
      const { url } = message.location();
      if (message.type() === 'error' && !url.endsWith('/favicon.ico')) problems.push(`${message.text()} ${url}`);
    });
  });

  afterAll(async () => {
    await browser?.close();
    app?.close();
    if (server !== undefined) await stopServer(server);
    tree.remove();
  });

  const heading = () => page.getByRole('heading', { level: 1 }).textContent();

  it('signs in, is asked once, and is known to the application', async () => {
    await page.goto(app.origin);
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Allow Billing?' }).waitFor();
    await expectAccessible(page);
    expect(await page.getByRole('listitem').allTextContents()).toEqual([
      'Know who you are when you sign in',
      'See your name and your language',
      'See users',
    ]);
    await page.getByRole('button', { name: 'Allow', exact: true }).click();
    await page.waitForURL(`${app.origin}/callback?**`);
    expect(await heading()).toBe('Hello Ada Brightwater, you may openid profile reseller:user:read');
    expect(problems).toEqual([]);
  });

  it('comes back without being asked again', async () => {
    await page.goto(app.origin);
    expect(page.url()).toContain(`${app.origin}/callback?`);
    expect(await heading()).toContain('Hello Ada');
  });

  it('shows the password again where the application wants that, and goes straight on', async () => {
    await page.goto(`${app.origin}/?prompt=login&login_hint=${email}`);
    expect(await page.getByLabel('E-mail').inputValue()).toBe(email);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${app.origin}/callback?**`);
    expect(await heading()).toContain('Hello Ada');
    expect(problems).toEqual([]);
  });

  it('may say no, and the application hears of it', async () => {
    await page.goto(`${app.origin}/?prompt=consent`);
    await page.getByRole('button', { name: 'Do not allow' }).click();
    await page.waitForURL(`${app.origin}/callback?**`);
    expect(await heading()).toBe('refused: access_denied');
    expect(problems).toEqual([]);
  });

  it.each(LANGUAGES)('reads whatever the application is called, in a narrow window: %s', async (language) => {
    const other = await startApp(`${'Wolfeschlegelsteinhausenbergerdorff'.repeat(2)} ${language}`);
    await page.goto(`${other.origin}/?ui_locales=${language}`);
    expect(await page.getAttribute('html', 'lang')).toBe(language);
    await expectAccessible(page);
    other.close();
  });

  it('is told, and sent nowhere, where the application is not what it says', async () => {
    await page.goto(`${app.origin}/?redirect_uri=https%3A%2F%2Fevil.example%2F`);
    expect(await heading()).toBe('This link does not work');
    await expectAccessible(page);
  });
});
