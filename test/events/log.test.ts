import { beforeAll, expect, test } from 'vitest';
import { AUDIT_RETENTION_MS, ID_SPREAD_MS, PAGE_MAX_ROWS, USER_AGENT_MAX_CHARS } from '../../src/model/limits/index.ts';
import type { Caller, Json } from '../support/api.ts';
import { enroll, makeAccount } from '../support/people/accounts.ts';
import { makePerson, post } from '../support/people/signed-up.ts';
import { makeStaff } from '../support/people/staff.ts';
import { muteQueues } from '../support/queues.ts';
import { callerFor, makeReseller, newOrganization, newUser, operator, rows, unique } from '../support/world.ts';

beforeAll(muteQueues);

const LOG = '/v3/audit-log';

/** The entries of all pages. */
async function walk(caller: Caller, query = '', limit = 2): Promise<Json[]> {
  const found: Json[] = [];
  let path: string | undefined = `${LOG}?limit=${limit}${query}`;
  for (let pages = 0; path !== undefined && pages < 50; pages++) {
    const page = await caller.get(path);
    expect(page.status, page.text).toBe(200);
    found.push(...page.body);
    path = /<https:\/\/edge\.localhost([^>]+)>; rel="next"/.exec(page.headers.get('Link') ?? '')?.[1];
  }
  return found;
}

const typesOf = (entries: Json[]) => entries.map(({ type }) => type);

/** A reseller in which a few things have happened. */
async function makeHistory() {
  const { id, base, api } = await makeReseller();
  const users = `${base}/users`;
  const origin = {
    'CF-Connecting-IP': '203.0.113.9',
    'User-Agent': 'Back office/2',
    'X-Request-Id': unique('request'),
  };
  const user = (await api.post(users, newUser(), origin)).body;
  const other = (await api.post(users, newUser())).body;
  await api.patch(`${users}/${user.id}`, { firstName: 'Ada' });
  await api.put(`/v1.0/accounts/${id}/branding`, { productName: 'Acme' });
  const second = await callerFor(id);
  await second.delete(`${users}/${user.id}`);
  return { id, base, api, second, user, other, origin };
}

test('the log says who did what, on whom, from where, and how it was before and after', async () => {
  const { id, api, user, origin } = await makeHistory();
  const [, created, , updated, branded] = await walk(api);
  expect(created).toEqual({
    id: created.id,
    occurredAt: user.createdAt,
    type: 'reseller.user.created',
    actor: `client:${api.client.id}`,
    subject: user.id,
    resellerId: id,
    requestId: origin['X-Request-Id'],
    address: '203.0.113.9',
    userAgent: 'Back office/2',
    before: null,
    after: expect.objectContaining({ firstName: 'Jane', email: user.email, createdAt: user.createdAt }),
    hash: null,
  });
  expect(updated).toMatchObject({ before: { firstName: 'Jane' }, after: { firstName: 'Ada' } });
  expect(branded).toMatchObject({
    type: 'branding.updated',
    subject: id,
    before: { productName: null },
    after: { productName: 'Acme' },
  });
});

test('it is read in the order of commit or the other way round, each entry once', async () => {
  const { api } = await makeHistory();
  const whole = (await api.get(LOG)).body;
  expect(typesOf(whole)).toEqual([
    'reseller.created',
    'reseller.user.created',
    'reseller.user.created',
    'reseller.user.updated',
    'branding.updated',
    'reseller.user.deleted',
  ]);
  for (const limit of [1, 2, 6]) {
    expect(await walk(api, '', limit)).toEqual(whole);
    expect(await walk(api, '&sort=-occurredAt', limit)).toEqual(whole.toReversed());
  }
});

