import { env } from 'cloudflare:workers';
import { beforeEach, expect, test, vi } from 'vitest';
import { recordChallenge, takeChallenge } from '../../src/db/sign-in/flows.ts';
import { SIGN_IN_FAILURES_MAX } from '../../src/model/limits/index.ts';
import { FLAG, type Lie } from '../support/people/authenticator.ts';
import { flowIn, newBrowser } from '../support/people/page-browser.ts';
import { countedFailures } from '../support/people/sign-in-failures.ts';
import { givePasskey, makePerson, passkeyStep, passwordStep, sendPasskey } from '../support/people/sign-in-people.ts';
import { muteQueues } from '../support/queues.ts';
import { rows } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

const sessionsOf = (userId: string) => rows('select methods, reseller_id from sessions where user_id = ?', userId);

/** Somebody with a passkey, and a browser at the first step. */
async function withPasskey() {
  const person = await makePerson();
  const passkey = await givePasskey(person.userId);
  const browser = newBrowser();
  const flow = flowIn(await browser.open('/sign-in'));
  return { ...person, ...passkey, browser, flow };
}

test('a passkey is the whole sign-in: nobody says who they are, and no second factor is asked for', async () => {
  const { browser, flow, authenticator, userId, id, ...person } = await withPasskey();
  const { options, page } = await passkeyStep(browser, flow, authenticator);
  expect(options).toMatchObject({ rpId: 'edge.localhost', userVerification: 'required', allowCredentials: [] });
  expect(page).toMatchObject({ status: 200, body: { location: '/account' } });
  expect(page.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^__Host-session=[\w-]{43}; .*HttpOnly/),
    expect.stringMatching(/^__Host-device=/),
  ]);
  expect(await sessionsOf(userId)).toEqual([{ methods: '["hwk"]', reseller_id: person.base.split('/').at(-1) }]);
  const [kept] = await rows('select counter, used_at from passkeys where id = ?', id);
  expect(kept).toEqual({ counter: 2, used_at: expect.any(Number) });
  expect(await rows('select 1 from sign_in_attempts where address = ?', browser.address)).toEqual([]);
});

test('behind a password a passkey is the second factor, and only the passkeys of that user are', async () => {
  const { email, authenticator, id, userId } = await withPasskey();
  const stranger = await withPasskey();
  const browser = newBrowser();
  const { flow, page } = await passwordStep(browser, email);
  expect(page.location).toBe(`/sign-in?flow=${flow}`);
  expect((await browser.get(page.location!)).text).toContain('data-passkey="sign-in"');
  expect((await passkeyStep(browser, flow, stranger.authenticator)).page.status).toBe(400);
  expect(await sessionsOf(stranger.userId)).toEqual([]);
  // Authenticators may leave out whose it is where that is known.
  const done = await passkeyStep(browser, flow, authenticator, { userHandle: null });
  expect(done.options.allowCredentials).toEqual([{ type: 'public-key', id, transports: ['internal'] }]);
  expect(done.page).toMatchObject({ status: 200, body: { location: '/account' } });
  expect((await sessionsOf(userId)).map(({ methods }) => methods)).toEqual(['["pwd","hwk"]']);
});

