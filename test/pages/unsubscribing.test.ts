import { env } from 'cloudflare:workers';
import { beforeEach, expect, test, vi } from 'vitest';
import { addressHash } from '../../src/auth/secrets/address-hash.ts';
import { seal } from '../../src/auth/secrets/seal.ts';
import { newSubscriptionToken, readSubscriptionToken } from '../../src/auth/secrets/subscription-token.ts';
import { type Env, readEnv } from '../../src/env.ts';
import { LANGUAGES } from '../../src/model/language.ts';
import { SUBSCRIPTION_REQUESTS_MAX } from '../../src/model/limits/index.ts';
import { SUBSCRIPTION_TEXTS } from '../../src/pages/subscription/texts.ts';
import { send } from '../support/api.ts';
import { footprint } from '../support/measures/footprint.ts';
import { changeSessions, whileWriting } from '../support/people/sessions.ts';
import { stateBefore } from '../support/people/states.ts';
import { addMembers, makePublisher, SUBSCRIBED, subscriptionTokenIn, tellAll } from '../support/people/subscribers.ts';
import { muteQueues } from '../support/queues.ts';
import { rows, unique } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

const settings = () => readEnv(env);

/** Somebody in a reseller, at an address of theirs. */
const subscriber = async (userId: string, resellerId: string) => ({
  userId,
  resellerId,
  addressHash: await addressHash(resellerId, 'reader@example.com'),
});

/** Somebody who was sent a status update, and what their link does. */
async function withUnsubscribeLink(
  roles: Parameters<Awaited<ReturnType<typeof makePublisher>>['member']>[0] = SUBSCRIBED,
) {
  const publisher = await makePublisher();
  const member = await publisher.member(roles, 'de');
  await tellAll(publisher);
  const token = subscriptionTokenIn(publisher.inbox(member.email)[0]!);
  const held = async (resellerId = publisher.id): Promise<string[]> => {
    const found = await rows(
      'select roles from memberships where user_id = ? and reseller_id = ?',
      member.userId,
      resellerId,
    );
    return JSON.parse(found[0].roles);
  };
  const changes = () =>
    rows("select * from events where subject = ? and type = 'reseller.user.updated' order by seq", member.userId);
  return { ...publisher, ...member, token, held, changes };
}

const visit = (method: string, token: string, options: RequestInit = {}) =>
  send(method, `/unsubscribe/${token}`, {
    ...options,
    headers: { 'CF-Connecting-IP': unique('address'), ...options.headers },
  });
const open = (token: string) => visit('GET', token);
const oneClick = (token: string) =>
  visit('POST', token, {
    headers: { Origin: 'https://mail.example' },
    body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
  });

test('the link asks first: however often it is fetched, nothing changes', async () => {
  const { token, held } = await withUnsubscribeLink();
  const before = await footprint();
  for (const method of ['GET', 'HEAD', 'GET']) expect((await visit(method, token)).status).toBe(200);
  const { text } = await open(token);
  expect(text).toContain('<html lang="de">');
  expect(text).toContain('<form method="post">');
  expect(text).toContain('Jetzt abbestellen');
  expect(await footprint()).toEqual(before);
  expect(await held()).toEqual(SUBSCRIBED);
});

test('a page for its reader alone: not kept, not indexed, no referrer, no scripts, nothing from elsewhere', async () => {
  const { token, id, email } = await withUnsubscribeLink();
  await rows(
    `insert into brandings (reseller_id, product_name, primary_color, support_email, updated_at)
     values (?, 'Acme <b>"Cloud"', '#aa3300', 'help@acme.example', 1)`,
    id,
  );
  const { headers, text } = await open(token);
  expect(Object.fromEntries(headers)).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-robots-tag': 'noindex',
    'x-content-type-options': 'nosniff',
  });
  expect(headers.get('X-D1-Bookmark')).toBeNull();
  const [style = ''] = /(?<=<style>)[^<]*/.exec(text) ?? [];
  expect(style).toBe(':root{--brand:#aa3300;--on-brand:#ffffff}');
  const hash = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(style))).toString('base64');
  expect((headers.get('Content-Security-Policy') ?? '').split('; ')).toEqual([
    "default-src 'none'",
    `style-src 'self' 'sha256-${hash}'`,
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ]);
  expect(text).toContain('<meta name="robots" content="noindex">');
  expect(text).not.toMatch(/<script|\sstyle=|\son\w+=|<b>/i);
  expect(text).toContain('Acme &lt;b&gt;&quot;Cloud&quot;');
  expect(text).toContain('mailto:help@acme.example');
  // Mails are passed on: the page does not say whose it is.
  expect(text).not.toContain(email);
});

