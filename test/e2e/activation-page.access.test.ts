import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../src/model/language.ts';
import de from '../../src/pages/static/activate/texts/texts.de.json';
import { expectAccessible, overflow, violations } from './support/accessible.ts';
import { activationPage } from './support/activation-page.ts';
import { arrive, views } from './support/activation-views.ts';
import { GOOD_PASSWORD, openLink, unknownLink } from './support/activation-visit.ts';
import { withoutBrowser } from './support/browser.ts';

const open = activationPage();

const focused = (page: Page) =>
  page.evaluate<string>(
    'document.activeElement.id || document.activeElement.className || document.activeElement.tagName',
  );

/** The pieces of text with a given shape that stand on more than one line. */
const broken = (page: Page, shape: RegExp) =>
  page.evaluate<string[]>(`(() => {
    const walker = document.createTreeWalker(document.querySelector('#view'), NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      for (const { 0: piece, index } of walker.currentNode.data.matchAll(${shape})) {
        const range = document.createRange();
        range.setStart(walker.currentNode, index);
        range.setEnd(walker.currentNode, index + piece.length);
        if (new Set([...range.getClientRects()].map(({ top }) => top)).size > 1) found.push(piece);
      }
    }
    return found;
  })()`);

const styleOf = (page: Page, selector: string, property: string) =>
  page.evaluate<string>(`getComputedStyle(document.querySelector('${selector}')).${property}`);

describe.skipIf(withoutBrowser)('each view', () => {
  it.each(views)('$name has nothing that axe finds, in light and dark, wide and narrow', async (view) => {
    // Colours on their way from one to another would be measured as they stand.
    const { page } = await open({ ...view, browser: { reducedMotion: 'reduce' } });
    await arrive(page, view);
    await expectAccessible(page);
  });

  it.each(LANGUAGES)('is in the language of the user, and fits a narrow window: %s', async (language) => {
    const name = 'Wolfeschlegelsteinhausenbergerdorff'.repeat(2);
    const link = { ...openLink, language, name, email: `${name}@${'example'.repeat(8)}.com` };
    const { page, password, complaint } = await open({ link, browser: { viewport: { width: 320, height: 700 } } });
    await password.waitFor();
    const { default: texts } = await import(`../../src/pages/static/activate/texts/texts.${language}.json`);
    expect(await page.getAttribute('html', 'lang')).toBe(language);
    expect(await page.locator('h1').textContent()).toBe(texts.activationHeading);
    await page.getByRole('button', { name: texts.save }).click();
    expect(await complaint.textContent()).toContain(texts.ruleDigit);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await violations(page)).toEqual([]);
    await password.fill(GOOD_PASSWORD);
    await password.press('Enter');
    await page.getByRole('heading', { name: texts.doneHeading }).waitFor();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  });
});

describe.skipIf(withoutBrowser)('the page', () => {
  it.each([
    ['open', openLink],
    ['unknown', unknownLink],
  ])('breaks no line within (a–z) or e-mail: %s', async (_, link) => {
    for (const locale of LANGUAGES) {
      const { page, main, close } = await open({ link: { ...link, language: locale }, browser: { locale } });
      await main.click();
      for (let width = 260; width < 460; width += 5) {
        await page.setViewportSize({ width, height: 700 });
        expect(await broken(page, /[(（].[–～].[)）]|e-mail/gi), `${locale} ${width}`).toEqual([]);
      }
      await close();
    }
  });

  it('is worked by keyboard alone', async () => {
    const { page, password, heading } = await open();
    await page.locator('h1:focus').waitFor();
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('password');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('reveal');
    await page.keyboard.press('Space');
    expect(await password.getAttribute('type')).toBe('text');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('main');
    await page.keyboard.press('Enter');
    expect(await focused(page)).toBe('password');
    await page.keyboard.type(GOOD_PASSWORD);
    await page.keyboard.press('Enter');
    await heading('Your password is saved');
    expect(await focused(page)).toBe('H1');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('A');
  });

  it('shows where the focus is', async () => {
    const { page } = await open();
    await page.locator('h1:focus').waitFor();
    for (const control of ['password', 'reveal', 'main']) {
      await page.keyboard.press('Tab');
      expect(await focused(page)).toBe(control);
      expect(await styleOf(page, ':focus', 'outline')).toBe('rgb(11, 87, 208) solid 3px');
    }
  });

  it.each(['#ffffff', '#000000', '#ffff00', '#777777', '#767676', '#0000ff', '#e4572e', '#00ff00'])(
    'is readable whatever the brand: %s',
    async (primaryColor) => {
      const link = { ...openLink, branding: { ...openLink.branding, primaryColor } };
      const { page, main } = await open({ link, browser: { reducedMotion: 'reduce' } });
      await main.waitFor();
      const painted = await page.evaluate<string>(
        'getComputedStyle(document.documentElement).getPropertyValue("--brand")',
      );
      expect(painted).toBe(primaryColor);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await violations(page)).toEqual([]);
      }
    },
  );

  it('keeps its meter and its marks where colours are forced', async () => {
    const { page, password } = await open({ browser: { forcedColors: 'active' } });
    await password.fill(GOOD_PASSWORD);
    expect(await styleOf(page, '.bar span', 'borderTopStyle')).toBe('solid');
    expect(await page.locator('li .mark').filter({ visible: true }).count()).toBe(5);
    expect(await violations(page)).toEqual([]);
  });

  it('can be zoomed to 200 % and does not move where motion is unwelcome', async () => {
    const { page, main } = await open({ browser: { viewport: { width: 640, height: 400 }, reducedMotion: 'reduce' } });
    await main.waitFor();
    await page.evaluate('document.documentElement.style.setProperty("font-size", "200%")');
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await styleOf(page, '.main', 'transitionDuration')).toBe('0s');
  });

  it('says what it needs where scripts are switched off', async () => {
    const { page } = await open({ browser: { javaScriptEnabled: false, locale: 'de-AT' } });
    expect(await page.locator('h1').filter({ visible: true }).allTextContents()).toEqual([de.title]);
    expect(await page.locator('noscript p').filter({ visible: true }).allTextContents()).toEqual([de.noscript]);
  });
});
