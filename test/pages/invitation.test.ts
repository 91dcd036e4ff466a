import { env } from 'cloudflare:workers';
import { beforeEach, expect, test, vi } from 'vitest';
import { newInvitationToken, readInvitationToken } from '../../src/auth/secrets/invitation-token.ts';
import { seal } from '../../src/auth/secrets/seal.ts';
import { readEnv } from '../../src/env.ts';
import { LANGUAGES } from '../../src/model/language.ts';
import { INVITATION_LIFE_MS, INVITATION_REQUESTS_MAX, REFUSAL_COOLDOWN_MS } from '../../src/model/limits/index.ts';
import { INVITATION_TEXTS } from '../../src/pages/invitation/texts.ts';
import { send } from '../support/api.ts';
import { footprint } from '../support/measures/footprint.ts';
import { tokenIn } from '../support/people/invited.ts';
import { answer, GIVEN_PASSWORD, makeInvited, resetByToken, visit } from '../support/people/invitees.ts';
import { choose } from '../support/people/links.ts';
import { muteQueues } from '../support/queues.ts';
import { operator, rows, unique } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

const NEW_PASSWORD = 'Correct-horse-1';
const login = async (accountId: string, email: string, password: string) => {
  const reply = await send('POST', '/v3/accounts/login', {
    headers: { 'Content-Type': 'application/json', 'CF-Connecting-IP': unique('address') },
    body: JSON.stringify({ accountId, email, password }),
  });
  return reply.status;
};
/** The person chose the password by a link in a mail. */
const own = (userId: string) =>
  rows('update users set prepared_scopes = null, prepared_at = null, email_verified_at = 1 where id = ?', userId);

test.each(LANGUAGES)('the link asks first, in the language of the person: %s', async (language) => {
  const { token, other } = await makeInvited({ language });
  const before = await footprint();
  for (const method of ['GET', 'HEAD', 'GET']) expect((await visit(method, token)).status).toBe(200);
  const { text, headers } = await visit('GET', token, { headers: { 'Accept-Language': 'en' } });
  expect(await footprint()).toEqual(before);
  const { name } = (await other.api.get(other.base)).body;
  const texts = INVITATION_TEXTS[language];
  expect(text).toContain(`<html lang="${language}">`);
  for (const word of [texts.question.heading(name), texts.accept, texts.refuse, texts.roles, texts.prepared])
    expect(text).toContain(word);
  expect(headers.get('Set-Cookie')).toBeNull();
  expect(headers.get('X-D1-Bookmark')).toBeNull();
  expect(headers.get('Cache-Control')).toBe('no-store');
  expect(headers.get('Referrer-Policy')).toBe('no-referrer');
});

test('an account that a tenant prepared is the person’s alone once the invitation is accepted by link', async () => {
  const invited = await makeInvited();
  const { home, other, email, userId, token } = invited;
  const password = GIVEN_PASSWORD;
  await rows("insert into totp_secrets (user_id, sealed_secret, created_at) values (?, 's', 1)", userId);
  await rows(
    "insert into external_identities (issuer, subject, user_id, email, created_at) values ('i', ?, ?, 'e', 1)",
    unique('subject'),
    userId,
  );
  expect(await login(home.id, email, password)).toBe(200);
  expect(await login(other.id, email, password)).toBe(400);
  const accepted = await answer(token, 'accept');
  expect(accepted.status).toBe(200);
  expect(accepted.text).toContain(INVITATION_TEXTS.en.mailed.heading(''));
  expect(accepted.headers.get('Set-Cookie')).toBeNull();
  for (const { id } of [home, other]) expect(await login(id, email, password)).toBe(400);
  for (const table of ['totp_secrets', 'external_identities'])
    expect(await rows(`select 1 from ${table} where user_id = ?`, userId)).toEqual([]);
  expect(await rows('select 1 from sessions where user_id = ? and ended_at is null', userId)).toEqual([]);
  await invited.relay();
  const link = invited.inbox().find(({ text }) => text.includes('/activate#'));
  expect((await choose(tokenIn(link!), NEW_PASSWORD)).status).toBe(204);
  for (const { id } of [home, other]) expect(await login(id, email, NEW_PASSWORD)).toBe(200);
  expect(await invited.heard()).toEqual(['created', 'updated', 'account.logged-in']);
  expect((await invited.user()).email_verified_at).not.toBeNull();
  const atHome = (await home.api.get('/v3/audit-log?type=reseller.user.updated')).body;
  expect(atHome[0]).toMatchObject({ subject: userId, actor: `reseller:${other.id}`, address: '' });
});

test('a person with a password of its own keeps it', async () => {
  const invited = await makeInvited();
  const { other, email, userId, token } = invited;
  await own(userId);
  const question = await visit('GET', token);
  expect(question.text).not.toContain(INVITATION_TEXTS.en.prepared);
  const accepted = await answer(token, 'accept');
  const { name } = (await other.api.get(other.base)).body;
  expect(accepted.text).toContain(INVITATION_TEXTS.en.accepted.text(name));
  expect(accepted.text).toContain(`href="/sign-in?account=${other.id}"`);
  const later = await visit('GET', token);
  expect([later.status, later.text]).toEqual([404, expect.stringContaining('href="/sign-in"')]);
  expect(await login(other.id, email, GIVEN_PASSWORD)).toBe(200);
  await invited.relay();
  expect(invited.inbox().filter(({ text }) => text.includes('/activate#'))).toEqual([]);
});

