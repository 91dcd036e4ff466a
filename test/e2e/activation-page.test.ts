import { describe, expect, it } from 'vitest';
import { PASSWORD_RULE } from '../../src/model/factors/password.ts';
import { activationPage } from './support/activation-page.ts';
import { deadLink, GOOD_PASSWORD, openLink, TOKEN } from './support/activation-visit.ts';
import { withoutBrowser } from './support/browser.ts';

const TICKED = `[...document.querySelectorAll('li')].map((item) => item.dataset.met)`;

const STORED = '({ ...sessionStorage })';

const open = activationPage();

describe.skipIf(withoutBrowser)('a link that opens', () => {
  it('shows for whom it is, takes a password and says what to do next', async () => {
    const { page, heading, shown, save, asked } = await open();
    await heading('Choose your password');
    expect(await page.title()).toBe('Choose your password · Northwind Sync');
    await shown('Ada Brightwater');
    await shown('ada.brightwater@example.com');
    await save();
    await heading('Your password is saved');
    await shown('You can now sign in to Northwind Sync with ada.brightwater@example.com and your new password.');
    const next = page.getByRole('link', { name: 'Sign in' });
    expect(await next.getAttribute('href')).toBe('/sign-in?email=ada.brightwater%40example.com');
    expect(asked('/activate/password')).toEqual([{ token: TOKEN, password: GOOD_PASSWORD }]);
  });

  it('speaks of a new password where one is reset', async () => {
    const { heading } = await open({ link: { ...openLink, purpose: 'password-reset', name: null } });
    await heading('Choose a new password');
  });

  it('keeps its token out of the address bar, all lasting storage and the requests for pages, and survives a reload', async () => {
    const { page, site, heading, asked } = await open();
    await heading('Choose your password');
    expect(page.url()).toBe(`${site.origin}/activate`);
    expect(await page.evaluate('JSON.stringify({ ...localStorage }) + document.cookie')).toBe('{}');
    expect(await page.evaluate(STORED)).toEqual({ token: TOKEN });
    await page.reload();
    await heading('Choose your password');
    expect(asked('/activate/link')).toEqual([{ token: TOKEN }, { token: TOKEN }]);
    expect(site.heads.length).toBeGreaterThan(10);
    expect(site.heads.join()).not.toContain(TOKEN);
  });

  it('survives a reload without a network, and is forgotten once the password is set', async () => {
    const { page, heading, save } = await open();
    await heading('Choose your password');
    await page.context().setOffline(true);
    await page.reload().catch(() => null);
    await page.context().setOffline(false);
    await page.reload();
    await heading('Choose your password');
    await save();
    await heading('Your password is saved');
    expect(await page.evaluate(STORED)).toEqual({});
  });

  it('opens where the browser keeps nothing', async () => {
    const { page, site, heading } = await open();
    await heading('Choose your password');
    await page.addInitScript(
      'Object.defineProperty(window, "sessionStorage", { get() { throw new DOMException("no", "SecurityError"); } })',
    );
    await page.goto('about:blank');
    await page.goto(`${site.origin}/activate#${TOKEN}`);
    await heading('Choose your password');
    await page.reload();
    await heading('Choose your password');
  });

  it.each(['.', ')', '>', '%3E', '. Please', '?utm=mail'])(
    'is read without what was copied behind it: %s',
    async (rest) => {
      const { heading, asked } = await open({ hash: `#${TOKEN}${rest}` });
      await heading('Choose your password');
      expect(asked('/activate/link')).toEqual([{ token: TOKEN }]);
    },
  );

  it('gives way to another link opened in the same tab', async () => {
    const { page, site, heading, asked } = await open();
    await heading('Choose your password');
    site.answer('/activate/link', { status: 200, body: deadLink('expired') });
    await page.evaluate('location.hash = "another"');
    await heading('This link has expired');
    expect(asked('/activate/link').at(-1)).toEqual({ token: 'another' });
    expect(await page.evaluate(STORED)).toEqual({ token: 'another' });
    expect(page.url()).toBe(`${site.origin}/activate`);
  });

  it('lets password managers store the password under the address', async () => {
    const { page, password } = await open();
    expect(await password.getAttribute('autocomplete')).toBe('new-password');
    expect(await page.locator('form [autocomplete="username"]').inputValue()).toBe('ada.brightwater@example.com');
  });

  it('shows names and products as text, whatever stands in them', async () => {
    const hostile = '<img src=x onerror=alert(1)>"{email}</title>\u202e';
    const branding = {
      productName: hostile,
      primaryColor: 'red;} *{display:none',
      supportEmail: 'a"b?bcc=c@d.example',
    };
    const { page, heading, save } = await open({ link: { ...openLink, name: hostile, branding } });
    await heading('Choose your password');
    expect(await page.locator('#brand').textContent()).toBe(hostile);
    expect(await page.locator('#account dd').first().textContent()).toBe(hostile);
    expect(await page.locator('#support a').getAttribute('href')).toBe('mailto:a%22b%3Fbcc%3Dc@d.example');
    await save();
    await heading('Your password is saved');
    expect(await page.getByText('You can now').textContent()).toContain(`sign in to ${hostile} with`);
    expect(await page.locator('img').count()).toBe(0);
  });
});

