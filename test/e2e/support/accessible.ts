import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** What axe finds wrong with the page as it is. */
export async function violations(page: Page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>(
    'axe.run({ rules: { "target-size": { enabled: true }, "css-orientation-lock": { enabled: true } } })',
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** By how many pixels the page is wider than its window. */
export const overflow = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');

/** Nothing is wrong with the page in light or dark, wide or narrow. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [1024, 320]) {
      await page.setViewportSize({ width, height: 700 });
      expect(await violations(page), `${colorScheme} ${width}`).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
    }
  }
}
