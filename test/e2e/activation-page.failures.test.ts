import { describe, expect, it } from 'vitest';
import { LINK_TOKEN_MAX_CHARS } from '../../src/model/limits/index.ts';
import { activationPage } from './support/activation-page.ts';
import { deadLink, GOOD_PASSWORD, TOKEN, tooOften, unknownLink } from './support/activation-visit.ts';
import { withoutBrowser } from './support/browser.ts';

const LONGEST = 'a'.repeat(LINK_TOKEN_MAX_CHARS);

const open = activationPage();

describe.skipIf(withoutBrowser)('a link that does not open', () => {
  it.each([
    ['expired', 'activation', 'This link has expired', 'for a limited time only'],
    ['used', 'activation', 'Your password has been set already', 'you can choose another'],
    ['used', 'password-reset', 'This link has been used already', 'sign in to Northwind Sync'],
    ['replaced', 'activation', 'There is a newer link', 'most recent e-mail'],
  ])('%s (%s) says so and sends a new one', async (state, purpose, title, text) => {
    const { heading, shown, main, asked, page } = await open({ link: deadLink(state, purpose) });
    await heading(title);
    await shown(text);
    expect(await page.locator('input').count()).toBe(0);
    expect(await page.locator('a[href="/sign-in"]').count()).toBe(state === 'used' ? 1 : 0);
    await main.click();
    await heading('Please check your e-mail');
    expect(asked('/activate/mail')).toEqual([{ token: TOKEN }]);
  });

  it.each([
    ['that nobody knows', `#${TOKEN}`, [{ token: TOKEN }]],
    ['without a token', '', []],
    ['with nothing like a token', '#%3Ctoken%3E', []],
    ['as long as a token may be', `#${LONGEST}`, [{ token: LONGEST }]],
    ['too long for a token', `#${LONGEST}a`, []],
  ])('%s asks for the address', async (_, hash, questions) => {
    const { heading, main, complaint, page, asked } = await open({ link: unknownLink, hash });
    await heading('This link does not work');
    const email = page.getByLabel('E-mail address');
    for (const wrong of ['', 'nobody', 'a b@c.d']) {
      await email.fill(wrong);
      await main.click();
      expect(await complaint.textContent()).toContain('Please enter your e-mail address');
      expect(await email.getAttribute('aria-invalid')).toBe('true');
    }
    await email.press('x');
    expect([await complaint.textContent(), await email.getAttribute('aria-invalid')]).toEqual(['', null]);
    await email.fill(' jürgen@bücher.example ');
    await email.press('Enter');
    await heading('Please check your e-mail');
    expect(asked('/activate/link')).toEqual(questions);
    expect(asked('/activate/mail')).toEqual([{ email: 'jürgen@bücher.example' }]);
    await page.getByRole('button', { name: 'Use another address' }).click();
    await heading('This link does not work');
  });

  it('that the server does not take for one asks for the address too', async () => {
    const refused = { status: 400, body: { code: 'VALIDATION_FAILED', errors: [] } };
    const { heading } = await open({ answers: { '/activate/link': [refused] } });
    await heading('This link does not work');
  });

  it('waits with its user where mails are asked for too often', async () => {
    const { main, complaint, heading, site } = await open({ link: deadLink('expired') });
    for (const [seconds, text] of [
      [1, 'in 1 second.'],
      [90, 'in 90 seconds.'],
      [600, 'in 10 minutes.'],
      [50_000, 'in 14 hours.'],
    ] as const) {
      site.answer('/activate/mail', tooOften(seconds));
      await main.click();
      await complaint.getByText(text).waitFor();
    }
    site.answer('/activate/mail', { status: 429, body: {} }, { status: 202, body: {} });
    await main.click();
    await complaint.getByText('a little later').waitFor();
    await main.click();
    await heading('Please check your e-mail');
  });

  it('that stops opening meanwhile says why', async () => {
    const { site, save, heading } = await open({
      answers: { '/activate/password': [{ status: 409, body: { message: 'No.', code: 'LINK_NOT_VALID' } }] },
    });
    await heading('Choose your password');
    site.answer('/activate/link', { status: 200, body: deadLink('used') });
    await save();
    await heading('Your password has been set already');
  });
});

