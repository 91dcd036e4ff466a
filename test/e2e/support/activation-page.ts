import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { GOOD_PASSWORD, type Visit, type VisitOptions, visit } from './activation-visit.ts';
import { openBrowser, withoutBrowser } from './browser.ts';

/**
 * Registers the hooks around a file's visits, and gives what opens the page with the handles that tests use. After each
 * test the page must have done nothing that its policy forbids.
 */
export function activationPage() {
  let browser: Browser;
  let visited: Visit | undefined;

  beforeAll(async () => {
    if (!withoutBrowser) browser = await openBrowser();
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    const { problems, close } = visited ?? {};
    visited = undefined;
    await close?.();
    expect(problems ?? []).toEqual([]);
  });

  return async (options?: VisitOptions) => {
    visited = await visit(browser, options);
    return handles(visited);
  };
}

function handles(visited: Visit) {
  const { page, site } = visited;
  const password = page.locator('#password');
  const main = page.locator('button.main').filter({ visible: true });
  return {
    ...visited,
    password,
    /** The one button that the view is about. */
    main,
    complaint: page.getByRole('alert'),
    heading: (name: string) => page.getByRole('heading', { level: 1, name }).waitFor(),
    shown: (text: string) => page.getByText(text).filter({ visible: true }).first().waitFor(),
    save: async () => {
      await password.fill(GOOD_PASSWORD);
      await main.click();
    },
    asked: (path: string) => site.asked.filter((request) => request.path === path).map(({ body }) => body),
  };
}
