import { beforeEach, expect, test, vi } from 'vitest';
import { MEMBERSHIP_TEXTS } from '../../src/pages/account/parts/membership-texts.ts';
import { Caller } from '../support/api.ts';
import { enroll, makeAccount } from '../support/people/accounts.ts';
import { accountAt, signInAs, useProvider } from '../support/people/google.ts';
import { makeInvited, tokenIn } from '../support/people/invited.ts';
import { choose, look } from '../support/people/links.ts';
import { authorized, exchange, makeDelegation, refresh } from '../support/people/oauth.ts';
import { flowIn, newBrowser } from '../support/people/page-browser.ts';
import {
  givePasskey,
  makePerson,
  PASSWORD,
  passkeyStep,
  passwordStep,
  signedInBrowser,
} from '../support/people/sign-in-people.ts';
import { login } from '../support/people/signed-up.ts';
import { makePublisher, tellAll } from '../support/people/subscribers.ts';
import { muteQueues } from '../support/queues.ts';
import { newUser, rows } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

type Person = { readonly api: Caller; readonly base: string; readonly userId: string };
const disable = async ({ api, base, userId }: Person, disabled = true) => {
  expect((await api.patch(`${base}/users/${userId}`, { disabled })).status).toBe(200);
};

test('what was signed in ends with the request that disables, and the audit log says so', async () => {
  const person = await makePerson();
  const browser = await signedInBrowser(person.email);
  const { body } = await login({ accountId: person.id, email: person.email, password: PASSWORD });
  const me = new Caller(body.accessToken);
  await disable(person);
  const said = await rows(
    "select after from events where subject = ? and type = 'account.session-ended'",
    person.userId,
  );
  expect(said.map(({ after }) => JSON.parse(after).reason)).toEqual(['access-withdrawn', 'access-withdrawn']);
  const ended = async () => {
    expect((await me.get('/v3/me')).status).toBe(401);
    expect((await browser.get('/account')).status).toBe(303);
    const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: body.refreshToken });
    expect((await newBrowser().ask('POST', '/oauth/token', { body: form })).status).toBe(400);
  };
  await ended();
  await disable(person, false);
  await ended();
});

test('a disabled user signs in by no means, and by all of them once enabled', async () => {
  useProvider();
  const [person, keeper] = [await makePerson(), await makePerson()];
  const { authenticator } = await givePasskey(keeper.userId);
  const account = accountAt(person.email);
  const credentials = { accountId: person.id, email: person.email, password: PASSWORD };
  const entered = async () => {
    const browser = newBrowser();
    const byPasskey = await passkeyStep(browser, flowIn(await browser.open('/sign-in')), authenticator);
    return [byPasskey.page, await signInAs(account, person.id), await login(credentials)].map(({ status }) => status);
  };
  expect(await entered()).toEqual([200, 200, 200]);
  for (const one of [person, keeper]) await disable(one);
  expect((await entered()).filter((status) => status >= 400)).toHaveLength(3);
  for (const one of [person, keeper]) await disable(one, false);
  expect(await entered()).toEqual([200, 200, 200]);
});

test('the right password of a disabled user is the same refusal as a wrong one', async () => {
  const person = await makePerson();
  const shown = async (password: string) => {
    const { status, body } = await login({ accountId: person.id, email: person.email, password });
    const { page } = await passwordStep(newBrowser(), person.email, password);
    const flowless = page.text.replace(/[0-9a-f-]{36}/g, '');
    return [status, body, page.status, page.location, flowless];
  };
  await disable(person);
  const right = await shown(PASSWORD);
  expect(right[0]).toBe(400);
  expect(right).toEqual(await shown('Wrong-horse-7'));
});

test('a sign-in under way when the user is disabled leads nowhere', async () => {
  const person = await makePerson();
  const { authenticator } = await givePasskey(person.userId);
  const browser = newBrowser();
  const { flow } = await passwordStep(browser, person.email);
  await disable(person);
  expect((await passkeyStep(browser, flow, authenticator)).page.status).toBe(400);
  expect(await rows('select 1 from sessions where user_id = ?', person.userId)).toEqual([]);
});

