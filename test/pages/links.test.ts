import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test, vi } from 'vitest';
import worker from '../../src/index.ts';
import { LINK_LIFE_MS, LINK_MAILS_MAX, LINK_REQUESTS_MAX } from '../../src/model/limits/index.ts';
import { send } from '../support/api.ts';
import { faultyDatabase } from '../support/faults/database.ts';
import { footprint } from '../support/measures/footprint.ts';
import { provider } from '../support/outside/provider.ts';
import { tokenIn } from '../support/people/invited.ts';
import { choose, type Linked, look, post, withLink } from '../support/people/links.ts';
import { stateBefore } from '../support/people/states.ts';
import { muteQueues } from '../support/queues.ts';
import { withSettings } from '../support/stopped-world.ts';
import { makeReseller, rows, unique } from '../support/world.ts';

const PASSWORD = 'Correct-horse-1';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

test('a link shows whom it is for, in the words of its reseller and the language of its reader', async () => {
  const { id, token, email } = await withLink({ communication_language: 'fr', last_name: 'Doe' });
  await rows(
    `insert into brandings (reseller_id, product_name, primary_color, support_email, updated_at)
     values (?, 'Acme', '#aa3300', 'help@acme.example', 1)`,
    id,
  );
  expect(await look(token)).toEqual({
    state: 'open',
    purpose: 'activation',
    name: 'Jane Doe',
    email,
    language: 'fr',
    branding: { productName: 'Acme', primaryColor: '#aa3300', supportEmail: 'help@acme.example' },
    rules: ['length', 'lower', 'upper', 'digit', 'special'].map((name) => ({ name, pattern: expect.any(String) })),
  });
});

test('a link has the look of the tenant that sent it, and none once the user has moved to another', async () => {
  const { id, token, userId } = await withLink();
  const { id: next } = await makeReseller();
  for (const [tenant, name] of [
    [id, 'Acme'],
    [next, 'Next'],
  ])
    await rows('insert into brandings (reseller_id, product_name, updated_at) values (?, ?, 1)', tenant, name);
  expect(await look(token)).toMatchObject({ branding: { productName: 'Acme' } });
  await rows(
    "insert into memberships (user_id, reseller_id, roles, created_at, accepted_at) values (?, ?, '[]', 1, 1)",
    userId,
    next,
  );
  await rows('update users set reseller_id = ?, organization_id = null where id = ?', next, userId);
  expect(await look(token)).toMatchObject({ branding: null });
  await rows('update activations set used_at = 1 where user_id = ?', userId);
  expect(await look(token)).toMatchObject({ state: 'used', branding: null });
});

test('a password that is chosen verifies the address, raises reseller.user.activated and ends older sessions', async () => {
  const { token, user, userId, links } = await withLink();
  for (const [id, ended] of [
    ['s1', null],
    ['s2', 5],
  ] as const) {
    await rows(
      'insert into sessions (id, user_id, created_at, expires_at, ended_at) values (?, ?, 1, 2, ?)',
      `${userId}${id}`,
      userId,
      ended,
    );
  }
  const before = await user();
  expect(await choose(token)).toMatchObject({ status: 204, text: '' });
  const after = await user();
  expect(after.password_hash).toMatch(/^p1\$argon2id\$/);
  expect(after.verified_at).toBeGreaterThanOrEqual(before.created_at);
  expect(after.updated_at).toBeGreaterThan(before.updated_at);
  expect((await links())[0].used_at).toBe(after.verified_at);
  const [event, ...more] = await rows(
    "select * from events where subject = ? and type <> 'reseller.user.created' and audit_only = 0",
    userId,
  );
  expect(more).toEqual([]);
  expect(event).toMatchObject({ type: 'reseller.user.activated', actor: `user:${userId}` });
  expect(stateBefore(event)).toMatchObject({ id: userId, verifiedAt: null });
  expect(JSON.parse(event.after)).toMatchObject({ id: userId, verifiedAt: after.verified_at });
  expect(event.after).not.toContain('argon2');
  const sessions = await rows('select ended_at from sessions where user_id = ? order by id', userId);
  expect(sessions).toEqual([{ ended_at: after.verified_at }, { ended_at: 5 }]);
});

test('a newer link makes the older one void', async () => {
  const { token, again, user } = await withLink();
  const newer = await again();
  expect(newer).not.toBe(token);
  expect(await look(token)).toMatchObject({ state: 'replaced', email: null });
  expect(await choose(token)).toMatchObject({ status: 409 });
  expect((await user()).password_hash).toBeNull();
  expect(await choose(newer)).toMatchObject({ status: 204 });
});

