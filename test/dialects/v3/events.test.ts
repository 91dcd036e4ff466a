import { afterEach, expect, test, vi } from 'vitest';
import { send } from '../../support/api.ts';
import { makeReseller, newOrganization, newUser, operator, rows } from '../../support/world.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const namesOf = (events: { event: string }[]) => events.map(({ event }) => event);

test('the feed tells what happened, in the order of commit, with who and what', async () => {
  const { id, base, api } = await makeReseller();
  const organization = await api.post(`${base}/organizations`, newOrganization());
  const user = await api.post(`${base}/users`, newUser(), { 'X-Request-Id': 'req-1' });
  await api.patch(`${base}/users/${user.body.id}`, { role: 'x' });
  await api.delete(`${base}/organizations/${organization.body.id}`);
  const { status, body } = await api.get('/v3/events');
  expect(status).toBe(200);
  expect(namesOf(body)).toEqual([
    'reseller.created',
    'reseller.organization.created',
    'reseller.user.created',
    'reseller.user.updated',
    'reseller.organization.deleted',
  ]);
  expect(body[2]).toEqual({
    id: body[2].id,
    event: 'reseller.user.created',
    data: user.body,
    triggeredAt: user.body.createdAt,
    resellerId: id,
    actor: `client:${api.client.id}`,
    subject: user.body.id,
    requestId: 'req-1',
  });
});

test('a reader that goes on from the last event it saw reads each event once', async () => {
  const { base, api } = await makeReseller();
  for (let index = 0; index < 6; index++) await api.post(`${base}/users`, newUser());
  const whole = (await api.get('/v3/events')).body;
  const walked: { id: string; event: string }[] = [];
  let path: string | undefined = '/v3/events?limit=3';
  for (let pages = 0; path !== undefined && pages < 9; pages++) {
    const page = await api.get(path);
    walked.push(...page.body);
    path = /<https:\/\/edge\.localhost([^>]+)>; rel="next"/.exec(page.headers.get('Link') ?? '')?.[1];
  }
  expect(walked).toEqual(whole);
  const last = whole.at(-1).id;
  expect((await api.get(`/v3/events?after=${last}`)).body).toEqual([]);
  const { body } = await api.post(`${base}/users`, newUser());
  expect((await api.get(`/v3/events?after=${last}`)).body.map(({ subject }: { subject: string }) => subject)).toEqual([
    body.id,
  ]);
});

test.each([
  ["after = '{'", 'text that is no JSON'],
  ["after = '{}'", 'a state that lacks what events of its type have'],
  ["type = 'reseller.unheard-of'", 'a type that no version knows'],
])('an event that cannot be read (%s) is passed over, by pages too: %s', async (damage) => {
  const { id, base, api } = await makeReseller();
  for (let index = 0; index < 4; index++) await api.post(`${base}/users`, newUser());
  const whole = (await api.get('/v3/events')).body;
  const [damaged] = [whole[2].id];
  vi.spyOn(console, 'error').mockImplementation(() => {});
  await rows(`update events set ${damage} where id = ?`, damaged);
  const left = whole.filter((event: { id: string }) => event.id !== damaged);
  expect((await api.get('/v3/events')).body).toEqual(left);
  for (const limit of [1, 2, 3]) {
    const walked: { id: string }[] = [];
    let path: string | undefined = `/v3/events?limit=${limit}`;
    for (let pages = 0; path !== undefined && pages < 9; pages++) {
      const page = await api.get(path);
      expect(page.status, page.text).toBe(200);
      walked.push(...page.body);
      path = /<https:\/\/edge\.localhost([^>]+)>; rel="next"/.exec(page.headers.get('Link') ?? '')?.[1];
    }
    expect(walked).toEqual(left);
  }
  expect((await api.get(`/v3/events?after=${damaged}`)).body).toEqual(left.slice(2));
  expect((await api.get('/v3/audit-log')).status).toBe(200);
  await rows('delete from events where reseller_id = ?', id);
});

test("an event's order is that of its commit, not of its id", async () => {
  const { id, api } = await makeReseller();
  await rows(
    `insert into events (id, reseller_id, type, actor, subject, after, request_id, occurred_at)
     select '00000000-0000-7000-8000-' || substr(hex(randomblob(6)), 1, 12), reseller_id, type, actor, subject, after, request_id, occurred_at
     from events where reseller_id = ?`,
    id,
  );
  const { body } = await api.get('/v3/events');
  expect(body).toHaveLength(2);
  expect(body[1].id < body[0].id).toBe(true);
  expect((await api.get(`/v3/events?after=${body[0].id}`)).body).toEqual([body[1]]);
});

test("nobody reads another reseller's events, nor learns of them by a cursor", async () => {
  const [mine, other] = [await makeReseller(), await makeReseller()];
  const [theirs] = (await other.api.get('/v3/events')).body;
  const foreign = await mine.api.get(`/v3/events?after=${theirs.id}`);
  const unknown = await mine.api.get(`/v3/events?after=${crypto.randomUUID()}`);
  expect([foreign.status, foreign.body.code]).toEqual([400, 'VALIDATION_FAILED']);
  expect(foreign.text).toBe(unknown.text);
  const all = (await (await operator()).get('/v3/events?limit=500')).body;
  expect(all.map(({ id }: { id: string }) => id)).toContain(theirs.id);
});

test('events older than 30 days are out of reach, but a reader that was merely quiet goes on', async () => {
  const { id, base, api } = await makeReseller();
  const [old] = (await api.get('/v3/events')).body;
  await rows('update events set occurred_at = ? where reseller_id = ?', Date.now() - 31 * 86_400_000, id);
  await api.post(`${base}/users`, newUser());
  expect(namesOf((await api.get('/v3/events')).body)).toEqual(['reseller.user.created']);
  expect(namesOf((await api.get(`/v3/events?after=${old.id}`)).body)).toEqual(['reseller.user.created']);
  expect((await api.get(`/v3/events?after=${crypto.randomUUID()}`)).status).toBe(400);
});

test.each(['after=x', 'limit=0', 'limit=501', 'limit=x', 'limit=1&limit=2'])('?%s is refused', async (query) => {
  const { api } = await makeReseller();
  expect((await api.get(`/v3/events?${query}`)).status).toBe(400);
});

test('the document says what the data of an event may be', async () => {
  const { paths } = (await send('GET', '/v3/openapi.json')).body;
  const { items } = paths['/v3/events'].get.responses[200].content['application/json'].schema;
  expect(items.required).toContain('data');
  expect(items.properties.data.anyOf.map(({ $ref }: { $ref: string }) => $ref.split('/').at(-1))).toEqual(
    expect.arrayContaining(['Reseller', 'Organization', 'User', 'Webhook']),
  );
});
