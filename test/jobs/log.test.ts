import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { fanOut } from '../../src/delivery/fanout.ts';
import worker from '../../src/index.ts';
import { log, logFault, logWarning } from '../../src/model/log.ts';
import { makePlace } from '../support/outside/place.ts';
import { makeInvited } from '../support/people/invited.ts';
import { makePerson } from '../support/people/signed-up.ts';
import { downQueue, muteQueues } from '../support/queues.ts';
import { makePending, stoppedWorld, withSettings } from '../support/stopped-world.ts';
import { callerFor, makeReseller, newUser, rows, unique } from '../support/world.ts';
import { askLogged, entriesOf, linesOf } from './log.ts';

beforeEach(muteQueues);

test('each request leaves one line: its id, its route, how it ended and which credential it came by', async () => {
  const { id, base, api } = await makeReseller();
  const headers = { Authorization: `Bearer ${api.token}`, 'X-Request-Id': 'trace-1' };
  const lines = await entriesOf(() => askLogged(`${base}/users?search=secret`, { headers }));
  expect(lines).toEqual([
    {
      level: 'info',
      where: 'request',
      requestId: 'trace-1',
      method: 'GET',
      route: '/v3/resellers/:resellerId/users',
      status: 200,
      durationMs: expect.any(Number),
      dialect: 'v3',
      caller: 'client',
      client: api.client.id,
      reseller: id,
    },
  ]);
});

test.each([
  ['/healthz', 200, { route: '/healthz', dialect: null }],
  ['/nothing/here', 404, { route: '/*', dialect: null }],
  ['/v3/nothing', 404, { route: '/v3/*', dialect: 'v3' }],
  ['/v3/resellers', 401, { route: '/v3/resellers', dialect: 'v3' }],
  ['/reseller/customers', 401, { route: '/reseller/customers', dialect: 'reseller' }],
])('a request that nobody is known by leaves its line as well: %s', async (path, status, line) => {
  const lines = await entriesOf(() => askLogged(path));
  expect(lines).toEqual([{ ...lines[0], level: 'info', where: 'request', status, ...line }]);
  expect(Object.keys(lines[0])).not.toEqual(expect.arrayContaining(['caller', 'client', 'reseller']));
});

test('what a deployment does not want to read is not written', async () => {
  for (const level of ['error', 'warn'])
    expect(await linesOf(() => askLogged('/healthz', {}, { LOG_LEVEL: level }))).toEqual([]);
});

test('no line holds a name, an address, a token, a body, or which user it was', async () => {
  const person = await makePerson();
  const { base, api } = await callerWith();
  const marks = {
    'CF-Connecting-IP': '203.0.113.77',
    'User-Agent': 'Marked-Agent/1.0',
    Cookie: 'session=marked-cookie',
    'Idempotency-Key': 'marked-key',
    'Content-Type': 'application/json',
  };
  const input = newUser();
  const lines = await linesOf(async () => {
    const made = await askLogged(`${base}/users`, {
      method: 'POST',
      headers: { ...marks, Authorization: `Bearer ${api.token}` },
      body: JSON.stringify(input),
    });
    expect(made.status).toBe(201);
    await askLogged(`${base}/users?search=marked-query`, {
      headers: { ...marks, Authorization: 'Bearer marked.token.x' },
    });
    const login = await askLogged('/v3/accounts/login', {
      method: 'POST',
      headers: marks,
      body: JSON.stringify(person.credentials),
    });
    expect(login.status).toBe(200);
    const { accessToken } = (await login.json()) as { accessToken: string };
    const me = await askLogged('/v3/me/sessions', { headers: { ...marks, Authorization: `Bearer ${accessToken}` } });
    expect(me.status).toBe(200);
    await askLogged('/activate/link', { method: 'POST', headers: marks, body: '{"token":"marked-link"}' });
  });
  expect(lines).toHaveLength(5);
  const text = lines.join('\n').toLowerCase();
  for (const word of ['marked', '203.0.113.77', '@', 'jane', 'doe', 'correct', api.token, person.userId, person.email])
    expect(text).not.toContain(word.toLowerCase());
  expect(JSON.parse(lines[3] ?? '')).toMatchObject({ caller: 'user', reseller: person.id });
});

async function callerWith() {
  const { id, base } = await makeReseller();
  return { base, api: await callerFor(id) };
}

const HOSTILE = [
  'x\r\n{"level":"error"}',
  'x\u001b[31mred\u001b[0m\u0007',
  'x\u2028\u2029\u0085{"level":"info"}',
  '","status":200,"where":"',
  '\u202egnirts\u200b',
  '%0d%0a%7b%7d',
  '\\u000a\\n',
  '\u0000\u007f\u009b2J',
];

test.each(HOSTILE)('nothing that a caller sends ends a line, forges a field or moves a cursor: %j', async (hostile) => {
  const { base, api } = await makeReseller();
  const escaped = encodeURIComponent(hostile);
  const raw = hostile.replace(/[\r\n\0]|[^\0-\x7f]/g, '?');
  const headers = {
    'X-Request-Id': raw,
    'User-Agent': raw,
    Referer: raw,
    'Idempotency-Key': raw,
    'X-D1-Bookmark': raw,
    'CF-Connecting-IP': raw,
    Authorization: `Bearer ${raw}`,
  };
  const lines = await linesOf(async () => {
    await askLogged(`/v3/${escaped}?${escaped}=${escaped}`, { headers });
    await askLogged(`${base}/users/${escaped}`, { headers: { ...headers, Authorization: `Bearer ${api.token}` } });
    await askLogged(`${base}/users`, { method: 'POST', headers: { 'Content-Type': raw }, body: hostile });
    await askLogged(`/sign-in/google/callback?state=${escaped}&error=${escaped}`, { headers });
    await askLogged('/oauth/token', { method: 'POST', body: new URLSearchParams({ grant_type: hostile }) });
  });
  expect(lines.length).toBeGreaterThanOrEqual(5);
  for (const line of lines) {
    expect(line).toMatch(/^[\x20-\x7e]+$/);
    const entry = JSON.parse(line);
    if (entry.where === 'request') expect(entry.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.stringify(entry)).not.toMatch(/red|gnirts|2J|%0|level":"error/);
  }
});