test('a person who declines is not invited again for 30 days', async () => {
  const { token, userId, users, email, other, heard, membership, inviteAgain } = await makeInvited();
  const declined = await answer(token, 'refuse');
  const { name } = (await other.api.get(other.base)).body;
  expect([declined.status, declined.text]).toEqual([
    200,
    expect.stringContaining(INVITATION_TEXTS.en.refused.text(name)),
  ]);
  expect(await membership()).toBeUndefined();
  expect(await heard()).toEqual(['created', 'deleted']);
  const body = { email, displayName: 'Jane Doe', roles: ['user.admin'] };
  const again = await (await operator()).post(users, body);
  expect([again.status, again.body.message]).toEqual([409, 'This e-mail address cannot be used.']);
  await rows(
    'update membership_refusals set refused_at = ? where user_id = ?',
    Date.now() - REFUSAL_COOLDOWN_MS - 1,
    userId,
  );
  await inviteAgain('user.admin');
  expect((await visit('GET', token)).status).toBe(404);
});

test('an answer is taken once, also of many at a time', async () => {
  const { token, heard, membership } = await makeInvited();
  const answers = await Promise.all(['accept', 'refuse', 'accept', 'accept'].map((given) => answer(token, given)));
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  expect(statuses.filter((status) => status >= 500)).toEqual([]);
  const accepted = (await membership()) !== undefined;
  expect(await heard()).toEqual(['created', accepted ? 'updated' : 'deleted']);
  for (const method of ['GET', 'HEAD']) expect((await visit(method, token)).status).toBe(404);
  expect((await answer(token, 'accept')).status).toBe(404);
});

test.each<[string, RequestInit]>([
  ['without a body', {}],
  ['with another answer', { body: new URLSearchParams({ answer: 'maybe' }) }],
  [
    'twice over',
    { body: 'answer=accept&answer=refuse', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
  ],
  ['as JSON', { body: '{"answer":"accept"}', headers: { 'Content-Type': 'application/json' } }],
])('a form that says nothing clear is asked again: %s', async (_, options) => {
  const { token, membership } = await makeInvited();
  const reply = await visit('POST', token, options);
  expect([reply.status, reply.text]).toEqual([200, expect.stringContaining('value="accept"')]);
  expect((await membership()).accepted_at).toBeNull();
});

test('a link that is dead, forged or of another purpose shows nothing of anybody', async () => {
  const { token, userId, other, email, membership, clock } = await makeInvited();
  const settings = readEnv(env);
  const { created_at: invitedAt } = await membership();
  const forged = [
    'x',
    `${token}x`,
    token.slice(0, -2),
    (await seal(settings, `${userId} ${other.id} ${invitedAt}`, 'subscription')).replace(/[+/=]/g, '_'),
    await newInvitationToken(settings, { userId, resellerId: other.id, invitedAt: invitedAt - 1 }),
    await newInvitationToken(settings, { userId: crypto.randomUUID(), resellerId: other.id, invitedAt }),
    'k'.repeat(300),
  ];
  const { name } = (await other.api.get(other.base)).body;
  const pages = [];
  for (const one of forged) {
    for (const reply of [await visit('GET', one), await answer(one, 'accept'), await answer(one, 'refuse')]) {
      expect(reply.status).toBe(404);
      expect(reply.text).not.toMatch(new RegExp(`${name}|${email}`));
      pages.push(reply.text);
    }
  }
  expect(new Set(pages).size).toBe(1);
  expect((await membership()).accepted_at).toBeNull();
  await rows('update memberships set created_at = ? where user_id = ?', clock.nowMs - INVITATION_LIFE_MS - 1, userId);
  const expired = await newInvitationToken(settings, {
    userId,
    resellerId: other.id,
    invitedAt: clock.nowMs - INVITATION_LIFE_MS - 1,
  });
  expect((await answer(expired, 'accept')).status).toBe(404);
});

test.each(['email', 'reset'])('what others change of the person cancels the invitation: %s', async (which) => {
  const { token, home, userId, heard, membership } = await makeInvited();
  if (which === 'email') {
    const email = `${unique('moved')}@example.com`;
    expect((await home.api.patch(`${home.base}/users/${userId}`, { email })).status).toBe(200);
  } else {
    await resetByToken({ home, userId });
  }
  expect(await membership()).toBeUndefined();
  expect(await heard()).toEqual(['created', 'deleted']);
  expect((await answer(token, 'accept')).status).toBe(404);
});

test('the token of one invitation answers no other', async () => {
  const [one, other] = [await makeInvited(), await makeInvited()];
  await answer(one.token, 'accept');
  expect((await other.membership()).accepted_at).toBeNull();
  expect(await readInvitationToken(readEnv(env), other.token)).toMatchObject({ userId: other.userId });
});

test('a token can be asked about so often, and each by itself', async () => {
  const [one, other] = [await makeInvited(), await makeInvited()];
  // A window may end meanwhile, and another begin.
  let status = 200;
  for (let asked = 0; status !== 429 && asked < 2 * INVITATION_REQUESTS_MAX; asked++)
    ({ status } = await visit('GET', one.token));
  const busy = await answer(one.token, 'accept');
  expect(busy.status).toBe(429);
  expect(Number(busy.headers.get('Retry-After'))).toBeGreaterThan(0);
  expect((await one.membership()).accepted_at).toBeNull();
  expect((await answer(other.token, 'accept')).status).toBe(200);
});
