import { beforeEach, expect, test, vi } from 'vitest';
import { recoveryCodeHash } from '../../src/auth/secrets/recovery-codes.ts';
import { LANGUAGES } from '../../src/model/language.ts';
import { DEVICE_FAILURES_MAX, RECENT_SIGN_IN_MS } from '../../src/model/limits/index.ts';
import { ACCOUNT_TEXTS } from '../../src/pages/account/texts/index.ts';
import { ACCOUNT_FORMS } from '../fuzz/pages-contract.ts';
import { flowIn, newBrowser, type PageBrowser } from '../support/people/page-browser.ts';
import {
  givePasskey,
  giveTotp,
  makePerson,
  PASSWORD,
  passwordStep,
  signedInBrowser,
} from '../support/people/sign-in-people.ts';
import { codeOf, steady } from '../support/people/signed-up.ts';
import { muteQueues } from '../support/queues.ts';
import { rows } from '../support/world.ts';
import { ageSessions } from './aged.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

const texts = ACCOUNT_TEXTS.en;
const NEXT = 'Velvet7-harbour?rain';

async function signedUp() {
  const person = await makePerson();
  return { ...person, browser: await signedInBrowser(person.email) };
}

const open = (browser: PageBrowser) => browser.get('/account');
const lasting = (userId: string) => rows('select * from sessions where user_id = ? and ended_at is null', userId);
const audit = async (userId: string) =>
  (await rows('select type from events where subject = ? and audit_only = 1 order by seq', userId)).map(
    ({ type }) => type,
  );
/** What the mails to somebody tell of. */
const mails = async (userId: string) =>
  (
    await rows(
      'select event.type from emails join events as event on event.id = emails.event_id where user_id = ? and template = ?',
      userId,
      'security-notice',
    )
  ).map(({ type }) => type);
const codesIn = (text: string) => [...text.matchAll(/<code>([^<]+)</g)].map(([, code]) => code ?? '');
/** The secret that the page shows. */
const secretIn = (text: string) => /name="secret" value="([A-Z2-7]+)"/.exec(text)?.[1] ?? '';

test('who is not signed in is sent to do so', async () => {
  const browser = newBrowser();
  expect(await open(browser)).toMatchObject({ status: 303, location: expect.stringMatching(/^\/sign-in\?flow=/) });
  for (const form of ACCOUNT_FORMS) {
    const page = await browser.post(`/account/${form}`, {});
    expect([form, page.status, page.location]).toEqual([form, 303, expect.stringMatching(/^\/sign-in\?flow=/)]);
  }
});

test('no form works from another site, and nothing changes', async () => {
  const { browser, userId } = await signedUp();
  for (const form of ACCOUNT_FORMS) {
    const page = await browser.post(`/account/${form}`, {}, { Origin: 'https://evil.test' });
    expect([form, page.status]).toEqual([form, 403]);
  }
  expect(await lasting(userId)).toHaveLength(1);
  expect(await audit(userId)).toEqual([]);
});