test.each<[string, (token: string) => ReturnType<typeof open>]>([
  ["the page's button", (token) => visit('POST', token, { body: 'List-Unsubscribe=One-Click' })],
  ['a mail program, at one click', oneClick],
  [
    'a mail program, in parts',
    (token) => {
      const form = new FormData();
      form.set('List-Unsubscribe', 'One-Click');
      return visit('POST', token, { body: form });
    },
  ],
])('%s takes the role away, and nothing else', async (_, ask) => {
  const { token, id, userId, held, changes, api, account } = await withUnsubscribeLink([
    ...SUBSCRIBED,
    'branding.admin',
  ]);
  const reply = await ask(token);
  expect([reply.status, reply.headers.get('Location')]).toEqual([200, null]);
  expect(reply.text).toContain('Sie haben abbestellt');
  expect(await held()).toEqual(['account.user', 'branding.admin']);
  const [event, ...more] = await changes();
  expect(more).toEqual([]);
  expect(event).toMatchObject({ reseller_id: id, actor: `user:${userId}` });
  expect(stateBefore(event)).toMatchObject({ id: userId, roles: [...SUBSCRIBED, 'branding.admin'] });
  expect(JSON.parse(event.after)).toMatchObject({ id: userId, roles: ['account.user', 'branding.admin'] });
  expect(JSON.parse(event.after).updatedAt).toBeGreaterThan(stateBefore(event).updatedAt);
  expect(env.EVENTS.sendBatch).toHaveBeenCalledWith([{ body: { eventId: event.id } }]);
  expect((await api.get(`${account}/users/${userId}`)).body.data.roles).toEqual(['account.user', 'branding.admin']);
});

test('twice, or fifty at once, is as good as once', async () => {
  const { token, changes } = await withUnsubscribeLink();
  const replies = await Promise.all(Array.from({ length: 50 }, () => oneClick(token)));
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
  const before = await footprint();
  expect((await oneClick(token)).text).toContain('Sie haben abbestellt');
  expect((await open(token)).text).toContain('Sie haben abbestellt');
  expect((await open(token)).text).not.toContain('List-Unsubscribe');
  expect(await footprint()).toEqual(before);
  expect(await changes()).toHaveLength(1);
});

test('who has no other role keeps a membership without any; given again, the role gives no updates', async () => {
  const { token, held, userId, id, publish, expand, changes, api, path } = await withUnsubscribeLink();
  await rows(`update memberships set roles = '["account.service.status"]' where user_id = ?`, userId);
  expect((await oneClick(token)).status).toBe(200);
  expect(await held()).toEqual([]);
  expect(await expand(await publish())).toEqual([]);
  const again = [{ op: 'add', path: '/roles/-', value: 'account.service.status' }];
  expect((await api.send('PATCH', path, again)).status).toBe(200);
  expect(await expand(await publish())).toEqual([]);
  expect((await open(token)).text).toContain('Sie haben abbestellt');
  expect((await oneClick(token)).status).toBe(200);
  expect(await held()).toEqual([]);
  expect((await changes()).map(({ reseller_id }) => reseller_id)).toEqual([id, id, id]);
});