test.each(HOSTILE)('a line is one line of printable ASCII, whatever it is given: %j', async (hostile) => {
  const lines = await linesOf(async () => {
    log('info', 'info', hostile, { requestId: hostile });
    logWarning(hostile, hostile, hostile);
    logFault(hostile, new Error(hostile), hostile);
  });
  expect(lines).toHaveLength(3);
  for (const line of lines) {
    expect(line).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(line)).toMatchObject({ where: hostile, requestId: hostile });
  }
});

test('a method that no route has is one word in the log and in the metrics', async () => {
  const lines = await entriesOf(() => askLogged('/healthz', { method: 'PROPFIND' }));
  expect(lines).toMatchObject([{ method: 'OTHER', route: '/healthz', status: 405 }]);
});

test('what fails behind an answer leaves a line with the id of its request', async () => {
  const { base, api } = await makeReseller();
  const headers = {
    Authorization: `Bearer ${api.token}`,
    'X-Request-Id': 'behind-1',
    'Content-Type': 'application/json',
  };
  const init = { method: 'POST', headers, body: JSON.stringify(newUser()) };
  const lines = await entriesOf(() => askLogged(`${base}/users`, init, { EVENTS: downQueue }));
  expect(lines).toContainEqual({ level: 'error', where: 'relay', requestId: 'behind-1', error: 'Error' });
});

test('a fault leaves its own line with the id of its request, in the same shape', async () => {
  const DB = {
    withSession: () => ({
      prepare: () => {
        throw new TypeError('secret');
      },
      getBookmark: () => null,
    }),
  };
  const { base, api } = await makeReseller();
  const headers = { Authorization: `Bearer ${api.token}`, 'X-Request-Id': 'fault-1' };
  const lines = await entriesOf(() => askLogged(base, { headers }, { DB }));
  expect(lines).toMatchObject([
    { level: 'error', where: 'GET /v3', requestId: 'fault-1', error: 'TypeError' },
    { level: 'info', where: 'request', requestId: 'fault-1', status: 500 },
  ]);
  expect(JSON.stringify(lines)).not.toContain('secret');
});

test('the id of a request goes on to the fan-out of its event and to each attempt to deliver it', async () => {
  const world = stoppedWorld(Date.now(), { logLevel: 'info' });
  const place = makePlace();
  const { base, api, user, endpoint, wake } = await makePending(place);
  const requestId = unique('trace');
  await api.send('PATCH', `${base}/users/${user.id}`, { firstName: 'Janet' }, { 'X-Request-Id': requestId });
  const [{ id: eventId }] = (await rows('select id from events where request_id = ?', requestId)) as [{ id: string }];
  await place.answer({ status: 500, body: 'receiver says secret' });
  const failed = await entriesOf(async () => {
    await fanOut(world.worker, [eventId]);
    await world.arrive([wake]);
  });
  expect(failed).toMatchObject([
    { level: 'info', where: 'fan-out', requestId, eventId, type: 'reseller.user.updated', deliveries: 1, mails: 0 },
    {
      level: 'warn',
      where: 'delivery',
      requestId,
      eventId,
      endpointId: endpoint.id,
      attempt: 1,
      statusCode: 500,
      state: 'pending',
    },
  ]);
  expect(JSON.stringify(failed)).not.toMatch(/secret|http|Janet/);
  await place.answer({ status: 200 });
  world.clock.nowMs += 86_400_000;
  const delivered = await entriesOf(() => world.arrive([wake]));
  expect(delivered).toMatchObject([{ level: 'info', where: 'delivery', requestId, attempt: 2, state: 'delivered' }]);
});

test('and to the mail that it caused', async () => {
  const { eventId, relay, arrive, worker, mails, email } = await makeInvited();
  const [{ request_id: requestId }] = (await rows('select request_id from events where id = ?', eventId)) as [
    { request_id: string },
  ];
  const messages = await relay();
  const lines = await entriesOf(() => arrive(messages, withSettings(worker, { logLevel: 'info' }), 'emails'));
  const [{ id: mailId }] = (await mails()) as [{ id: string }];
  expect(lines).toMatchObject([
    { level: 'info', where: 'mail', requestId, mailId, template: 'activation', state: 'sent' },
  ]);
  expect(JSON.stringify(lines)).not.toContain(email);
});

test('each batch of a queue leaves a line', async () => {
  const { eventId } = await makePending();
  const context = createExecutionContext();
  const batch = {
    queue: 'reseller-edge-events',
    messages: [{ id: 'm', body: { eventId } }],
  } as unknown as MessageBatch;
  const lines = await entriesOf(async () => {
    await worker.queue(batch, { ...env, LOG_LEVEL: 'info' }, context);
    await waitOnExecutionContext(context);
  });
  const last = { level: 'info', where: 'queue', queue: 'reseller-edge-events', messages: 1, taken: true };
  expect(lines.at(-1)).toEqual({ ...last, durationMs: expect.any(Number) });
});