test('applications lose what the user gave them: codes, tokens, and silent renewal', async () => {
  const person = await makeDelegation();
  const first = await authorized(person);
  const tokens = (await exchange(person, first.code)).body;
  const { code } = await authorized(person);
  await disable(person);
  expect((await exchange(person, code)).status).toBe(400);
  expect((await refresh(person.client, tokens.refresh_token)).status).toBe(400);
  expect((await new Caller(tokens.access_token).get('/v3/webhooks')).status).toBe(401);
  const silent = await first.browser.get(await person.path({ prompt: 'none' }));
  expect(silent.location).not.toContain('code=');
  await disable(person, false);
  expect((await exchange(person, code)).status).toBe(400);
  expect((await refresh(person.client, tokens.refresh_token)).status).toBe(400);
});

test('a reset token ends with the session that was given it', async () => {
  const admin = await makePerson({ role: 'reseller-admin', organizationId: null });
  const { body } = await login({ accountId: admin.id, email: admin.email, password: PASSWORD });
  const made = await admin.api.post(`${admin.base}/users`, newUser());
  const token = (await new Caller(body.accessToken).post(`/v3/users/${made.body.id}/reset-password-token`)).body;
  expect(token.resetPasswordToken).toEqual(expect.any(String));
  await disable(admin);
  await disable(admin, false);
  const reset = { token: token.resetPasswordToken, newPassword: 'Another-horse-7' };
  expect((await admin.api.post(`/v3/users/${made.body.id}/reset-password`, reset)).status).toBe(400);
});

test('a link that waits opens nothing, and none is mailed until the user is enabled', async () => {
  const invited = await makeInvited();
  const messages = await invited.relay();
  await invited.deliver(messages);
  const token = tokenIn(invited.inbox()[0]!);
  const [waiting] = await invited.mails();
  await disable(invited);
  expect((await look(token)).state).not.toBe('open');
  expect((await choose(token)).status).toBeGreaterThanOrEqual(400);
  await newBrowser().postJson('/v3/accounts/reset-password-request', { email: invited.email });
  expect(await invited.mails()).toEqual([waiting]);
  await disable(invited, false);
  expect((await choose(token)).status).toBeGreaterThanOrEqual(400);
  expect((await invited.user()).password_hash).toBeNull();
});

test('a link that was to be mailed when the user is disabled is dropped', async () => {
  const invited = await makeInvited();
  const messages = await invited.relay();
  await disable(invited);
  await invited.deliver(messages);
  expect(invited.inbox()).toEqual([]);
  expect((await invited.mails())[0]).toMatchObject({ state: 'dropped' });
});

test('status updates do not reach disabled users, also those that were written before', async () => {
  const publisher = await makePublisher();
  const [early, late] = [await publisher.member(), await publisher.member()];
  const id = await publisher.publish();
  await disable({ ...publisher, userId: early.userId });
  const messages = await publisher.expand(id);
  await disable({ ...publisher, userId: late.userId });
  await publisher.deliver(messages);
  expect([publisher.inbox(early.email), publisher.inbox(late.email)]).toEqual([[], []]);
  await disable({ ...publisher, userId: early.userId }, false);
  await tellAll(publisher);
  expect(publisher.inbox(early.email)).toHaveLength(1);
});

test('a disabled membership is shown as such to the person, who may leave it', async () => {
  const home = await makePerson({ organizationId: null, role: 'reseller-admin' });
  const other = await makeAccount();
  const there = await enroll(other, { email: home.email });
  await other.api.patch(there.path, [{ op: 'replace', path: '/enabled', value: false }]);
  const { body } = await login({ accountId: home.id, email: home.email, password: PASSWORD });
  const me = new Caller(body.accessToken);
  const listed = (await me.get('/v3/me/memberships')).body;
  expect(listed.map(({ resellerId, disabled }: Record<string, unknown>) => [resellerId, disabled])).toEqual([
    [home.id, undefined],
    [other.id, true],
  ]);
  const browser = await signedInBrowser(home.email);
  expect((await browser.get('/account')).text).toContain(`<span class="mark">${MEMBERSHIP_TEXTS.en.disabled}</span>`);
  expect((await login({ accountId: other.id, email: home.email, password: PASSWORD })).status).toBe(400);
  expect((await me.delete(`/v3/me/memberships/${other.id}`)).status).toBe(204);
  expect(await other.heard(home.userId)).toEqual(['created', 'updated', 'deleted']);
});
