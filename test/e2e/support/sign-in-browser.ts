import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** Devices have their own networks: the limits of requests from one address are no part of what people do here. */
let networks = 0;

/** A browser profile of its own, with an authenticator in it, on a network of its own. */
export async function openProfile(browser: Browser, baseUrl: string, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({
    locale: 'en-GB',
    viewport: { width: 1024, height: 900 },
    reducedMotion: 'reduce',
    extraHTTPHeaders: { 'CF-Connecting-IP': `192.0.2.${++networks}` },
    ...options,
  });
  const page = await context.newPage();
  const problems = await watch(page, baseUrl);
  return { context, page, problems, authenticator: await newAuthenticator(page) };
}

export type Profile = Awaited<ReturnType<typeof openProfile>>;

/** Errors, violations of the pages' policy and requests to other origins. */
async function watch(page: Page, baseUrl: string): Promise<string[]> {
  const problems: string[] = [];
  await page.addInitScript(
    'addEventListener("securitypolicyviolation", (event) => console.error("violation", event.violatedDirective, event.blockedURI))',
  );
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(`${baseUrl}/`)) problems.push(`request to ${request.url()}`);
  });
  page.on('console', (message) => {
    // Chromium's own line about answers such as 400, which the tests ask for.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      problems.push(message.text());
  });
  return problems;
}

/** The authenticator of a device with a lock. Its owner does not touch it, `touch` aside, or it signs in at once. */
async function newAuthenticator(page: Page) {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: false,
    },
  });
  return {
    /** Does something during which the owner touches it. */
    async touch(work: () => Promise<unknown>): Promise<void> {
      await session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled: true });
      await work();
      await session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled: false });
    },
    async credentials() {
      return (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials;
    },
  };
}