describe.skipIf(withoutBrowser)('the policy of the page', () => {
  it.each([
    ['script-src-elem', 'script', 'textContent', 'document.title = "taken over"'],
    ['style-src-elem', 'style', 'textContent', '* { display: none }'],
    ['img-src', 'img', 'src', '/pages/x.png'],
    ['frame-src', 'iframe', 'src', '/activate'],
  ])('stops what does not belong there: %s', async (directive, name, property, value) => {
    const { page, problems, heading } = await open();
    await heading('Choose your password');
    await page.evaluate(
      `document.body.append(Object.assign(document.createElement('${name}'), { ${property}: '${value}' }))`,
    );
    await expect.poll(() => problems.splice(0).join()).toContain(directive);
    await heading('Choose your password');
    expect(await page.title()).toContain('Choose your password');
    await expect.poll(() => problems.splice(0)).toEqual([]);
  });
});

describe.skipIf(withoutBrowser)('the password', () => {
  it('has each part of the rule ticked off as it is met', async () => {
    const { page, password } = await open();
    const special = '~!@#$%^&*()-_+={}[]|;:<>,./?';
    for (const text of ['', ...'aA5é`§', ...special, 'twelve chars', '\u{1F511}'.repeat(12), GOOD_PASSWORD]) {
      await password.fill(text);
      const met = PASSWORD_RULE.map(({ pattern }) => String(new RegExp(pattern, 'su').test(text)));
      expect(await page.evaluate(TICKED), text).toEqual(met);
    }
    expect(await page.locator('.characters').textContent()).toBe(special);
    expect(await page.locator('li').first().textContent()).toBe('done: at least 12 characters');
  });

  it('is not sent before the rule is met', async () => {
    const { page, password, main, complaint, asked } = await open();
    await password.fill('short1');
    await main.click();
    expect(await complaint.textContent()).toBe(
      'Still missing: at least 12 characters, an upper-case letter (A–Z), and a special character.',
    );
    expect(await password.getAttribute('aria-invalid')).toBe('true');
    expect(await page.evaluate('document.activeElement.id')).toBe('password');
    await password.press('x');
    expect(await password.getAttribute('aria-invalid')).toBeNull();
    expect(await complaint.textContent()).toBe('');
    expect(asked('/activate/password')).toEqual([]);
  });

  it('can be shown and hidden', async () => {
    const { page, password } = await open();
    const reveal = page.getByRole('button', { name: 'Show password' });
    for (const [type, pressed] of [
      ['password', 'false'],
      ['text', 'true'],
      ['password', 'false'],
    ]) {
      expect([await password.getAttribute('type'), await reveal.getAttribute('aria-pressed')]).toEqual([type, pressed]);
      await reveal.click();
    }
  });

  it('is covered again before it is sent', async () => {
    const { page, password, save, asked } = await open({ answers: { '/activate/password': ['silent'] } });
    await page.getByRole('button', { name: 'Show password' }).click();
    await save();
    await expect.poll(() => asked('/activate/password')).toHaveLength(1);
    expect(await password.getAttribute('type')).toBe('password');
  });

  it('is rated by length and variety, less what is easily foreseen', async () => {
    const { page, password } = await open();
    for (const [text, level, reason] of [
      ['', 'nothing entered yet', ''],
      ['tq8vz2', 'weak', ''],
      ['aaaaaaaaaaaaaaaa', 'weak', 'repetitions'],
      ['abcdefghijkl', 'weak', 'repetitions'],
      ['Password123!', 'weak', 'common word'],
      ['Brightwater1', 'weak', 'name or address'],
      ['tq8vz2mkxa', 'fair', ''],
      ['tQ8vz2mk?a7w', 'good', ''],
      [GOOD_PASSWORD, 'strong', ''],
      ['unhurried otters paddle beneath quiet jetties', 'strong', ''],
    ] as const) {
      await password.fill(text);
      expect(await page.getByRole('meter', { name: 'Strength' }).getAttribute('aria-valuetext'), text).toBe(level);
      expect(await page.locator('.reason').textContent(), text).toContain(reason);
    }
  });

  it('is spoken of to screen readers once somebody pauses', async () => {
    const { page, password, heading } = await open();
    await page.clock.install();
    await heading('Choose your password');
    await password.pressSequentially('tq8vz2');
    const status = page.getByRole('status');
    await page.clock.runFor(900);
    expect(await status.textContent()).toBe('');
    await page.clock.runFor(200);
    expect(await status.textContent()).toContain('Still missing: at least 12 characters, an upper-case letter');
    expect(await status.textContent()).toContain('Strength: weak.');
  });
});