test('it is searched by actor, subject, type and time, and by all of them at once', async () => {
  const { id, api, second, user, other } = await makeHistory();
  const platform = await operator();
  for (const [caller, more] of [
    [api, ''],
    [platform, `&resellerId=${id}`],
  ] as const) {
    const found = async (query: string) => typesOf(await walk(caller, `&${query}${more}`));
    expect(await found(`actor=client:${second.client.id}`)).toEqual(['reseller.user.deleted']);
    expect(await found(`subject=${other.id}`)).toEqual(['reseller.user.created']);
    expect(await found('type=reseller.user.created')).toHaveLength(2);
    expect(await found(`type=reseller.user.created&subject=${user.id}`)).toHaveLength(1);
    expect(await found(`type=reseller.user.created&actor=client:${second.client.id}`)).toEqual([]);
    expect(await found(`actor=client:${api.client.id}&subject=${user.id}&type=reseller.user.updated`)).toHaveLength(1);
    expect(await found('type=nothing.known')).toEqual([]);
    expect(await found('occurredAt[lt]=2020-01-01')).toEqual([]);
    expect(await found('occurredAt[gte]=2999-01-01')).toEqual([]);
    expect(await found('occurredAt[gte]=2020-01-01&occurredAt[lt]=2999-01-01')).toHaveLength(6);
  }
});

test('times are exact, whatever the clock that an id came from', async () => {
  const { id, api } = await makeReseller();
  await rows('delete from events where reseller_id = ?', id);
  const at = Date.now();
  // The order of commit is neither that of the ids nor that of the times.
  const times = [0, 2000, 1000, 3000, 1000].map((offset) => at + offset);
  for (const [index, time] of times.entries()) {
    const late = (time + (index % 2) * (ID_SPREAD_MS - 10_000)).toString(16).padStart(12, '0');
    await rows(
      `insert into events (id, reseller_id, type, actor, subject, request_id, occurred_at) values (?, ?, 't', 'a', ?, 'r', ?)`,
      `${late.slice(0, 8)}-${late.slice(8)}-7000-8000-${crypto.randomUUID().slice(24)}`,
      id,
      String(index),
      time,
    );
  }
  const iso = (offset: number) => new Date(at + offset).toISOString();
  const found = async (query: string) => (await walk(api, `&${query}`)).map(({ subject }) => subject);
  expect(await found(`occurredAt[gt]=${iso(1000)}`)).toEqual(['1', '3']);
  expect(await found(`occurredAt[gte]=${iso(1000)}`)).toEqual(['1', '2', '3', '4']);
  expect(await found(`occurredAt[lt]=${iso(1000)}`)).toEqual(['0']);
  expect(await found(`occurredAt[lte]=${iso(1000)}`)).toEqual(['0', '2', '4']);
  expect(await found(`occurredAt=${iso(1000)}`)).toEqual(['2', '4']);
  expect(await found(`occurredAt=${iso(1000)}&sort=-occurredAt`)).toEqual(['4', '2']);
  expect(await found(`occurredAt[gt]=${iso(0)}&occurredAt[lt]=${iso(3000)}`)).toEqual(['1', '2', '4']);
});

test("the operator sees every reseller's, a reseller its own and nothing beyond it, by whatever it asks", async () => {
  const [ours, theirs] = [await makeHistory(), await makeHistory()];
  const platform = await operator();
  const seen = (await walk(platform, '&sort=-occurredAt', PAGE_MAX_ROWS)).map(({ resellerId }) => resellerId);
  expect(seen).toContain(ours.id);
  expect(seen).toContain(theirs.id);
  const [entry] = (await theirs.api.get(LOG)).body;
  for (const query of [
    `resellerId=${theirs.id}`,
    `subject=${theirs.user.id}`,
    `actor=client:${theirs.api.client.id}`,
    `subject=${theirs.user.id}&type=reseller.user.created`,
  ])
    expect((await ours.api.get(`${LOG}?${query}`)).body).toEqual([]);
  expect(new Set((await walk(ours.api)).map(({ resellerId }) => resellerId))).toEqual(new Set([ours.id]));
  const foreign = await ours.api.get(`${LOG}?after=${entry.id}`);
  const absent = await ours.api.get(`${LOG}?after=${crypto.randomUUID()}`);
  expect(foreign.status).toBe(400);
  expect(foreign.text).toBe(absent.text);
  expect((await platform.get(`${LOG}?after=${entry.id}`)).status).toBe(200);
});

test('who looks after one customer sees nothing of it, and needs no more than the right to see all', async () => {
  const { id, base, api } = await makeHistory();
  const organization = (await api.post(`${base}/organizations`, newOrganization())).body;
  const reseller = { id, base, api };
  const confined = await makeStaff(reseller, { word: 'organization-admin', organizationId: organization.id });
  expect((await confined.get(LOG)).status).toBe(403);
  const reader = await callerFor(id, ['audit:read']);
  expect((await reader.get(LOG)).status).toBe(200);
  expect((await (await callerFor(id, ['event:read'])).get(LOG)).status).toBe(403);
});