test('a link stays open until a younger one has left: an attempt that failed takes nothing away', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const { token, ask, arrive, worker, clock, mails, inbox } = await withLink();
  const message = await ask();
  const { email } = provider('E_DELIVERY_FAILED');
  await arrive([message], withSettings(worker, { email }), 'emails');
  const [, failed] = await mails();
  expect(failed).toMatchObject({ state: 'pending', attempts: 1 });
  expect(await look(token)).toMatchObject({ state: 'open' });
  clock.nowMs = failed.next_attempt_at;
  await arrive([message], worker, 'emails');
  expect(await mails()).toMatchObject([{ state: 'sent' }, { state: 'sent', attempts: 2 }]);
  expect(await look(token)).toMatchObject({ state: 'replaced', email: null });
  expect(await look(tokenIn(inbox().at(-1)!))).toMatchObject({ state: 'open' });
});

test('a link works though a younger one was made whose mail never left', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const { token, ask, arrive, worker, links } = await withLink();
  const { email } = provider('E_DELIVERY_FAILED');
  await arrive([await ask()], withSettings(worker, { email }), 'emails');
  expect(await links()).toHaveLength(2);
  expect(await choose(token)).toMatchObject({ status: 204 });
});

test('a link that has run out does not work, and says so', async () => {
  const { token, links, user } = await withLink();
  const [{ seq }] = await links();
  await rows('update activations set expires_at = ? where seq = ?', Date.now() + 60_000, seq);
  expect(await look(token)).toMatchObject({ state: 'open' });
  await rows(
    'update activations set expires_at = created_at, created_at = created_at - ? where seq = ?',
    LINK_LIFE_MS,
    seq,
  );
  expect(await look(token)).toMatchObject({ state: 'expired', email: null });
  expect(await choose(token)).toMatchObject({ status: 409 });
  expect((await user()).password_hash).toBeNull();
});

test.each([
  ['the user', (one: Linked) => one.api.delete(`${one.users}/${one.userId}`)],
  ['the customer', (one: Linked) => one.api.delete(`/reseller/customers/${one.customerId}`)],
  ['the reseller', ({ id }: { id: string }) => rows('update resellers set deleted_at = 1 where id = ?', id)],
])('a link leads nowhere from the moment on that %s is deleted', async (_, remove) => {
  const one = await withLink();
  await remove(one);
  const before = await footprint();
  expect(await look(one.token)).toEqual({ ...(await look('nonsense')) });
  expect(await choose(one.token)).toMatchObject({ status: 409 });
  expect(await footprint()).toEqual(before);
});

test('a link does not work for an address that is not the user’s any more', async () => {
  const { token, base, api, userId } = await withLink();
  await api.patch(`${base}/users/${userId}`, { email: `${unique('moved')}@example.com` });
  expect(await look(token)).toMatchObject({ state: 'replaced', email: null });
  expect(await choose(token)).toMatchObject({ status: 409 });
});

test('a weak password is refused part by part, and uses nothing up', async () => {
  const { token } = await withLink();
  const before = await footprint();
  const { status, body } = await choose(token, 'short');
  expect(status).toBe(400);
  expect(body).toMatchObject({ code: 'VALIDATION_FAILED' });
  expect(body.errors).toHaveLength(4);
  expect(body.errors.every(({ field }: { field: string }) => field === 'password')).toBe(true);
  expect(await footprint()).toEqual(before);
  expect(await look(token)).toMatchObject({ state: 'open' });
});

test('a password that everybody uses is refused for that, too', async () => {
  const { token } = await withLink();
  const { status, body } = await choose(token, 'Qwerty123456');
  expect(status).toBe(400);
  const message = 'Must not be one of the 10,000 most used passwords.';
  expect(body.errors).toContainEqual({ field: 'password', message });
  expect(await look(token)).toMatchObject({ state: 'open' });
});

test('somebody who has come already is sent a link to choose another password', async () => {
  const { token, again, mails, user, userId } = await withLink();
  await choose(token);
  const { password_hash: first } = await user();
  const reset = await again();
  expect((await mails()).map(({ template }) => template)).toEqual(['activation', 'password-reset']);
  expect(await look(reset)).toMatchObject({ state: 'open', purpose: 'password-reset' });
  await choose(reset, 'Another-horse-2');
  expect((await user()).password_hash).not.toBe(first);
  const types = await rows('select type from events where subject = ? order by seq', userId);
  expect(types.map(({ type }) => type)).toEqual([
    'reseller.user.created',
    'reseller.user.activated',
    'account.link-requested',
    'reseller.user.updated',
    'account.password-changed',
  ]);
  expect((await mails()).map(({ template }) => template)).toEqual(['activation', 'password-reset', 'security-notice']);
});