describe.skipIf(withoutBrowser)('a failure', () => {
  it.each([
    ['429', tooOften(42), 'Please try again in 42 seconds.'],
    ['500', { status: 500, body: { message: 'Oops.' } }, 'Something went wrong on our side.'],
    ['400', { status: 400, body: { code: 'VALIDATION_FAILED', errors: [] } }, 'This password cannot be used.'],
    ['no answer', 'broken' as const, 'We could not reach the server.'],
  ])('when saving is told kindly, and saving can be tried again: %s', async (_, answer, text) => {
    const { site, save, main, password, complaint, heading } = await open({
      answers: { '/activate/password': [answer] },
    });
    await save();
    await complaint.getByText(text).waitFor();
    expect(await password.inputValue()).toBe(GOOD_PASSWORD);
    site.answer('/activate/password', { status: 204 });
    await main.click();
    await heading('Your password is saved');
  });

  it('of the network is told while it lasts', async () => {
    const { page, save, main, complaint, heading } = await open();
    await heading('Choose your password');
    await page.context().setOffline(true);
    await save();
    await complaint.getByText('We could not reach the server.').waitFor();
    await page.context().setOffline(false);
    await main.click();
    await heading('Your password is saved');
  });

  it.each([
    ['500', { status: 500 }, 'Something went wrong on our side.'],
    ['429', tooOften(7), 'Please try again in 7 seconds.'],
    ['no answer', 'broken' as const, 'We could not reach the server.'],
    ['no JSON', { status: 200 }, 'Something went wrong on our side.'],
  ])('when loading offers another try: %s', async (_, answer, text) => {
    const { site, main, heading, shown } = await open({ answers: { '/activate/link': [answer] } });
    await heading('The page could not be loaded');
    await shown(text);
    site.answer('/activate/link', { status: 200, body: deadLink('expired') });
    await main.click();
    await heading('This link has expired');
  });

  it.each(['texts.en.json', 'link.js', 'rules.js'])('to load %s is told in the words of the shell', async (file) => {
    const { page, main, heading, shown } = await open();
    await heading('Choose your password');
    await page.route(`**/pages/${file}`, (route) => route.abort());
    await page.reload();
    await heading('The page could not be loaded');
    await shown('We could not reach the server.');
    await page.unroute(`**/pages/${file}`);
    await main.click();
    await heading('Choose your password');
  });

  it('to load any script is told after a while, by the styles alone, and a reload mends it', async () => {
    const { page, site, heading } = await open();
    await heading('Choose your password');
    await page.route('**/pages/activate.js', (route) => route.abort());
    await page.goto('about:blank');
    await page.goto(`${site.origin}/activate#${TOKEN}`);
    const told = page.getByRole('heading', { level: 1, name: 'The page could not be loaded' });
    await heading('One moment');
    expect(await told.count()).toBe(0);
    const delays = await page.evaluate<number[]>(
      'document.getAnimations().map((animation) => (animation.finish(), animation.effect.getTiming().delay))',
    );
    expect(new Set(delays)).toEqual(new Set([20_000]));
    await told.waitFor();
    expect(await page.locator('h1').filter({ visible: true }).count()).toBe(1);
    expect(await page.getByRole('alert').textContent()).toContain('reload this page');
    await page.unroute('**/pages/activate.js');
    await page.reload();
    await heading('Choose your password');
    expect(await page.locator('#stuck').count()).toBe(0);
  });

  it('to answer in time does not send twice, however often one presses', async () => {
    const { save, main, password, asked } = await open({ answers: { '/activate/password': ['silent'] } });
    await save();
    await expect.poll(() => asked('/activate/password')).toHaveLength(1);
    await main.click({ force: true });
    await password.press('Enter');
    expect(await main.textContent()).toBe('Saving …');
    expect(await main.getAttribute('aria-disabled')).toBe('true');
    expect(asked('/activate/password')).toHaveLength(1);
  });
});
