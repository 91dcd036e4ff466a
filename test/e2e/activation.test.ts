import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caller, requestToken } from './support/api.ts';
import { openBrowser, withoutBrowser } from './support/browser.ts';
import { freePort } from './support/ports.ts';
import { type Run, readDemo, startScript, startServer, stopServer } from './support/server.ts';
import { cloneTree } from './support/tree.ts';
import { until } from './support/until.ts';

const PASSWORD = 'Correct-horse-1';
const ARRIVAL_MS = 20_000;
const CLICK_MS = 3_000;
const NARROWEST_CELL = "Math.min(...[...document.querySelectorAll('td')].map(({ clientWidth }) => clientWidth))";
const TALLEST_HEADER = "Math.max(...[...document.querySelectorAll('th')].map(({ clientHeight }) => clientHeight))";
const tree = cloneTree();
const email = 'jane.doe@example.com';
let server: Run;
let browser: Browser;
let page: Page;
let baseUrl: string;
let api: ReturnType<typeof caller>;
let userId: string;

describe.skipIf(withoutBrowser)('a user who is invited by mail, with the real server, mail and browser', () => {
  beforeAll(async () => {
    server = await startServer(tree, startScript, await freePort());
    const demo = readDemo(tree);
    baseUrl = demo.baseUrl;
    api = caller(baseUrl, await requestToken(baseUrl, demo.reseller));
    browser = await openBrowser();
    page = await browser.newPage();
  });

  afterAll(async () => {
    await browser?.close();
    if (server !== undefined) await stopServer(server);
    tree.remove();
  });

  it('is created without a password and mailed once, in the language asked for', async () => {
    const customer = await api.post('/reseller/customers', { name: 'Example Customer' });
    const users = `/reseller/customers/${customer.body['customer_id']}/users`;
    const user = { username: email, role: 'manager', first_name: 'Jane', communication_language: 'es' };
    const made = await api.post(users, user);
    expect(made.status).toBe(201);
    userId = String(made.body['user_id']);
    const known = await api.post(users, { ...user, username: 'known@example.com', password: PASSWORD });
    expect(known.status).toBe(201);
    await mailsTo(email, 1);
    expect(await mailsTo('known@example.com', 0)).toEqual([]);
  });

  it('follows the link, chooses a password by the rule, and is told what to do next', async () => {
    await openMail(0);
    const tab = await clickInMail();
    await tab.waitForURL(`${baseUrl}/activate**`);
    await tab.getByText(email).first().waitFor();
    expect(await tab.locator('html').getAttribute('lang')).toBe('es');
    await tab.locator('input[autocomplete="new-password"]').fill(PASSWORD);
    await tab.locator('button[type="submit"]').click();
    await tab.locator('input[autocomplete="new-password"]').waitFor({ state: 'detached' });
    await tab.close();
    const feed = await api.get('/v3/events');
    const types = (feed.body as unknown as { event: string; subject: string }[])
      .filter(({ subject }) => subject === userId)
      .map(({ event }) => event);
    expect(types).toEqual(['reseller.user.created', 'reseller.user.activated']);
  });

  it('is refused the second time, and sent another link for the asking', async () => {
    const link = await linkOf(0);
    const tab = await browser.newPage();
    await tab.goto(link);
    const again = tab.getByRole('button').last();
    await again.waitFor();
    expect(await tab.locator('input[autocomplete="new-password"]').count()).toBe(0);
    await again.click();
    await mailsTo(email, 2);
    const newer = await linkOf(0);
    expect(newer).not.toBe(link);
    await tab.goto('about:blank');
    await tab.goto(newer);
    await tab.locator('input[autocomplete="new-password"]').waitFor();
    await tab.close();
  });

  it.each([360, 1280])(
    'has its mails listed readably in a window %i wide, however long an address is',
    async (width) => {
      const customer = await api.post('/reseller/customers', { name: `Customer ${width}` });
      const username = `${'a'.repeat(50)}${width}@${'b'.repeat(60)}.example.com`;
      const users = `/reseller/customers/${customer.body['customer_id']}/users`;
      expect((await api.post(users, { username, role: 'user', first_name: 'Jane' })).status).toBe(201);
      await page.setViewportSize({ width, height: 800 });
      await mailsTo(username, 1);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
      expect(await page.evaluate<number>(NARROWEST_CELL)).toBeGreaterThan(120);
      expect(await page.evaluate<number>(TALLEST_HEADER)).toBeLessThan(50);
      await page.locator('td a').first().click();
      await page.locator('pre').waitFor();
      await page.waitForLoadState();
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    },
  );
});

/** The addresses of the mails to somebody, the youngest first, once there are so many. */
async function mailsTo(recipient: string, count: number): Promise<string[]> {
  return until(
    `${count} mails to ${recipient}`,
    async () => {
      await page.goto(`${baseUrl}/cdn-cgi/mail`);
      const sent = page.locator('tr', { hasText: recipient }).filter({ hasText: 'sent' }).locator('a');
      const links = await sent.evaluateAll((anchors) => anchors.map((anchor) => anchor.getAttribute('href') ?? ''));
      return links.length === count ? links : undefined;
    },
    ARRIVAL_MS,
  );
}

async function openMail(index: number): Promise<void> {
  await page.goto(`${baseUrl}/cdn-cgi/mail`);
  await page.locator('tr', { hasText: email }).locator('a').nth(index).click();
}

/** Clicks the mail's button. The mail's frame is a process of its own, which misses a click before it is drawn. */
function clickInMail(): Promise<Page> {
  const clicked = async () => {
    const popup = page.waitForEvent('popup', { timeout: CLICK_MS }).catch(() => undefined);
    await page.frameLocator('iframe').locator('a').first().click();
    return popup;
  };
  return until('the page behind the button', clicked, ARRIVAL_MS);
}

/** The link in a mail's text. */
async function linkOf(index: number): Promise<string> {
  await openMail(index);
  const text = await page.locator('pre').textContent();
  return /http\S+\/activate#[\w-]+/.exec(text ?? '')?.[0] ?? '';
}
