import PostalMime from 'postal-mime';
import { beforeEach, expect, test, vi } from 'vitest';
import { LANGUAGES } from '../../src/model/language.ts';
import {
  CONFIRMATION_MAILS_MAX,
  CONFIRMATION_MAILS_WINDOW_MS,
  RECIPIENT_MAILS_MAX,
  SUBSCRIPTION_CHANGES_MAX,
} from '../../src/model/limits/index.ts';
import type { Role } from '../../src/model/users/role.ts';
import { SUBSCRIPTION_TEXTS } from '../../src/pages/subscription/texts.ts';
import { send } from '../support/api.ts';
import { makeMailbox } from '../support/outside/mailbox.ts';
import { tokenIn } from '../support/people/invited.ts';
import { choose } from '../support/people/links.ts';
import {
  makePublisher,
  type Publisher,
  SUBSCRIBED,
  subscriptionTokenIn,
  tellAll,
} from '../support/people/subscribers.ts';
import { muteQueues } from '../support/queues.ts';
import { operator, rows, unique } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

const visit = (method: string, path: string) =>
  send(method, path, { headers: { 'CF-Connecting-IP': unique('address') } });
const subscribe = (mail: { readonly text: string }) => visit('POST', `/subscribe/${subscriptionTokenIn(mail)}`);
const refuse = (mail: { readonly text: string }) => visit('POST', `/unsubscribe/${subscriptionTokenIn(mail)}`);
const give = ({ api }: Publisher, path: string, roles: readonly Role[]) =>
  api.send('PATCH', path, [{ op: 'replace', path: '/roles', value: roles }]);

/** A stranger who was given the role, and was asked. */
async function withRequest(language = 'en') {
  const publisher = await makePublisher();
  const person = await publisher.stranger(SUBSCRIBED, language);
  await publisher.relay(person.userId);
  const [request, ...more] = publisher.asked(person.email);
  expect(more).toEqual([]);
  /** The role taken and given again. */
  const regrant = async () => {
    for (const roles of [['account.user'], SUBSCRIBED] as const) await give(publisher, person.path, roles);
    await publisher.relay(person.userId);
  };
  return { publisher, ...person, request: request!, regrant };
}

