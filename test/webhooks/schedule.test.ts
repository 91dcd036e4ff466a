import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { fanOut } from '../../src/delivery/fanout.ts';
import { WEBHOOK_RESPONSE_STORED_BYTES } from '../../src/model/limits/index.ts';
import { makePlace } from '../support/outside/place.ts';
import { makePending, stoppedWorld } from '../support/stopped-world.ts';
import { rows } from '../support/world.ts';

const MINUTE = 60_000;

/** One failed attempt, and how long after it the next is due. */
async function waitAfter(status: number, headers: Record<string, string> = {}, random = 0.5) {
  const { worker, clock, arrive } = stoppedWorld();
  const place = makePlace();
  const { wake, eventId, delivery } = await makePending(place);
  await place.answer({ status, headers });
  await fanOut(worker, [eventId]);
  await arrive([wake], { ...worker, random: () => random });
  const { state, next_attempt_at } = await delivery();
  return state === 'pending' ? next_attempt_at - clock.nowMs : state;
}

test.each([
  [0, 4_000],
  [0.5, 5_000],
  [1, 6_000],
])('the wait spreads by a fifth to both sides (chance %d)', async (random, waitMs) => {
  expect(await waitAfter(500, {}, random)).toBe(waitMs);
});

test.each([
  [503, '7', 7_000],
  [503, '3600', 10_000],
  [500, '1', 5_000],
  [503, 'soon', 5_000],
  [503, '-5', 5_000],
  [429, '3', MINUTE],
  [429, '3600', MINUTE],
])('an answer %d with Retry-After %s waits %d ms, never more than twice the step', async (status, after, waitMs) => {
  expect(await waitAfter(status, { 'retry-after': after })).toBe(waitMs);
});

test('Retry-After may be a date', async () => {
  const soon = new Date(Date.now() + 9_000).toUTCString();
  const waitMs = await waitAfter(503, { 'retry-after': soon });
  expect(waitMs).toBeGreaterThan(6_500);
  expect(waitMs).toBeLessThanOrEqual(9_000);
});

test.each([429, 502, 504])('an overloaded receiver (%d) is left alone for a minute', async (status) => {
  expect(await waitAfter(status)).toBe(MINUTE);
});

test.each([300, 301, 302, 304, 307, 308, 400, 404, 500])(
  'an answer %d is a failure and nothing follows it',
  async (status) => {
    const elsewhere = makePlace();
    expect(await waitAfter(status, { location: elsewhere.url })).toBe(5_000);
    expect(await elsewhere.seen()).toEqual([]);
  },
);

test.each([200, 201, 202, 204, 299])('an answer %d is a success', async (status) => {
  expect(await waitAfter(status)).toBe('delivered');
});

test('a receiver that wants an event no more gets it no more', async () => {
  expect(await waitAfter(500, { 'webhook-delivery': 'abort-message' })).toBe('dead');
  expect(await waitAfter(200, { 'webhook-delivery': 'abort-message' })).toBe('delivered');
});

