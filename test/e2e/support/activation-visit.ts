import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { PASSWORD_RULE } from '../../../src/model/factors/password.ts';
import { type Answer, openSite, type Site } from './activation-site.ts';

export const TOKEN = 'tok_3q2-7wAAbbCCddEEff';
export const GOOD_PASSWORD = 'velvet7-Harbour?rain';

const branding = { productName: 'Northwind Sync', primaryColor: '#0f766e', supportEmail: 'help@northwind.example' };

/** What `POST /activate/link` says of a link that opens. */
export const openLink = {
  state: 'open',
  purpose: 'activation',
  name: 'Ada Brightwater',
  email: 'ada.brightwater@example.com',
  language: 'en',
  branding,
  rules: PASSWORD_RULE.map(({ name, pattern }) => ({ name, pattern })),
};

/** What it says of one that does not. */
export function deadLink(state: string, purpose: string | null = 'activation', more: object = {}) {
  return { ...openLink, state, purpose, name: null, email: null, rules: [], ...more };
}

export const unknownLink = { ...deadLink('unknown', null), language: null, branding: null };
export const tooOften = (seconds: number) => ({
  status: 429,
  headers: { 'Retry-After': String(seconds) },
  body: { message: 'Too many requests.', code: 'RATE_LIMIT_EXCEEDED' },
});

export type Visit = {
  readonly page: Page;
  readonly site: Site;
  /** Errors, violations of the page's policy and requests to other origins so far. */
  readonly problems: string[];
  readonly close: () => Promise<void>;
};
export type VisitOptions = {
  readonly link?: object;
  /** By path; each a list for the requests to come, of which the last stays. */
  readonly answers?: Readonly<Record<string, readonly Answer[]>>;
  readonly hash?: string;
  readonly browser?: BrowserContextOptions;
};

/** Opens a link in a fresh profile; the endpoints answer as if all went well unless told otherwise. */
export async function visit(browser: Browser, options: VisitOptions = {}): Promise<Visit> {
  const { link = openLink, answers = {}, hash = `#${TOKEN}` } = options;
  const site = await openSite();
  const well = { '/activate/link': [{ status: 200, body: link }], '/activate/password': [{ status: 204 }] };
  for (const [path, list] of Object.entries({ ...well, '/activate/mail': [{ status: 202, body: {} }], ...answers })) {
    site.answer(path, ...list);
  }
  const context = await browser.newContext({
    locale: 'en-GB',
    viewport: { width: 1024, height: 900 },
    ...options.browser,
  });
  const page = await context.newPage();
  const problems = await watch(page, site.origin);
  await page.goto(`${site.origin}/activate${hash}`);
  const close = async () => {
    await context.close();
    site.close();
  };
  return { page, site, problems, close };
}

async function watch(page: Page, origin: string): Promise<string[]> {
  const problems: string[] = [];
  await page.addInitScript(
    'addEventListener("securitypolicyviolation", (event) => console.error("violation", event.violatedDirective, event.blockedURI))',
  );
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`)) problems.push(`request to ${request.url()}`);
  });
  page.on('console', (message) => {
    // Chromium's own line about answers such as 429, which the tests ask for.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      problems.push(message.text());
  });
  return problems;
}