test('another reseller that hears of a member hears nothing of who it was at home and from where', async () => {
  const [home, other] = [await makeAccount(), await makeAccount()];
  const guest = await home.makeUser();
  await enroll(other, guest);
  await home.api.patch(guest.path, [{ op: 'replace', path: '/displayName', value: 'Sam Moved' }]);
  await home.api.delete(guest.path);
  const heard = await walk(other.api, `&subject=${guest.id}`);
  expect(typesOf(heard)).toEqual(['reseller.user.created', 'reseller.user.updated', 'reseller.user.updated']);
  for (const entry of heard.slice(1))
    expect(entry).toMatchObject({ actor: `reseller:${home.id}`, address: '', userAgent: '' });
});

test('so it is where a user goes with its organization', async () => {
  const { id, base, api } = await makeReseller();
  const organization = (await api.post(`${base}/organizations`, newOrganization())).body;
  const user = (await api.post(`${base}/users`, { ...newUser(), organizationId: organization.id })).body;
  const elsewhere = await makeAccount();
  await rows(
    "insert into memberships (user_id, reseller_id, roles, created_at, accepted_at) values (?, ?, '[]', 1, 1)",
    user.id,
    elsewhere.id,
  );
  const headers = { 'CF-Connecting-IP': '203.0.113.9', 'User-Agent': 'Back office/2' };
  await api.send('DELETE', `${base}/organizations/${organization.id}`, undefined, headers);
  const deleted = await walk(api, `&subject=${user.id}&type=reseller.user.deleted`);
  expect(deleted).toMatchObject([{ resellerId: id, address: '203.0.113.9', userAgent: 'Back office/2' }]);
  expect(await walk(elsewhere.api, `&subject=${user.id}`)).toMatchObject([
    { actor: `reseller:${id}`, address: '', userAgent: '' },
  ]);
});

test('the name of a browser that is cut within a letter is still text', async () => {
  const { api, credentials } = await makePerson();
  const userAgent = `${'a'.repeat(USER_AGENT_MAX_CHARS - 1)}😀`;
  const reply = await post('/v3/accounts/login', credentials, undefined, { 'User-Agent': userAgent });
  expect(reply.status).toBe(200);
  const [entry] = await walk(api, '&type=account.logged-in');
  expect(entry.userAgent).toBe(`${'a'.repeat(USER_AGENT_MAX_CHARS - 1)}\ufffd`);
});

test('a session that is ended says from where, and nothing where nobody asked for it', async () => {
  const { id, userId, api, signIn } = await makePerson();
  const caller = await signIn();
  await caller.send('DELETE', '/v3/me/sessions', undefined, { 'CF-Connecting-IP': '203.0.113.9' });
  await signIn();
  await api.delete(`/v3/resellers/${id}/users/${userId}`);
  const ended = await walk(api, `&subject=${userId}&type=account.session-ended`);
  expect(ended.map(({ address, after }) => [address, after.reason])).toEqual([
    ['203.0.113.9', 'ended-by-user'],
    ['', 'user-deleted'],
  ]);
});

test('the feed and webhooks say nothing of addresses', async () => {
  const { api } = await makeHistory();
  const { text } = await api.get('/v3/events');
  expect(text).toContain('reseller.user.created');
  expect(text).not.toContain('203.0.113.9');
  expect(text).not.toContain('branding.updated');
});

test('it reaches a year back, where the feed reaches thirty days', async () => {
  const { id, api } = await makeHistory();
  await rows('update events set occurred_at = occurred_at - ? where reseller_id = ?', AUDIT_RETENTION_MS - 1000, id);
  expect((await api.get('/v3/events')).body).toEqual([]);
  expect((await api.get(LOG)).body).toHaveLength(6);
});

test.each([
  'actor[cn]=x',
  'type[in]=a,b',
  'occurredAt[ne]=2026-01-01',
  'occurredAt=yesterday',
  'actor=',
  'limit=101',
  'sort=actor',
  'page=2',
  'search=x',
  'after=x',
  'subject=a&subject=b',
])('it refuses %s, which no index would serve or nobody could mean', async (query) => {
  const { api } = await makeReseller();
  expect(await api.get(`${LOG}?${query}`)).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } });
});
