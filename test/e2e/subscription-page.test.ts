import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '../../src/model/language.ts';
import { type SubscriptionView, subscriptionPage } from '../../src/pages/subscription/page.ts';
import { SUBSCRIPTION_TEXTS } from '../../src/pages/subscription/texts.ts';
import { expectAccessible, overflow, violations } from './support/accessible.ts';
import { openBrowser, withoutBrowser } from './support/browser.ts';
import { listen } from './support/ports.ts';
import { root } from './support/tree.ts';

const branding = {
  tenantName: 'Northwind KG',
  productName: 'Northwind Sync',
  primaryColor: '#0f766e',
  logoUrl: null,
  supportEmail: 'help@northwind.example',
  senderName: 'Northwind',
};
const token = 'k1.token';
const views = (language: Language, brand = branding): readonly SubscriptionView[] => [
  { view: 'unsubscribe', language, branding: brand, token },
  { view: 'suppressed', language, branding: brand, token },
  { view: 'subscribe', language, branding: brand, token },
  { view: 'confirmed', language, branding: brand, token },
  { view: 'unknown', language },
  { view: 'busy', language, retryAfterSeconds: 7 },
];

let browser: Browser;
const closing: (() => unknown)[] = [];
const problems: string[] = [];

beforeAll(async () => {
  if (!withoutBrowser) browser = await openBrowser();
});
afterAll(() => browser?.close());
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  expect(problems.splice(0)).toEqual([]);
});

/** The real page and its styles in Chromium; gives what was posted to it, to which it answers by its second view. */
async function open(shown: SubscriptionView, answer: SubscriptionView = shown, options: BrowserContextOptions = {}) {
  const posted: { readonly url: string; readonly headers: object; readonly body: string }[] = [];
  const { server, port } = await listen(
    createServer(async ({ method, url = '', headers }, response) => {
      if (url.endsWith('.css')) {
        const style = await readFile(join(root, 'src/pages/static/activate', basename(url)));
        return response.writeHead(200, { 'Content-Type': 'text/css' }).end(style);
      }
      const page = await subscriptionPage(method === 'POST' ? answer : shown);
      if (method === 'POST') posted.push({ url, headers, body: await text(response.req) });
      response.writeHead(page.status, Object.fromEntries(page.headers)).end(await page.text());
    }),
  );
  const context = await browser.newContext({
    viewport: { width: 1024, height: 900 },
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  await page.addInitScript(
    'addEventListener("securitypolicyviolation", (event) => console.error("violation", event.violatedDirective))',
  );
  page.on('console', (message) => {
    const own = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !own) problems.push(message.text());
  });
  await page.goto(`http://127.0.0.1:${port}/unsubscribe/k1.token`);
  closing.push(
    () => context.close(),
    () => server.close(),
  );
  return { page, posted };
}

describe.skipIf(withoutBrowser)('the pages to subscribe and to unsubscribe', () => {
  it.each(views('en'))('has nothing that axe finds, in light and dark, wide and narrow: $view', async (view) => {
    const { page } = await open(view);
    await expectAccessible(page);
  });

  it.each(LANGUAGES)('is in the language of its reader, and fits a narrow window: %s', async (language) => {
    for (const view of views(language).slice(0, 4)) {
      const { page } = await open(view, view, { viewport: { width: 320, height: 700 } });
      expect(await page.getAttribute('html', 'lang')).toBe(language);
      expect(await page.locator('h1').textContent()).toBe(SUBSCRIPTION_TEXTS[language][view.view].heading);
      expect(await page.title()).toBe(SUBSCRIPTION_TEXTS[language][view.view].heading);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
    }
  });

  it.each(['#ffffff', '#000000', '#777777', 'url(x)'])('is readable in any colour: %s', async (primaryColor) => {
    const { page } = await open({
      view: 'unsubscribe',
      language: 'en',
      branding: { ...branding, primaryColor },
      token,
    });
    const painted = await page.evaluate<string>(
      'getComputedStyle(document.documentElement).getPropertyValue("--brand")',
    );
    expect(painted).toBe(primaryColor.startsWith('#') ? primaryColor : '#1d4ed8');
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page)).toEqual([]);
    }
  });

  it('fits a narrow window whatever the product is called', async () => {
    const brand = { ...branding, productName: 'Wolfeschlegelsteinhausenbergerdorff'.repeat(3) };
    for (const view of views('de', brand)) {
      const { page } = await open(view, view, { viewport: { width: 320, height: 700 } });
      expect(await overflow(page)).toBeLessThanOrEqual(0);
    }
  });

  it.each([true, false])('is done by one press of a key, scripts or not: %s', async (javaScriptEnabled) => {
    const [ask, done] = views('fr');
    const { page, posted } = await open(ask!, done, { javaScriptEnabled });
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: SUBSCRIPTION_TEXTS.fr.suppressed.heading }).waitFor();
    expect(posted).toMatchObject([
      { body: 'List-Unsubscribe=One-Click', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    ]);
    expect(posted.map(({ url }) => url)).toEqual(['/unsubscribe/k1.token']);
    await page.getByRole('button', { name: SUBSCRIPTION_TEXTS.fr.buttons.again }).click();
    await expect.poll(() => posted.map(({ url }) => url)).toEqual(['/unsubscribe/k1.token', '/subscribe/k1.token']);
  });
});
