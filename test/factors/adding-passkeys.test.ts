import { env } from 'cloudflare:workers';
import { beforeEach, expect, test, vi } from 'vitest';
import { PASSKEY_TIMEOUT_MS, PASSKEYS_MAX, RECENT_SIGN_IN_MS } from '../../src/model/limits/index.ts';
import { ageSessions } from '../sign-in/aged.ts';
import { type Lie, newAuthenticator } from '../support/people/authenticator.ts';
import { flowIn, newBrowser, type PageBrowser } from '../support/people/page-browser.ts';
import { makePerson, passkeyStep, signedInBrowser } from '../support/people/sign-in-people.ts';
import { muteQueues } from '../support/queues.ts';
import { rows } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  muteQueues();
});

const ask = (browser: PageBrowser) => browser.postJson('/account/passkeys/options', {});
const send = (browser: PageBrowser, credential: unknown, name = 'Laptop') =>
  browser.postJson('/account/passkeys', { credential, name });
const kept = (userId: string) => rows('select * from passkeys where user_id = ?', userId);

/** Somebody signed in, and a new authenticator. */
async function ready() {
  const person = await makePerson();
  const browser = await signedInBrowser(person.email);
  const authenticator = await newAuthenticator('https://edge.localhost');
  const add = async (lie?: Lie) => send(browser, await authenticator.create((await ask(browser)).body, lie));
  return { ...person, browser, authenticator, add };
}

test('a passkey that somebody adds is a factor from now on, and signs in', async () => {
  const { userId, email, browser, authenticator, id } = await ready();
  const options = await ask(browser);
  expect(options.body).toMatchObject({
    rp: { id: 'edge.localhost' },
    user: { id: Buffer.from(userId).toString('base64url'), name: email, displayName: 'Ada Brightwater' },
    excludeCredentials: [],
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  const [before] = await rows('select * from users where id = ?', userId);
  const done = await send(browser, await authenticator.create(options.body), ' Laptop ');
  expect(done).toMatchObject({ status: 200, body: { location: '/account?done=passkeyAdded' } });
  const [passkey] = await kept(userId);
  expect(passkey).toMatchObject({ name: 'Laptop', counter: 1, transports: '["internal","hybrid"]', backed_up: 1 });
  const [after] = await rows('select * from users where id = ?', userId);
  expect([before.two_factor_enabled, after.two_factor_enabled]).toEqual([0, 1]);
  expect(after.updated_at).toBeGreaterThan(before.updated_at);
  const [event] = await rows(
    "select * from events where subject = ? and type = 'reseller.user.updated' order by seq desc",
    userId,
  );
  expect(event).toMatchObject({ reseller_id: id, actor: `user:${userId}` });
  expect(JSON.parse(event.after)).toMatchObject({ twoFactorEnabled: true });
  expect(env.EVENTS.sendBatch).toHaveBeenCalledWith([{ body: { eventId: event.id } }]);
  const [entry] = await rows("select * from events where subject = ? and type = 'account.passkey-added'", userId);
  expect(JSON.parse(entry.after)).toMatchObject({ name: 'Laptop', address: browser.address });
  expect(await rows('select template from emails where event_id = ?', entry.id)).toEqual([
    { template: 'security-notice' },
  ]);
  expect((await ask(browser)).body.excludeCredentials).toMatchObject([{ id: passkey.id }]);
  const other = newBrowser();
  const { page } = await passkeyStep(other, flowIn(await other.open('/sign-in')), authenticator);
  expect(page).toMatchObject({ status: 200, body: { location: '/account' } });
});

test.each<[string, Lie]>([
  ['another origin', { origin: 'https://evil.test' }],
  ['a challenge that is not ours', { challenge: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
  ['another ceremony', { type: 'webauthn.get' }],
])('nothing is added of %s', async (_, lie) => {
  const { userId, add } = await ready();
  expect(await add(lie)).toMatchObject({ status: 400 });
  expect(await kept(userId)).toEqual([]);
});

test('a question is for one session and some minutes', async () => {
  const { userId, browser, email, authenticator } = await ready();
  const other = await signedInBrowser(email);
  const { body } = await ask(other);
  expect((await send(browser, await authenticator.create(body))).status).toBe(400);
  vi.useFakeTimers({ now: Date.now() + PASSKEY_TIMEOUT_MS + 1000, toFake: ['Date'] });
  expect((await send(other, await authenticator.create(body))).status).toBe(400);
  expect(await kept(userId)).toEqual([]);
});

test('nobody has one passkey twice, nor that of somebody else', async () => {
  const { userId, add, authenticator } = await ready();
  expect((await add()).status).toBe(200);
  expect((await add()).status).toBe(400);
  const stranger = await ready();
  const theirs = await authenticator.create((await ask(stranger.browser)).body);
  expect((await send(stranger.browser, theirs)).status).toBe(400);
  expect([(await kept(userId)).length, (await kept(stranger.userId)).length]).toEqual([1, 0]);
  expect(await rows("select 1 from events where subject = ? and type = 'account.passkey-added'", userId)).toHaveLength(
    1,
  );
});

test('there are so many and no more', async () => {
  const { userId, browser, add } = await ready();
  for (let number = 1; number < PASSKEYS_MAX; number++) {
    await rows(
      `insert into passkeys (id, user_id, name, public_key, counter, transports, backed_up, created_at)
       values (?, ?, 'x', 'none', 0, '[]', 1, ?)`,
      crypto.randomUUID(),
      userId,
      number,
    );
  }
  expect((await add()).status).toBe(200);
  const last = await newAuthenticator('https://edge.localhost');
  expect((await send(browser, await last.create((await ask(browser)).body))).status).toBe(400);
  expect(await kept(userId)).toHaveLength(PASSKEYS_MAX);
});

test('only who is signed in, and has shown it lately, and on our page', async () => {
  const { browser, userId, authenticator } = await ready();
  const { body } = await ask(browser);
  const credential = await authenticator.create(body);
  expect((await ask(newBrowser())).status).toBe(404);
  expect((await browser.postJson('/account/passkeys', { credential }, { Origin: 'https://evil.test' })).status).toBe(
    403,
  );
  await ageSessions(userId, RECENT_SIGN_IN_MS + 1000);
  expect((await ask(browser)).status).toBe(404);
  expect((await send(browser, credential)).status).toBe(404);
  expect(await kept(userId)).toEqual([]);
});
