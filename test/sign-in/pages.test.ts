import { Secret, TOTP } from 'otpauth';
import { beforeEach, expect, test, vi } from 'vitest';
import { flowIn, newBrowser } from '../support/people/page-browser.ts';
import { giveRecoveryCode, giveTotp, makePerson, PASSWORD, passwordStep } from '../support/people/sign-in-people.ts';
import { muteQueues } from '../support/queues.ts';
import { rows, unique } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

const codeOf = (secret: string) => new TOTP({ secret: Secret.fromBase32(secret) }).generate();

test('a browser that signs in by password gets a session in a cookie and goes on to its account', async () => {
  const { email, userId, id } = await makePerson();
  const browser = newBrowser();
  const first = await browser.get('/sign-in');
  expect(first).toMatchObject({ status: 303, location: expect.stringMatching(/^\/sign-in\?flow=[0-9a-f-]{36}$/) });
  expect(first.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^__Host-browser=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/),
  ]);
  const { page } = await passwordStep(browser, email.toUpperCase());
  expect(page).toMatchObject({ status: 303, location: '/account', text: '' });
  expect(page.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^__Host-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/),
    expect.stringMatching(/^__Host-device=k1\.[\w-]+; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=15552000$/),
  ]);
  const [session, ...others] = await rows('select * from sessions where user_id = ?', userId);
  expect(others).toEqual([]);
  expect(session).toMatchObject({ reseller_id: id, methods: '["pwd"]', client_id: null, address: browser.address });
  expect(JSON.stringify(session)).not.toContain(browser.cookies.get('__Host-session'));
  const [user] = await rows('select last_login_at from users where id = ?', userId);
  expect(user.last_login_at).toBe(session.created_at);
  const [event] = await rows("select * from events where subject = ? and type = 'account.logged-in'", userId);
  expect(event.reseller_id).toBe(id);
});

test('who has an authenticator is asked for its code, and is in by it once', async () => {
  const { email, userId } = await makePerson();
  const secret = await giveTotp(userId);
  const browser = newBrowser();
  const { flow, page } = await passwordStep(browser, email);
  expect(page).toMatchObject({ status: 303, location: `/sign-in?flow=${flow}` });
  expect(browser.cookies.has('__Host-session')).toBe(false);
  const asked = await browser.get(page.location!);
  expect(asked.text).toContain('autocomplete="one-time-code"');
  const wrong = await browser.post('/sign-in/factor', { flow, code: '000000' });
  expect(wrong).toMatchObject({ status: 400, complaint: expect.stringContaining('not right') });
  expect(wrong.text).toContain('aria-invalid="true"');
  const code = codeOf(secret);
  expect(await browser.post('/sign-in/factor', { flow, code })).toMatchObject({ status: 303, location: '/account' });
  const [session] = await rows('select methods from sessions where user_id = ?', userId);
  expect(session.methods).toBe('["pwd","otp"]');
  const other = newBrowser();
  const again = await passwordStep(other, email);
  expect((await other.post('/sign-in/factor', { flow: again.flow, code })).status).toBe(400);
});

test('a recovery code stands in for the authenticator, once', async () => {
  const { email, userId } = await makePerson();
  await giveTotp(userId);
  await giveRecoveryCode(userId, '0000-1111-2222-3333');
  for (const status of [303, 400]) {
    const browser = newBrowser();
    const { flow } = await passwordStep(browser, email);
    const page = await browser.post('/sign-in/factor', { flow, recoveryCode: ' 0000 1111 2222 3333' });
    expect(page.status).toBe(status);
    if (status === 400) expect(page.text).toContain('<details open>');
  }
});

test('nobody, the wrong password and who may not be in are answered alike', async () => {
  const { email } = await makePerson();
  const barred = await makePerson({ allowCustomerPortalAccess: false });
  const shown: string[] = [];
  for (const [address, password] of [
    [email, 'Wrong-horse-7'],
    ['nobody@example.com', PASSWORD],
    [barred.email, PASSWORD],
  ] as const) {
    const { flow, page } = await passwordStep(newBrowser(), address, password);
    expect(page).toMatchObject({ status: 400, complaint: expect.stringContaining('is not right') });
    shown.push(page.text.replaceAll(flow, 'FLOW').replaceAll(address, 'ADDRESS'));
  }
  expect(new Set(shown).size).toBe(1);
});

test('what somebody types comes back as text, and the password not at all', async () => {
  const browser = newBrowser();
  const { page } = await passwordStep(browser, '"><script>alert(1)</script>', 'Secret-horse-9');
  expect(page.text).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
  expect(page.text).not.toContain('Secret-horse-9');
  const prefilled = await newBrowser().open(`/sign-in?email=${encodeURIComponent('"><b>@example.com')}`);
  expect(prefilled.text).toContain('value="&quot;&gt;&lt;b&gt;@example.com"');
});

test('an address whose host the browser has put into Punycode is the one that was typed', async () => {
  const local = unique('ada');
  await makePerson({ email: `${local}@bücher.example` });
  const { page } = await passwordStep(newBrowser(), ` ${local}@xn--bcher-kva.example`);
  expect(page.status).toBe(303);
  const { page: wrong } = await passwordStep(newBrowser(), `${local}@xn--bcher-kva.example`, 'wrong');
  expect(wrong.text).toContain(`value="${local}@bücher.example"`);
});

test('nothing is judged without an address and a password', async () => {
  const browser = newBrowser();
  for (const fields of [{}, { email: 'ada@example.com' }, { password: 'x' }, { email: ' ', password: 'x' }]) {
    const flow = flowIn(await browser.open('/sign-in'));
    const page = await browser.post('/sign-in/password', { flow, ...fields } as Record<string, string>);
    expect(page).toMatchObject({ status: 400, complaint: expect.stringContaining('Please enter') });
  }
  expect(await rows('select 1 from sign_in_attempts where address = ?', browser.address)).toEqual([]);
});

test('whoever comes from a mail asks for a new password at once', async () => {
  const browser = newBrowser();
  const page = await browser.open('/sign-in/forgotten');
  expect(page.text).toContain('action="/sign-in/forgotten"');
});

test('whoever loads the address of a form anew is led back to its page', async () => {
  const browser = newBrowser();
  expect(await browser.get('/sign-in/password')).toMatchObject({ status: 303, location: '/sign-in' });
  expect(await browser.get('/account/app/enable')).toMatchObject({ status: 303, location: '/account' });
});