test('the page is for its reader alone, shows whose it is, and takes names for text', async () => {
  const { browser, userId, id, email } = await signedUp();
  await rows("update users set first_name = 'Ada <b>' where id = ?", userId);
  await rows("insert into brandings (reseller_id, product_name, updated_at) values (?, 'Acme <i>', 1)", id);
  const { id: passkey } = await givePasskey(userId);
  await rows("update passkeys set name = '<u>Key' where id = ?", passkey);
  await rows("update sessions set user_agent = '<s>agent' where user_id = ?", userId);
  const { status, headers, text } = await open(browser);
  expect(status).toBe(200);
  expect(Object.fromEntries(headers)).toMatchObject({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' });
  expect(headers.get('X-D1-Bookmark')).toBeNull();
  for (const shown of ['Ada &lt;b&gt; Brightwater', 'Acme &lt;i&gt;', '&lt;u&gt;Key', '&lt;s&gt;agent', email]) {
    expect(text).toContain(shown);
  }
  expect(text).not.toMatch(/<[bisu]>/);
});

test.each(LANGUAGES)('no text is taken for HTML: %s', (language) => {
  expect(JSON.stringify(ACCOUNT_TEXTS[language])).not.toMatch(/[<>&]/);
});

/** What takes its proof in the form itself, or is the browser's own end. */
const PROVED = ['password', 'app/disable', 'recovery-codes', 'sign-out'];

test('what only the user may do asks for a sign-in of late, unless the form has the proof in it', async () => {
  const { browser, userId, email } = await signedUp();
  await ageSessions(userId, RECENT_SIGN_IN_MS + 1000);
  const { text } = await open(browser);
  expect(text).toContain(texts.passkeyAgain);
  expect(text).not.toContain('data-passkey');
  for (const form of ACCOUNT_FORMS.filter((name) => !PROVED.includes(name))) {
    const page = await browser.post(`/account/${form}`, { id: crypto.randomUUID() });
    expect([form, page.status]).toEqual([form, 303]);
    expect(page.location).toContain(`&email=${encodeURIComponent(email)}&notice=again`);
  }
  expect(await audit(userId)).toEqual([]);
  const done = await browser.post('/account/password', { current: PASSWORD, next: NEXT });
  expect(done.location).toContain('notice=passwordChanged');
});

test('another password ends all sessions and takes the cookie', async () => {
  const { browser, userId, email } = await signedUp();
  await signedInBrowser(email);
  const send = (current: string, next: string) => browser.post('/account/password', { current, next });
  expect(await send('Wrong-horse-7', NEXT)).toMatchObject({ status: 400, complaint: texts.passwordWrong });
  for (const weak of ['short', 'correct-horse-77', '']) {
    expect(await send(PASSWORD, weak)).toMatchObject({ status: 400, complaint: texts.passwordWeak });
  }
  expect(await lasting(userId)).toHaveLength(2);
  const done = await send(PASSWORD, NEXT);
  expect(done).toMatchObject({ status: 303, location: expect.stringContaining('notice=passwordChanged') });
  expect(browser.cookies.has('__Host-session')).toBe(false);
  expect(await lasting(userId)).toEqual([]);
  expect((await browser.get(done.location!)).text).toContain('Your password has been changed.');
});

test('an app is set up by its first code, which gives recovery codes; another gives others', async () => {
  const { browser, userId } = await signedUp();
  await steady();
  const page = await browser.post('/account/app', {});
  const secret = secretIn(page.text);
  expect(page.text).toContain('<svg');
  expect(page.headers.get('Cache-Control')).toBe('no-store');
  const wrong = await browser.post('/account/app/enable', { code: '000000', secret });
  expect([wrong.status, secretIn(wrong.text)]).toEqual([400, secret]);
  // What is sent back is shown only if it can be a secret.
  const odd = await browser.post('/account/app/enable', { code: '000000', secret: '"><b>' });
  expect([odd.status, odd.text.includes('"><b>')]).toEqual([400, false]);
  const enabled = await browser.post('/account/app/enable', { code: codeOf(secret, -1), secret });
  expect([enabled.status, enabled.headers.get('Cache-Control')]).toEqual([200, 'no-store']);
  expect(enabled.text).toContain(texts.appEnabled);
  const first = codesIn(enabled.text);
  expect(new Set(first).size).toBe(10);
  expect(await mails(userId)).toEqual(['account.two-factor-enabled']);
  const again = await browser.post('/account/recovery-codes', { codes: codeOf(secret, -1) });
  expect(again).toMatchObject({ status: 400, complaint: expect.stringContaining('used already') });
  const shown = await browser.post('/account/recovery-codes', { codes: codeOf(secret) });
  expect(shown.text).not.toContain(texts.appEnabled);
  const codes = codesIn(shown.text);
  expect(codes).toHaveLength(10);
  expect((await open(browser)).text).not.toContain(codes[0]);
  expect(await browser.post('/account/app/disable', { disable: first[4]! })).toMatchObject({ status: 400 });
  expect(await browser.post('/account/app/disable', { disable: codes[4]! })).toMatchObject({
    location: '/account?done=twoFactorDisabled',
  });
  expect(await rows('select 1 from totp_secrets where user_id = ?', userId)).toEqual([]);
  expect(await audit(userId)).toEqual([
    'account.two-factor-secret-created',
    'account.two-factor-enabled',
    'account.recovery-codes-created',
    'account.recovery-codes-created',
    'account.two-factor-disabled',
  ]);
});

test('a recovery code that came with the app signs in', async () => {
  const { browser, email } = await signedUp();
  await steady();
  const secret = secretIn((await browser.post('/account/app', {})).text);
  const [code = ''] = codesIn((await browser.post('/account/app/enable', { code: codeOf(secret), secret })).text);
  const other = newBrowser();
  const { flow } = await passwordStep(other, email);
  expect((await other.post('/sign-in/factor', { flow, recoveryCode: code })).location).toBe('/account');
});

test('of two who enable an app at once one gets codes, and these are the ones that are kept', async () => {
  const { browser, userId } = await signedUp();
  await steady();
  const secret = secretIn((await browser.post('/account/app', {})).text);
  const enable = (steps: number) => browser.post('/account/app/enable', { code: codeOf(secret, steps), secret });
  const pages = await Promise.all([enable(-1), enable(0)]);
  const [won, ...others] = pages.filter(({ status }) => status === 200);
  expect(others).toEqual([]);
  const kept = await rows('select code_hash from recovery_codes where user_id = ?', userId);
  const shown = await Promise.all(codesIn(won?.text ?? '').map(recoveryCodeHash));
  expect(kept.map(({ code_hash }) => code_hash).sort()).toEqual(shown.sort());
});

test('a passkey is taken away by whoever has it only', async () => {
  const { browser, userId } = await signedUp();
  const { id } = await givePasskey(userId);
  const stranger = await signedUp();
  const theirs = await givePasskey(stranger.userId);
  expect((await browser.post('/account/passkeys/remove', { id: theirs.id })).status).toBe(400);
  expect(await browser.post('/account/passkeys/remove', { id })).toMatchObject({
    location: '/account?done=passkeyRemoved',
  });
  expect(await rows('select user_id from passkeys where id in (?, ?)', id, theirs.id)).toEqual([
    { user_id: stranger.userId },
  ]);
});

test("a session is ended by its owner only, and signing out ends this browser's", async () => {
  const { browser, userId, email } = await signedUp();
  const stranger = await signedUp();
  const other = await signedInBrowser(email);
  const [theirs] = await lasting(stranger.userId);
  expect((await browser.post('/account/sessions/end', { id: theirs.id })).status).toBe(400);
  expect((await browser.post('/account/sessions/end', {})).status).toBe(400);
  expect(await lasting(stranger.userId)).toHaveLength(1);
  expect(await browser.post('/account/sessions/end-others', {})).toMatchObject({ status: 303 });
  expect((await open(other)).status).toBe(303);
  const out = await browser.post('/account/sign-out', {});
  expect(out).toMatchObject({ status: 303, location: expect.stringContaining('notice=signedOut') });
  expect(out.headers.getSetCookie()).toEqual(['__Host-session=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0']);
  expect(
    (await rows('select end_reason from sessions where user_id = ? order by created_at, id', userId)).map(
      ({ end_reason }) => end_reason,
    ),
  ).toEqual(['signed-out', 'ended-by-user']);
  expect((await audit(userId)).filter((type) => type === 'account.session-ended')).toHaveLength(2);
});

test('who signs in anew has the new session and not the one before', async () => {
  const { browser, userId, email } = await signedUp();
  const [before] = await lasting(userId);
  const again = await browser.post('/account/again', {});
  const flow = flowIn(await browser.get(again.location!));
  expect((await browser.post('/sign-in/password', { flow, email, password: PASSWORD })).location).toBe('/account');
  expect((await lasting(userId)).map(({ id }) => id)).not.toContain(before.id);
  expect(await lasting(userId)).toHaveLength(1);
  const [ended] = await rows('select end_reason, ended_by from sessions where id = ?', before.id);
  expect(ended).toEqual({ end_reason: 'signed-out', ended_by: `user:${userId}` });
  expect((await open(browser)).status).toBe(200);
});

test('guesses are counted: after five codes the page says how long to wait, and for passwords after ten', async () => {
  const { browser, userId } = await signedUp();
  await giveTotp(userId);
  const guess = (path: string, fields: Record<string, string>) => browser.post(path, fields);
  for (let tried = 0; tried < 5; tried++)
    expect((await guess('/account/app/disable', { disable: '000000' })).status).toBe(400);
  expect((await guess('/account/app/disable', { disable: '000000' })).status).toBe(429);
  for (let tried = 0; tried < DEVICE_FAILURES_MAX; tried++)
    expect((await guess('/account/password', { current: 'Wrong-horse-7', next: NEXT })).status).toBe(400);
  const page = await guess('/account/password', { current: PASSWORD, next: NEXT });
  expect([page.status, page.text.includes('15 minutes')]).toEqual([429, true]);
  expect(page.text).toContain(`href="/account">${texts.back}</a>`);
});