test('the first KiB of an answer is kept, without control characters and without what signed the request', async () => {
  const { worker, clock, arrive } = stoppedWorld();
  const place = makePlace();
  const token = 'shared/secret "quoted"';
  const { wake, eventId, attempts } = await makePending(place, { token });
  await place.answer({ status: 500, body: 'x'.repeat(5000) });
  await fanOut(worker, [eventId]);
  await arrive([wake]);
  const signature = (await place.seen())[0]?.headers['webhook-signature'] ?? '';
  expect(signature).not.toBe('');
  const echo = `\u0000down\r\n\u001b[31m ${signature} ${JSON.stringify(token)} ${'é'.repeat(1000)}`;
  await place.answer({ status: 500, body: echo });
  clock.nowMs += 5_000;
  await arrive([wake]);
  const [first, second] = (await attempts()).map(({ answer }) => answer as string);
  expect(first).toBe('x'.repeat(WEBHOOK_RESPONSE_STORED_BYTES));
  expect(second).toMatch(/^down \[31m … "…" é+$/);
  expect(Buffer.byteLength(second ?? '')).toBeLessThanOrEqual(WEBHOOK_RESPONSE_STORED_BYTES);
  expect(JSON.stringify(await attempts())).not.toContain(signature);
});

test('a token that is nothing but a prefix makes no more of an answer than there is', async () => {
  const { worker, arrive } = stoppedWorld();
  const place = makePlace();
  const { wake, eventId, attempts } = await makePending(place, { token: 'v1,' });
  await place.answer({ status: 500, body: 'down v1, again' });
  await fanOut(worker, [eventId]);
  await arrive([wake]);
  expect((await attempts()).map(({ answer }) => answer)).toEqual(['down … again']);
});

test('an attempt is judged by its address too, whatever was allowed when it was saved', async () => {
  const { worker, arrive } = stoppedWorld();
  const place = makePlace();
  const { wake, eventId, attempts } = await makePending(place);
  await fanOut(worker, [eventId]);
  const rules = { ...worker.env.addressRules, allowLoopback: false };
  await arrive([wake], { ...worker, env: { ...worker.env, addressRules: rules } });
  expect(await place.seen()).toEqual([]);
  expect((await attempts())[0]).toMatchObject({
    status: 'failed',
    status_code: null,
    reason: expect.stringContaining('address'),
  });
});

test('a wait of more than the day that a queue allows is bridged by a timer for a day', async () => {
  const { worker, arrive, sent, clock } = stoppedWorld();
  const place = makePlace();
  const { wake, eventId, delivery } = await makePending(place);
  await place.answer({ status: 500 });
  await fanOut(worker, [eventId]);
  await rows('update webhook_deliveries set attempts = 8 where event_id = ?', eventId);
  await arrive([wake], { ...worker, random: () => 1 });
  expect((await delivery()).next_attempt_at).toBe(clock.nowMs + 1.2 * 86_400_000);
  expect(sent.tasks.at(-1)).toEqual({ body: wake, delaySeconds: 86_400 });
});

test('a receiver that does not answer has failed, and the log says why', async () => {
  const { worker, arrive } = stoppedWorld();
  const place = makePlace();
  const { wake, eventId, attempts } = await makePending(place);
  await place.answer({ status: 200, delayMs: 2_000 });
  await fanOut(worker, [eventId]);
  const impatient: typeof fetch = (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(50) });
  await arrive([wake], { ...worker, fetch: impatient });
  expect((await attempts())[0]).toMatchObject({ status: 'failed', status_code: null, reason: 'no answer within 15 s' });
});

test('no retry is made ahead of its time', async () => {
  const { worker, arrive, clock } = stoppedWorld();
  const place = makePlace();
  const { wake, eventId, delivery } = await makePending(place);
  await place.answer({ status: 429 });
  await fanOut(worker, [eventId]);
  await arrive([wake]);
  clock.nowMs += MINUTE - 1;
  await arrive([wake]);
  expect(await delivery()).toMatchObject({ attempts: 1 });
  clock.nowMs += 1;
  await arrive([wake]);
  expect(await delivery()).toMatchObject({ attempts: 2 });
});

const KEY = Buffer.alloc(32, 251).toString('base64');
test.each([
  ['the bare part of a signature', (signature: string) => signature.slice(3)],
  ['the key without its prefix', () => KEY],
  ['escapes of a URL', () => encodeURIComponent(KEY).toLowerCase().replaceAll('%2b', '%2b')],
  ['JSON with escaped slashes', () => KEY.replaceAll('/', '\\/')],
  ['a cut at the end of what is read', (signature: string) => `${' '.repeat(2048 - 40)}${signature}`],
])('an echo keeps no secret: %s', async (_, echo) => {
  const { worker, arrive, clock } = stoppedWorld();
  const place = makePlace();
  const { wake, eventId, attempts } = await makePending(place, { token: `whsec_${KEY}` });
  await place.answer({ status: 500 });
  await fanOut(worker, [eventId]);
  await arrive([wake]);
  // The second attempt within the same second has the same signature.
  const first = (await place.seen())[0];
  const at = Number(first?.headers['webhook-timestamp']) * 1000;
  clock.nowMs = at + 5_000;
  const next = new Webhook(`whsec_${KEY}`).sign(eventId, new Date(at + 5_000), first?.body ?? '');
  await rows('update webhook_deliveries set next_attempt_at = 0 where event_id = ?', eventId);
  await place.answer({ status: 500, body: echo(next) });
  await arrive([wake]);
  expect((await place.seen())[1]?.headers['webhook-signature']).toBe(next);
  const [, second] = await attempts();
  const kept = String(second?.answer);
  for (const secret of [KEY, next.slice(3)]) {
    for (let from = 0; from + 12 < secret.length; from++) expect(kept).not.toContain(secret.slice(from, from + 12));
  }
});
