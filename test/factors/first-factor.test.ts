import { beforeEach, expect, test, vi } from 'vitest';
import { newAuthenticator } from '../support/people/authenticator.ts';
import { signedInBrowser } from '../support/people/sign-in-people.ts';
import { addPasskey, codeOf, enroll, makePerson } from '../support/people/signed-up.ts';
import { muteQueues } from '../support/queues.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

const endings = async ({ log }: Awaited<ReturnType<typeof makePerson>>) =>
  (await log())
    .filter(({ type }) => type === 'account.session-ended')
    .map(({ after, request_id }) => [JSON.parse(after).reason, typeof request_id]);

test('the first authenticator ends every other session, which has shown none', async () => {
  const person = await makePerson();
  const [older, me] = [await person.signIn(), await person.signIn()];
  const browser = await signedInBrowser(person.email, person.credentials.password);
  await enroll(me);
  expect((await older.get('/v3/me')).status).toBe(401);
  expect((await browser.get('/account')).status).toBe(303);
  expect((await me.get('/v3/me')).status).toBe(200);
  expect(await endings(person)).toEqual(Array(2).fill(['factor-enabled', 'string']));
});

test('so does the first passkey; a further factor ends none', async () => {
  const person = await makePerson();
  const other = await person.signIn();
  const browser = await signedInBrowser(person.email, person.credentials.password);
  const add = async () => {
    const authenticator = await newAuthenticator('https://edge.localhost');
    const { body } = await browser.postJson('/account/passkeys/options', {});
    return browser.postJson('/account/passkeys', { credential: await authenticator.create(body), name: 'Laptop' });
  };
  expect((await add()).status).toBe(200);
  expect((await other.get('/v3/me')).status).toBe(401);
  expect((await browser.get('/account')).status).toBe(200);
  expect(await endings(person)).toHaveLength(1);
  expect((await add()).status).toBe(200);
  expect(await endings(person)).toHaveLength(1);
});

test('an authenticator beside a passkey leaves the sessions be', async () => {
  const person = await makePerson();
  const [other, me] = [await person.signIn(), await person.signIn()];
  await addPasskey(person.userId);
  await enroll(me);
  expect((await other.get('/v3/me')).status).toBe(200);
});

test('a code that is wrong ends nothing', async () => {
  const person = await makePerson();
  const [other, me] = [await person.signIn(), await person.signIn()];
  const { body } = await me.post('/v3/me/2fa-secret');
  expect((await me.post('/v3/me/2fa/enable', { twoFactorCode: codeOf(body.secret, 9) })).status).toBe(400);
  expect((await other.get('/v3/me')).status).toBe(200);
});