test('asking for a new link looks the same for everybody, and mails nobody who is unknown', async () => {
  const { email, again } = await withLink();
  const count = async () => (await rows('select count(*) as mails from emails'))[0].mails;
  const before = await count();
  const answers = [
    await post('mail', { token: 'nonsense' }),
    await post('mail', { email: `${unique('nobody')}@example.com` }),
  ];
  // Asked for after them: once this one is there, they are done.
  expect(await look(await again({ email: email.toUpperCase() }))).toMatchObject({ state: 'open' });
  expect(await count()).toBe(before + 1);
  answers.push(await post('mail', { email }));
  await vi.waitFor(async () => expect(await count()).toBe(before + 2), { timeout: 10_000 });
  const shapes = answers.map(({ status, text, headers }) => [status, text, [...headers.keys()].sort()]);
  expect(shapes[1]).toEqual(shapes[0]);
  expect(shapes[2]).toEqual(shapes[0]);
  expect(answers[0]).toMatchObject({ status: 202, text: '{}' });
});

test('whoever asks for a new link is answered before anybody looks who it is', { timeout: 5_000 }, async () => {
  const { token, mails } = await withLink();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const DB = faultyDatabase(env.DB, async (_, work) => {
    await released;
    return work(null);
  });
  const context = createExecutionContext();
  const request = new Request<unknown, IncomingRequestCfProperties>('https://edge.localhost/activate/mail', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'CF-Connecting-IP': unique('address') },
    body: JSON.stringify({ token }),
  });
  // Were it to wait for the database, it would wait for ever.
  expect((await worker.fetch(request, { ...env, DB }, context)).status).toBe(202);
  expect(await mails()).toHaveLength(1);
  release();
  await waitOnExecutionContext(context);
  expect(await mails()).toHaveLength(2);
});

test('no answer about a link carries a bookmark, which could tell whether something was written', async () => {
  const { token, ask, email } = await withLink();
  await ask();
  const replies = [
    await post('link', { token: 'nonsense' }),
    await post('link', { token }),
    await post('link', {}),
    await post('password', { token: 'nonsense', password: PASSWORD }),
    await post('password', { token, password: 'short' }),
    await choose(token),
    await post('mail', { email: `${unique('nobody')}@example.com` }),
    await post('mail', { email }),
  ];
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 400, 409, 400, 204, 202, 202]);
  expect(replies.map(({ headers }) => headers.get('X-D1-Bookmark'))).toEqual(replies.map(() => null));
});

test('nobody is mailed more than a few links an hour, however many ask at once', async () => {
  const { email, mails, ask } = await withLink();
  const somebodyElse = await withLink();
  const before = (await mails()).length;
  await Promise.all(Array.from({ length: 12 }, () => post('mail', { email })));
  await somebodyElse.ask();
  expect(await mails()).toHaveLength(before + LINK_MAILS_MAX);
  await rows('update emails set created_at = created_at - 3600001 where recipient = ?', email);
  await ask({ email });
  expect(await mails()).toHaveLength(before + LINK_MAILS_MAX + 1);
});

test('one address may ask a few times, and is told when to come back', async () => {
  const anonymous = unique('address');
  const now = vi.spyOn(Date, 'now').mockReturnValue(Date.now());
  const replies = [];
  for (let count = 0; count <= LINK_REQUESTS_MAX; count++) {
    replies.push(await post('link', { token: 'nonsense' }, anonymous));
  }
  now.mockRestore();
  expect(replies.slice(0, -1).every(({ status }) => status === 200)).toBe(true);
  const last = replies.at(-1)!;
  expect(last).toMatchObject({ status: 429, body: { code: 'RATE_LIMIT_EXCEEDED' } });
  expect(Number(last.headers.get('Retry-After'))).toBeGreaterThan(0);
  expect(await post('link', { token: 'nonsense' })).toMatchObject({ status: 200 });
});

test.each([
  ['link', 'not JSON', 400],
  ['link', {}, 400],
  ['link', { token: 5 }, 400],
  ['link', { token: '' }, 400],
  ['link', { token: 'x'.repeat(101) }, 400],
  ['password', { token: 'x' }, 400],
  ['password', { token: 'x', password: null }, 400],
  ['password', [], 400],
  ['mail', {}, 400],
  ['mail', { email: 'nobody' }, 400],
  ['mail', `{"email":"${'x'.repeat(70_000)}"}`, 413],
])('a bad request to /activate/%s is refused: %j', async (path, body, status) => {
  const before = await footprint();
  const reply = await post(path, body);
  expect(reply).toMatchObject({ status, body: { message: expect.any(String), code: expect.any(String) } });
  expect(reply.headers.get('Cache-Control')).toBe('no-store');
  expect(await footprint()).toEqual(before);
});

test('a body of another media type is refused, so that no other site’s form can send one', async () => {
  const reply = await send('POST', '/activate/mail', {
    headers: { 'Content-Type': 'text/plain', 'CF-Connecting-IP': unique('address') },
    body: '{"email":"a@example.com"}',
  });
  expect(reply.status).toBe(415);
});