test('a subscription elsewhere stays, and elsewhere hears nothing of it', async () => {
  const { token, held, userId, changes, id } = await withUnsubscribeLink();
  const other = await makePublisher();
  await rows(
    'insert into memberships (user_id, reseller_id, roles, created_at, accepted_at) values (?, ?, ?, 1, 1)',
    userId,
    other.id,
    JSON.stringify(SUBSCRIBED),
  );
  expect((await oneClick(token)).status).toBe(200);
  expect([await held(), await held(other.id)]).toEqual([['account.user'], SUBSCRIBED]);
  expect((await changes()).map(({ reseller_id }) => reseller_id)).toEqual([id]);
  // And the other way round: the guest's reseller is told no more than is its to know.
  const theirs = await newSubscriptionToken(settings(), await subscriber(userId, other.id));
  expect((await oneClick(theirs)).status).toBe(200);
  expect(await held(other.id)).toEqual(['account.user']);
  const [, event] = await changes();
  expect(event.reseller_id).toBe(other.id);
  expect(stateBefore(event)).toMatchObject({ organization: null, roles: SUBSCRIBED });
});

test('a mail that waits when its reader unsubscribes is not sent', async () => {
  const { token, publish, expand, deliver, mails, inbox, email } = await withUnsubscribeLink();
  const id = await publish();
  const messages = await expand(id);
  await oneClick(token);
  await deliver(messages);
  expect(await mails(id)).toMatchObject([{ state: 'dropped' }]);
  expect(inbox(email)).toHaveLength(1);
});

test('an account that is not enabled lets its subscribers go all the same', async () => {
  const { token, held, setEnabled } = await withUnsubscribeLink();
  await setEnabled(false);
  expect((await oneClick(token)).status).toBe(200);
  expect(await held()).toEqual(['account.user']);
});

test.each<[string, (left: Awaited<ReturnType<typeof withUnsubscribeLink>>) => Promise<unknown>]>([
  ['has left the account', ({ userId }) => rows('delete from memberships where user_id = ?', userId)],
  ['was deleted', ({ api, path }) => api.delete(path)],
  ['lost the role', ({ userId }) => rows("update memberships set roles = '[]' where user_id = ?", userId)],
])('who %s can still unsubscribe, for the time when the role comes back', async (_, leave) => {
  const left = await withUnsubscribeLink();
  await leave(left);
  expect(await open(left.token)).toMatchObject({ status: 200, text: expect.stringContaining('List-Unsubscribe') });
  expect(await oneClick(left.token)).toMatchObject({ status: 200 });
  expect(await rows('select choice from subscription_choices where reseller_id = ?', left.id)).toEqual([
    { choice: 'suppressed' },
  ]);
});

test('a change of the user in between is neither lost nor undone', async () => {
  const { token, userId, held, changes } = await withUnsubscribeLink();
  const meanwhile = vi.fn(() =>
    rows('update users set updated_at = updated_at + 5, first_name = ? where id = ?', 'New', userId),
  );
  changeSessions((db) => whileWriting(db, meanwhile));
  expect((await oneClick(token)).status).toBe(200);
  vi.restoreAllMocks();
  expect(meanwhile).toHaveBeenCalled();
  expect(await held()).toEqual(['account.user']);
  expect(stateBefore((await changes())[0])).toMatchObject({ firstName: 'New' });
});

