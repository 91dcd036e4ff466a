import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '../../src/model/language.ts';
import { ROLES } from '../../src/model/users/role.ts';
import { type InvitationView, invitationPage } from '../../src/pages/invitation/page.ts';
import { INVITATION_TEXTS } from '../../src/pages/invitation/texts.ts';
import { expectAccessible, overflow } from './support/accessible.ts';
import { openBrowser, withoutBrowser } from './support/browser.ts';
import { listen } from './support/ports.ts';
import { root } from './support/tree.ts';

const branding = {
  tenantName: 'Northwind Trading & Söhne KG',
  productName: 'Northwind Sync',
  primaryColor: '#0f766e',
  logoUrl: null,
  supportEmail: 'help@northwind.example',
  senderName: 'Northwind',
};
const expiresAt = Date.UTC(2027, 2, 1, 9, 30);
const views = (language: Language, brand = branding): readonly InvitationView[] => [
  { view: 'question', language, branding: brand, roles: ROLES, expiresAt, prepared: true },
  { view: 'accepted', language, branding: brand, resellerId: 'r1' },
  { view: 'mailed', language, branding: brand, resellerId: 'r1' },
  { view: 'refused', language, branding: brand },
  { view: 'unknown', language },
  { view: 'busy', language, retryAfterSeconds: 7 },
];

let browser: Browser;
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  if (!withoutBrowser) browser = await openBrowser();
});
afterAll(() => browser?.close());
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** The real page and its styles in Chromium; gives what was posted to it, to which it answers by its second view. */
async function open(shown: InvitationView, answer: InvitationView = shown, options: BrowserContextOptions = {}) {
  const posted: { readonly url: string; readonly body: string }[] = [];
  const { server, port } = await listen(
    createServer(async ({ method, url = '' }, response) => {
      if (url.endsWith('.css')) {
        const style = await readFile(join(root, 'src/pages/static/activate', basename(url)));
        return response.writeHead(200, { 'Content-Type': 'text/css' }).end(style);
      }
      const page = await invitationPage(method === 'POST' ? answer : shown);
      if (method === 'POST') posted.push({ url, body: await text(response.req) });
      response.writeHead(page.status, Object.fromEntries(page.headers)).end(await page.text());
    }),
  );
  const context = await browser.newContext({ viewport: { width: 1024, height: 900 }, ...options });
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${port}/invitation/k1.token`);
  closing.push(
    () => context.close(),
    () => server.close(),
  );
  return { page, posted };
}

describe.skipIf(withoutBrowser)('the page that answers an invitation', () => {
  it.each(views('en'))('has nothing that axe finds, in light and dark, wide and narrow: $view', async (view) => {
    const { page } = await open(view);
    await expectAccessible(page);
  });

  it.each(LANGUAGES)('is in the language of its reader, and fits a narrow window: %s', async (language) => {
    for (const view of views(language)) {
      const { page } = await open(view, view, { viewport: { width: 320, height: 700 } });
      expect(await page.getAttribute('html', 'lang')).toBe(language);
      const heading = INVITATION_TEXTS[language][view.view].heading(branding.tenantName);
      expect(await page.locator('h1').textContent()).toBe(heading);
      expect(await page.title()).toBe(heading);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
    }
  });

  it.each(LANGUAGES)('leads on to the sign-in once it is answered: %s', async (language) => {
    for (const view of views(language)) {
      const { page } = await open(view);
      const name = INVITATION_TEXTS[language].signIn;
      const hrefs = await page.getByRole('link', { name, exact: true }).evaluateAll((links) => {
        return links.map((link) => link.getAttribute('href'));
      });
      const href = { accepted: '/sign-in?account=r1', mailed: '/sign-in?account=r1', unknown: '/sign-in' };
      expect(hrefs).toEqual(Object.entries(href).flatMap(([of, path]) => (of === view.view ? path : [])));
    }
  });

  it('fits a narrow window whatever the tenant is called', async () => {
    const brand = { ...branding, tenantName: 'Wolfeschlegelsteinhausenbergerdorff'.repeat(3) };
    for (const view of views('de', brand)) {
      const { page } = await open(view, view, { viewport: { width: 320, height: 700 } });
      expect(await overflow(page)).toBeLessThanOrEqual(0);
    }
  });

  it.each([
    ['accept', true],
    ['accept', false],
    ['refuse', true],
    ['refuse', false],
  ] as const)('answers by one press of a button, scripts or not: %s %s', async (word, javaScriptEnabled) => {
    const [ask, done] = views('fr');
    const { page, posted } = await open(ask!, done, { javaScriptEnabled });
    await page.getByRole('button', { name: INVITATION_TEXTS.fr[word] }).click();
    await page.getByRole('heading', { level: 1, name: INVITATION_TEXTS.fr.accepted.heading('') }).waitFor();
    expect(posted).toEqual([{ url: '/invitation/k1.token', body: `answer=${word}` }]);
  });
});