test('a stranger whom a tenant makes a subscriber is sent nothing that the tenant wrote', async () => {
  const mailbox = await makeMailbox();
  const publisher = await makePublisher({ smtp: mailbox.settings });
  const { api, account } = publisher;
  const evil = 'https://evil.example';
  const brand = { productName: 'PayPal Security', senderName: 'PayPal Security', primaryColor: '#003087' };
  const contact = { logoUrl: `${evil}/logo.png`, supportEmail: 'help@evil.example' };
  expect((await api.put(`${account}/branding`, { ...brand, ...contact })).status).toBe(200);
  const email = `${unique('victim')}@example.com`;
  const victim = { email, displayName: 'Ransom Note', roles: SUBSCRIBED };
  const { body } = await api.post(`${account}/users`, victim);
  const update = { title: 'Your account is locked', body: `Log in at ${evil}/login`, severity: 'incident' };
  const id = await publisher.publish(update);
  await publisher.deliver(await publisher.expand(id));
  await publisher.relay(body.data.id);
  expect(await publisher.shown(id)).toMatchObject({ state: 'done', recipients: 0 });
  const mails = await Promise.all((await mailbox.seen()).mails.map(({ raw }) => PostalMime.parse(raw)));
  for (const mail of mails) expect(mail.subject + mail.text! + mail.html).not.toMatch(/locked|evil\.example\/login/);
  const requests = mails.filter(({ text }) => text!.includes('/subscribe/'));
  expect(requests).toHaveLength(1);
  const [{ from, subject, text, html, headers, replyTo } = mails[0]!] = requests;
  expect(from).toEqual({ name: 'PayPal Security via edge.localhost', address: 'noreply@edge.localhost' });
  expect([subject, replyTo]).toEqual(['Confirm status updates from PayPal Security', undefined]);
  expect(text! + html).not.toMatch(/evil\.example|Ransom|#003087/);
  const [{ name }] = await rows('select name from resellers where id = ?', publisher.id);
  for (const part of [text, html]) expect(part).toContain(`Sent by edge.localhost for ${name}.`);
  const oneClick = headers.filter(({ key }) => key.startsWith('list-unsubscribe')).map(({ value }) => value);
  expect(oneClick.sort()).toEqual([
    `<https://edge.localhost/unsubscribe/${subscriptionTokenIn({ text: text! })}>`,
    'List-Unsubscribe=One-Click',
  ]);
});

test('whoever follows the link and says so gets the updates, and nobody before', async () => {
  const { publisher, email, request, userId } = await withRequest();
  const page = `/subscribe/${subscriptionTokenIn(request)}`;
  for (const method of ['GET', 'HEAD', 'GET']) expect((await visit(method, page)).status).toBe(200);
  await tellAll(publisher);
  expect(publisher.inbox(email)).toEqual([]);
  const { status, text, headers } = await subscribe(request);
  expect([status, headers.get('Set-Cookie')]).toEqual([200, null]);
  expect(text).toContain('You are subscribed');
  await tellAll(publisher);
  expect(publisher.inbox(email)).toHaveLength(1);
  expect((await subscribe(request)).status).toBe(200);
  expect(await rows("select type, actor from events where type like 'subscription.%' and subject = ?", userId)).toEqual(
    [{ type: 'subscription.confirmed', actor: `user:${userId}` }],
  );
});

test('whoever activates the account has proved the address, and needs no confirmation', async () => {
  const publisher = await makePublisher();
  const { userId, email } = await publisher.stranger();
  await publisher.relay(userId);
  const invitation = publisher.mailsTo(email).find(({ text }) => text.includes('/activate#'));
  expect((await choose(tokenIn(invitation!))).status).toBe(204);
  await tellAll(publisher);
  expect(publisher.inbox(email)).toHaveLength(1);
  const late = await publisher.member();
  await publisher.relay(late.userId);
  expect(publisher.asked(late.email)).toEqual([]);
});

test.each<[string, (publisher: Publisher) => Promise<{ userId: string; email: string }>]>([
  ['a user made with it', (publisher) => publisher.stranger()],
  [
    'a user given it later',
    async (publisher) => {
      const person = await publisher.stranger(['account.user']);
      await publisher.relay(person.userId);
      expect(publisher.asked(person.email)).toEqual([]);
      await give(publisher, person.path, SUBSCRIBED);
      return person;
    },
  ],
  [
    'a user of another account who joins with it',
    async (publisher) => {
      const person = await (await makePublisher()).stranger(['account.user']);
      const body = { email: person.email, displayName: 'X', roles: SUBSCRIBED };
      expect((await (await operator()).post(`${publisher.account}/users`, body)).status).toBe(201);
      return person;
    },
  ],
  [
    'a user who has it and moves to another address',
    async (publisher) => {
      const { userId, path } = await publisher.member();
      const email = `${unique('moved')}@example.com`;
      await publisher.api.send('PATCH', path, [{ op: 'replace', path: '/email', value: email }]);
      return { userId, email };
    },
  ],
])('%s is asked once', async (_, grant) => {
  const publisher = await makePublisher();
  const { userId, email } = await grant(publisher);
  await publisher.relay(userId);
  expect(publisher.asked(email)).toHaveLength(1);
  expect(publisher.asked(email)[0]!.from.name).toMatch(/^Reseller-.* via edge\.localhost$/);
});

test('a pending membership gets no updates, whatever was proved or confirmed', async () => {
  const publisher = await makePublisher();
  const { userId, email } = await publisher.member();
  await rows('update memberships set accepted_at = null where user_id = ?', userId);
  await tellAll(publisher);
  expect(publisher.inbox(email)).toEqual([]);
});

test('giving the role again and again asks so often, and no more, until its time is over', async () => {
  const { publisher, email, regrant } = await withRequest();
  for (let n = 0; n < 5; n++) await regrant();
  expect(publisher.asked(email)).toHaveLength(CONFIRMATION_MAILS_MAX);
  // Those at once too.
  await rows('delete from emails where recipient = ?', email);
  await Promise.all(Array.from({ length: 10 }, regrant));
  await regrant();
  const written = () =>
    rows(
      "select id from emails where template = 'subscription-confirmation' and state <> 'dropped' and recipient = ?",
      email,
    );
  expect((await written()).length).toBeLessThanOrEqual(CONFIRMATION_MAILS_MAX);
  publisher.clock.nowMs += CONFIRMATION_MAILS_WINDOW_MS + 1000;
  const before = (await written()).length;
  await regrant();
  expect(await written()).toHaveLength(before + 1);
});

test('making the user again and again asks no more often', async () => {
  const publisher = await makePublisher();
  const email = `${unique('victim')}@example.com`;
  for (let n = 0; n < CONFIRMATION_MAILS_MAX + 2; n++) {
    const body = { email, displayName: 'X', roles: SUBSCRIBED };
    const made = await publisher.api.post(`${publisher.account}/users`, body);
    await publisher.relay(made.body.data.id);
    await publisher.api.delete(`${publisher.account}/users/${made.body.data.id}`);
  }
  expect(publisher.asked(email)).toHaveLength(CONFIRMATION_MAILS_MAX);
});

test('many tenants together send one address no more links at once than the cap, and the others later', async () => {
  const email = `${unique('victim')}@example.com`;
  const home = await makePublisher();
  const made = await home.api.post(`${home.account}/users`, { email, displayName: 'X', roles: ['account.user'] });
  const userId: string = made.body.data.id;
  const platform = await operator();
  for (let n = 0; n < RECIPIENT_MAILS_MAX + 2; n++) {
    const { account } = await makePublisher();
    await platform.post(`${account}/users`, { email, displayName: 'X', roles: SUBSCRIBED });
  }
  await home.relay(userId);
  const sent = () => rows("select id from emails where recipient = ? and state = 'sent'", email);
  expect(await sent()).toHaveLength(RECIPIENT_MAILS_MAX);
  const waiting = await rows("select id, next_attempt_at from emails where recipient = ? and state = 'pending'", email);
  expect(waiting.length).toBeGreaterThan(2);
  home.clock.nowMs = Math.max(...waiting.map((mail) => mail.next_attempt_at));
  await home.deliver(waiting.map(({ id }) => ({ emailId: id })));
  expect(await sent()).toHaveLength(RECIPIENT_MAILS_MAX + Math.min(waiting.length, RECIPIENT_MAILS_MAX));
});

test('who refuses is neither asked nor told again: not by the role, nor by being made again, nor by proving the address', async () => {
  const { publisher, email, request, regrant, path, userId } = await withRequest();
  const page = await visit('GET', `/subscribe/${subscriptionTokenIn(request)}`);
  expect(page.text).toContain('Send me no status updates');
  const refused = await refuse(request);
  expect(refused.text).toContain('You are unsubscribed');
  expect(refused.text).toContain(
    'Messages about your account, and the few that may invite you to one, are not affected.',
  );
  await regrant();
  expect(publisher.asked(email)).toHaveLength(1);
  await rows('update users set email_verified_at = 1 where id = ?', userId);
  await tellAll(publisher);
  await publisher.api.delete(path);
  const again = await publisher.api.post(`${publisher.account}/users`, {
    email: email.toUpperCase(),
    displayName: 'X',
    roles: SUBSCRIBED,
  });
  await publisher.relay(again.body.data.id);
  await rows('update users set email_verified_at = 1 where id = ?', again.body.data.id);
  await tellAll(publisher);
  expect(publisher.asked(email)).toHaveLength(1);
  expect(publisher.inbox(email)).toEqual([]);
  // Another tenant's updates are another matter.
  const [, other] = [await makePublisher(), await makePublisher()];
  await rows(
    'insert into memberships (user_id, reseller_id, roles, created_at, accepted_at) values (?, ?, ?, 1, 1)',
    again.body.data.id,
    other.id,
    JSON.stringify(SUBSCRIBED),
  );
  await tellAll(other);
  expect(other.inbox(email.toUpperCase())).toHaveLength(1);
  // Only the person takes it back, by a link that was mailed.
  expect((await subscribe(request)).text).toContain('You are subscribed');
  await tellAll(publisher);
  expect(publisher.inbox(email.toUpperCase())).toHaveLength(1);
});

test('who unsubscribes by a status update can subscribe again there, and nobody else can for them', async () => {
  const publisher = await makePublisher();
  const { email, path } = await publisher.member();
  await tellAll(publisher);
  const [mail] = publisher.inbox(email);
  const done = await refuse(mail!);
  expect(done.text).toContain(`formaction="/subscribe/${subscriptionTokenIn(mail!)}"`);
  await give(publisher, path, SUBSCRIBED);
  await tellAll(publisher);
  expect(publisher.inbox(email)).toHaveLength(1);
  await subscribe(mail!);
  await tellAll(publisher);
  expect(publisher.inbox(email)).toHaveLength(2);
});

test('a confirmation is for its address: another is asked anew, and updates wait for the answer', async () => {
  const { publisher, request, path, userId } = await withRequest();
  await subscribe(request);
  const email = `${unique('moved')}@example.com`;
  await publisher.api.send('PATCH', path, [{ op: 'replace', path: '/email', value: email }]);
  await publisher.relay(userId);
  await tellAll(publisher);
  expect([publisher.asked(email).length, publisher.inbox(email).length]).toEqual([1, 0]);
  await subscribe(publisher.asked(email)[0]!);
  await tellAll(publisher);
  expect(publisher.inbox(email)).toHaveLength(1);
});

test.each<[string, (asked: Awaited<ReturnType<typeof withRequest>>) => Promise<unknown>]>([
  ['confirmed', ({ request }) => subscribe(request)],
  ['refused', ({ request }) => refuse(request)],
  ['proved the address', ({ userId }) => rows('update users set email_verified_at = 1 where id = ?', userId)],
  ['lost the role', ({ publisher, path }) => give(publisher, path, ['account.user'])],
  ['was deleted', ({ publisher, path }) => publisher.api.delete(path)],
])('who %s before a second question could leave is not asked', async (_, happen) => {
  const asked = await withRequest();
  const { publisher, email, userId, path } = asked;
  await give(publisher, path, ['account.user']);
  await give(publisher, path, SUBSCRIBED);
  const deliver = publisher.worker.env.emails;
  vi.spyOn(deliver, 'sendBatch').mockImplementation(async () => ({}) as QueueSendBatchResponse);
  await publisher.relay(userId);
  const [waiting] = await rows(
    "select id from emails where state = 'pending' and recipient = ? order by id desc",
    email,
  );
  await happen(asked);
  await publisher.deliver([{ emailId: waiting.id }]);
  expect(await rows('select state, reason from emails where id = ?', waiting.id)).toEqual([
    { state: 'dropped', reason: 'not wanted any more' },
  ]);
});

test('a choice changes so often, and then only unsubscribing is possible', async () => {
  const { publisher, request, userId } = await withRequest();
  for (let n = 0; n < SUBSCRIPTION_CHANGES_MAX; n++) await (n % 2 === 0 ? subscribe(request) : refuse(request));
  expect((await subscribe(request)).text).toContain('You are unsubscribed');
  expect((await refuse(request)).status).toBe(200);
  expect(await rows("select id from events where type like 'subscription.%' and subject = ?", userId)).toHaveLength(
    SUBSCRIPTION_CHANGES_MAX,
  );
  expect(await rows('select choice from subscription_choices where reseller_id = ?', publisher.id)).toEqual([
    { choice: 'suppressed' },
  ]);
});

test('what is kept of a choice does not name the address', async () => {
  const { publisher, email, request } = await withRequest();
  await refuse(request);
  const kept = await rows('select * from subscription_choices where reseller_id = ?', publisher.id);
  expect(kept).toMatchObject([{ choice: 'suppressed', address_hash: expect.stringMatching(/^[\w-]{43}$/) }]);
  expect(JSON.stringify(kept)).not.toContain(email.split('@')[0]);
});

test.each(LANGUAGES)('the question and its page speak the language of the reader: %s', async (language) => {
  const { request, publisher, email } = await withRequest(language);
  expect(request.html).toContain(`<html lang="${language}">`);
  const page = await visit('GET', `/subscribe/${subscriptionTokenIn(request)}`);
  const { buttons, subscribe: question } = SUBSCRIPTION_TEXTS[language];
  for (const part of [question.heading, buttons.subscribe, buttons.refuse, `<html lang="${language}">`])
    expect(page.text).toContain(part);
  expect(page.text).not.toContain(email);
  expect((await refuse(request)).text).toContain(SUBSCRIPTION_TEXTS[language].suppressed.heading);
  expect(publisher.asked(email)).toHaveLength(1);
});