test.each<[string, Lie]>([
  ['another challenge', { challenge: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
  ['another origin', { origin: 'https://evil.test' }],
  ['another host', { rpId: 'evil.test' }],
  ['a registration', { type: 'webauthn.create' }],
  ['a user who was not verified', { flags: FLAG.userVerified }],
  ['no user', { userHandle: null }],
  ['another user', { userHandle: 'AAAA' }],
  ['a counter that stands still', { counter: 1 }],
  ['an unknown passkey', { id: 'AAAA' }],
])('%s does not sign in, is noted and counted', async (_, lie) => {
  const { browser, flow, authenticator, userId } = await withPasskey();
  const { page } = await passkeyStep(browser, flow, authenticator, lie);
  expect(page).toMatchObject({ status: 400, body: { code: 'SIGN_IN_FAILED' } });
  expect(page.headers.getSetCookie()).toEqual([]);
  expect(await sessionsOf(userId)).toEqual([]);
  expect(await rows('select 1 from sign_in_attempts where address = ?', browser.address)).toHaveLength(1);
  expect(await countedFailures(browser)).toMatchObject([
    { reason: 'wrong-passkey', user_id: lie.id === undefined ? userId : '', count: 1 },
  ]);
});

test('an answer counts once, whatever became of it, and only the latest question has one', async () => {
  const { browser, flow, authenticator, userId } = await withPasskey();
  const ask = async () => (await browser.postJson(`/sign-in/passkey/options?flow=${flow}`, {})).body;
  const older = await authenticator.get(await ask());
  const newer = await ask();
  expect((await sendPasskey(browser, flow, older)).status).toBe(400);
  // That used the newer question up.
  expect((await sendPasskey(browser, flow, await authenticator.get(newer))).status).toBe(400);
  const good = await authenticator.get(await ask());
  const replies = await Promise.all(Array.from({ length: 5 }, () => sendPasskey(browser, flow, good)));
  expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(await sessionsOf(userId)).toHaveLength(1);
});

test('of answers to one question that come at once only one is looked at', async () => {
  const { browser, flow, authenticator } = await withPasskey();
  const { body: options } = await browser.postJson(`/sign-in/passkey/options?flow=${flow}`, {});
  const db = env.DB.withSession();
  const take = () => takeChallenge(db, flow, options.challenge);
  expect((await Promise.all([take(), take()])).sort()).toEqual([false, true]);
  await recordChallenge(db, flow, 'another');
  expect(await take()).toBe(false);
  expect((await sendPasskey(browser, flow, await authenticator.get(options))).status).toBe(400);
});

test('of two uses of one counter only one gets in', async () => {
  const { browser, flow, authenticator, userId } = await withPasskey();
  const other = newBrowser();
  const second = flowIn(await other.open('/sign-in'));
  const steps = await Promise.all([
    passkeyStep(browser, flow, authenticator, { counter: 9 }),
    passkeyStep(other, second, authenticator, { counter: 9 }),
  ]);
  expect(steps.map(({ page }) => page.status).sort()).toEqual([200, 400]);
  expect(await sessionsOf(userId)).toHaveLength(1);
});

test('who may not be in is not let in by a passkey', async () => {
  const { browser, flow, authenticator, userId } = await withPasskey();
  await rows('update users set allow_customer_portal_access = 0 where id = ?', userId);
  expect((await passkeyStep(browser, flow, authenticator)).page.status).toBe(400);
  expect(await sessionsOf(userId)).toEqual([]);
  expect(await countedFailures({ userId })).toMatchObject([{ reason: 'not-allowed', count: 1 }]);
});

test('a passkey of somebody of another reseller does not lead into this one', async () => {
  const { authenticator, userId } = await withPasskey();
  const elsewhere = await makePerson();
  const browser = newBrowser();
  const flow = flowIn(await browser.open(`/sign-in?account=${elsewhere.id}`));
  expect((await passkeyStep(browser, flow, authenticator)).page.status).toBe(400);
  expect(await sessionsOf(userId)).toEqual([]);
  // Nor does that reseller learn whose it is.
  const failed = { reseller_id: '', user_id: '', reason: 'unknown-user' };
  expect(await countedFailures(browser)).toMatchObject([failed]);
  expect(await countedFailures({ userId })).toEqual([]);
});

test('other sites and other browsers get no question and no answer', async () => {
  const { browser, flow, authenticator, userId } = await withPasskey();
  for (const path of ['/sign-in/passkey/options', '/sign-in/passkey']) {
    const foreign = await browser.postJson(`${path}?flow=${flow}`, {}, { Origin: 'https://evil.test' });
    expect([foreign.status, foreign.body]).toEqual([403, { code: 'FORBIDDEN' }]);
    expect((await newBrowser().postJson(`${path}?flow=${flow}`, {})).status).toBe(404);
  }
  const { body } = await browser.postJson(`/sign-in/passkey/options?flow=${flow}`, {});
  const credential = await authenticator.get(body);
  expect((await sendPasskey(newBrowser(), flow, credential)).status).toBe(404);
  expect(await sessionsOf(userId)).toEqual([]);
  expect((await sendPasskey(browser, flow, { ...credential, response: {} })).status).toBe(400);
  expect((await sendPasskey(browser, flow, credential)).status).toBe(200);
});

test('one passkey is tried so often, from wherever', async () => {
  const { authenticator, userId, id } = await withPasskey();
  for (let tried = 0; tried <= SIGN_IN_FAILURES_MAX; tried++) {
    const browser = newBrowser();
    const flow = flowIn(await browser.open('/sign-in'));
    const { page } = await passkeyStep(browser, flow, authenticator, { origin: 'https://evil.test' });
    expect([tried, page.status]).toEqual([tried, tried < SIGN_IN_FAILURES_MAX ? 400 : 429]);
  }
  expect(await countedFailures({ userId })).toHaveLength(SIGN_IN_FAILURES_MAX);
  expect(await rows('select 1 from passkeys where id = ? and used_at is null', id)).toHaveLength(1);
});