test('a link that is not ours, or to nobody, says so in one way and does nothing', async () => {
  const { token, userId, id } = await withUnsubscribeLink();
  const closed = await withUnsubscribeLink();
  await rows('update resellers set deleted_at = 1 where id = ?', closed.id);
  const [key = '', sealed = ''] = token.split('.');
  const strangers = [
    closed.token,
    await newSubscriptionToken(settings(), await subscriber(userId, crypto.randomUUID())),
    // Sealed by the same key for something else.
    (await seal(settings(), `${userId} ${id}`)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
    (await seal(settings(), `${userId} ${id}`, 'other')).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
    `k2.${sealed}`,
    `${key}.`,
    sealed,
    `${token}A`,
    `${token}.`,
    `${token}%3D`,
    token.slice(0, -1),
    `${key}.${sealed.slice(0, 40)}${sealed[40] === 'A' ? 'B' : 'A'}${sealed.slice(41)}`,
    'x',
    '%00',
    '%',
    'A'.repeat(5000),
  ];
  const before = await footprint();
  for (const [index, stranger] of strangers.entries()) {
    for (const method of ['GET', 'POST']) {
      const { status, text, headers } = await visit(method, stranger, { headers: { 'Accept-Language': 'fr' } });
      expect([index, method, status]).toEqual([index, method, 404]);
      expect(text).toContain('Ce lien ne fonctionne pas');
      expect(headers.get('X-D1-Bookmark')).toBeNull();
    }
  }
  expect(await footprint()).toEqual(before);
  expect((await oneClick(token)).status).toBe(200);
});

test('no other text stands for the same token', async () => {
  const { token } = await withUnsubscribeLink();
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const alike = [...alphabet].map((last) => token.slice(0, -1) + last);
  const read = await Promise.all(alike.map((one) => readSubscriptionToken(settings(), one)));
  expect(alike.filter((_, index) => read[index] !== null)).toEqual([token]);
});

test('a token outlives the rotation of keys, until its key is dropped; and tells nothing', async () => {
  const of = await subscriber(crypto.randomUUID(), crypto.randomUUID());
  const token = await newSubscriptionToken(settings(), of);
  expect(Buffer.from(token.split('.')[1]!, 'base64url').toString('latin1')).not.toContain(of.userId.slice(0, 8));
  const younger = { id: 'k2', key: Buffer.alloc(32, 8).toString('base64') };
  const rotated = (keys: Env['encryptionKeys']): Env => ({ ...settings(), encryptionKeys: keys });
  expect(await readSubscriptionToken(rotated([younger, ...settings().encryptionKeys]), token)).toEqual(of);
  expect(await readSubscriptionToken(rotated([younger]), token)).toBeNull();
});

test('one address asks so often and no more', async () => {
  const { token, held } = await withUnsubscribeLink();
  const address = unique('address');
  vi.useFakeTimers({ now: Date.now(), toFake: ['Date'] });
  const ask = (method: string) => visit(method, token, { headers: { 'CF-Connecting-IP': address } });
  for (let asked = 0; asked < SUBSCRIPTION_REQUESTS_MAX; asked++) expect((await ask('GET')).status).toBe(200);
  const { status, headers, text } = await ask('POST');
  vi.useRealTimers();
  expect(status).toBe(429);
  expect(Number(headers.get('Retry-After'))).toBeGreaterThan(0);
  expect(text).toContain('<h1>');
  expect(await held()).toEqual(SUBSCRIBED);
});

test('of a mail service that unsubscribes many people from one address none is kept waiting', async () => {
  const publisher = await makePublisher();
  await addMembers(publisher.id, SUBSCRIPTION_REQUESTS_MAX + 1);
  const found = await rows(
    'select user_id from memberships where reseller_id = ? and instr(roles, ?) > 0',
    publisher.id,
    'status',
  );
  const address = unique('address');
  const statuses = new Set<number>();
  for (const { user_id: userId } of found) {
    const token = await newSubscriptionToken(settings(), await subscriber(userId, publisher.id));
    statuses.add((await visit('POST', token, { headers: { 'CF-Connecting-IP': address } })).status);
  }
  expect(found.length).toBeGreaterThan(SUBSCRIPTION_REQUESTS_MAX);
  expect([...statuses]).toEqual([200]);
});

test('the address knows GET and POST', async () => {
  const { token } = await withUnsubscribeLink();
  for (const method of ['PUT', 'DELETE', 'PATCH']) {
    const reply = await visit(method, token);
    expect([reply.status, reply.headers.get('Allow')]).toEqual([405, 'GET, HEAD, POST, OPTIONS']);
  }
  expect((await visit('OPTIONS', token)).status).toBe(204);
  expect((await send('GET', '/unsubscribe')).status).toBe(404);
});

test('its words are one language each, with the spaces that French does not break', () => {
  const said = LANGUAGES.map((language) => {
    const { buttons, ...views } = SUBSCRIPTION_TEXTS[language];
    return [
      ...Object.values(buttons),
      ...Object.values(views).flatMap(({ heading, text }) => [heading, text('Qumulox')]),
    ];
  });
  expect(new Set(said.flat()).size).toBe(said.flat().length);
  expect(said[LANGUAGES.indexOf('fr')]!.join('\n').match(/[^\u202f][?!;]|[^\u00a0]:/g)).toBeNull();
});
