import { env } from 'cloudflare:workers';
import { beforeEach, expect, test, vi } from 'vitest';
import { fanOut } from '../../src/delivery/fanout.ts';
import { readEnv } from '../../src/env.ts';
import { runJobs } from '../../src/jobs/index.ts';
import { RECOVERY_IDLE_MS, ROW_BYTES, SIGN_IN_BYTES_FACTOR, USER_BYTES_SHARE } from '../../src/model/limits/index.ts';
import { DAY_MS, startOfNextDay } from '../../src/model/usage/budgets.ts';
import { send } from '../support/api.ts';
import { makePlace } from '../support/outside/place.ts';
import { enroll, makeAccount } from '../support/people/accounts.ts';
import { authorized, exchange, makeDelegation } from '../support/people/oauth.ts';
import { makePerson, PASSWORD } from '../support/people/signed-up.ts';
import { muteQueues } from '../support/queues.ts';
import { makePending, stoppedWorld } from '../support/stopped-world.ts';
import { callerFor, makeReseller, newOrganization, newUser, operator, rows } from '../support/world.ts';
import { usedBy, useUp } from './budgets.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

const { bytesPerDay } = readEnv(env).budgets;
const SIGN_IN_BYTES = bytesPerDay * (SIGN_IN_BYTES_FACTOR - 1);

test('a change costs about what its rows take, in one row written', async () => {
  const { id, base, api } = await makeReseller();
  const before = await usedBy(id);
  const description = 'é'.repeat(250);
  const made = await api.post(`${base}/organizations`, { ...newOrganization(), description });
  expect(made.status).toBe(201);
  const { bytes, bytes_limit: limit } = await usedBy(id);
  // The text stands in the row and in its event, in UTF-8.
  expect(bytes - before.bytes).toBeGreaterThan(2 * 500);
  expect(bytes - before.bytes).toBeLessThan(2 * 500 + 3500);
  expect(limit).toBe(bytesPerDay);
  expect(await rows('select count(*) as days from tenant_days where reseller_id = ?', id)).toEqual([{ days: 1 }]);
});

test('a change that its guard refuses costs nothing', async () => {
  const { id, base, api } = await makeReseller({ allowedUsers: 0 });
  const before = await usedBy(id);
  expect((await api.post(`${base}/users`, newUser())).status).toBe(400);
  expect((await api.post(`${base}/users`, { ...newUser(), organizationId: id })).status).toBe(404);
  expect(await usedBy(id)).toEqual(before);
});

test('two hundred at once use no more than there is', async () => {
  const { id, base, api } = await makeReseller();
  const before = await usedBy(id);
  await api.post(`${base}/organizations`, newOrganization());
  const cost = (await usedBy(id)).bytes - before.bytes;
  const credentials = await Promise.all(Array.from({ length: 4 }, () => callerFor(id)));
  await useUp(id, { bytes: Math.floor(cost * 10.5) });
  const replies = await Promise.all(
    Array.from({ length: 200 }, (_, n) => credentials[n % 4]?.post(`${base}/organizations`, newOrganization())),
  );
  const made = replies.filter((reply) => reply?.status === 201).length;
  expect(made).toBeGreaterThanOrEqual(9);
  expect(made).toBeLessThanOrEqual(11);
  expect(replies.filter((reply) => reply?.status === 429)).toHaveLength(200 - made);
  expect((await usedBy(id)).bytes).toBeLessThanOrEqual(bytesPerDay);
});

test('other tenants notice nothing', async () => {
  const [loud, quiet] = [await makeReseller(), await makeReseller()];
  await useUp(loud.id, { bytes: 0, emails: 0 });
  expect((await loud.api.post(`${loud.base}/users`, newUser())).status).toBe(429);
  expect((await quiet.api.post(`${quiet.base}/users`, newUser())).status).toBe(201);
});

test('the next day everything works again', async () => {
  const { id, base, api } = await makeReseller();
  await useUp(id, { bytes: 0 });
  expect((await api.post(`${base}/users`, newUser())).status).toBe(429);
  await rows('update tenant_days set day = day - 86400000 where reseller_id = ?', id);
  expect((await api.post(`${base}/users`, newUser())).status).toBe(201);
});

test('a repeated request gets the kept answer, whatever has been used since', async () => {
  const { id, base, api } = await makeReseller();
  const body = newOrganization();
  const headers = { 'Idempotency-Key': crypto.randomUUID() };
  const made = await api.post(`${base}/organizations`, body, headers);
  await useUp(id, { bytes: 0 });
  expect((await api.post(`${base}/organizations`, body, headers)).text).toBe(made.text);
});

test('people sign in and refresh above the budget, within a quarter more, and each session is charged', async () => {
  const person = await makePerson();
  await useUp(person.id, { bytes: 0 });
  const { bytes } = await usedBy(person.id);
  const { tokens } = await person.signIn();
  const afterSignIn = (await usedBy(person.id)).bytes;
  expect(afterSignIn - bytes).toBeGreaterThan(2000);
  const refresh = (token: string) =>
    send('POST', '/oauth/token', {
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token }),
    });
  const refreshed = await refresh(tokens.refreshToken);
  expect(refreshed.status, refreshed.text).toBe(200);
  expect((await usedBy(person.id)).bytes).toBeGreaterThan(afterSignIn);
  await useUp(person.id, { bytes: -SIGN_IN_BYTES });
  const sessions = await person.sessions();
  const [refused, notRefreshed] = [await person.enter(), await refresh(refreshed.body.refresh_token)];
  for (const reply of [refused, notRefreshed]) {
    expect(reply.status, reply.text).toBe(429);
    expect(Number(reply.headers.get('Retry-After'))).toBeGreaterThan(0);
  }
  expect(await person.sessions()).toEqual(sessions);
  await rows('delete from tenant_days where reseller_id = ?', person.id);
  expect((await refresh(refreshed.body.refresh_token)).status).toBe(200);
});

test('one user signs in and refreshes within its share, and all others of the tenant go on', async () => {
  const person = await makePerson();
  const colleague = await makePerson({}, person);
  const elsewhere = await makeAccount();
  await enroll(elsewhere, person, 'account.user');
  const { tokens } = await person.signIn();
  const refresh = () =>
    send('POST', '/oauth/token', {
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: tokens.refreshToken }),
    });
  const share = bytesPerDay * USER_BYTES_SHARE;
  const [{ bytes }] = await rows('select bytes from user_days where user_id = ?', person.userId);
  expect(bytes).toBeGreaterThan(2000);
  await rows('update user_days set bytes = bytes_limit where user_id = ?', person.userId);
  const before = [await person.sessions(), await usedBy(person.id)];
  for (const reply of [await person.enter(), await refresh()]) {
    expect(reply.status, reply.text).toBe(429);
    expect(Number(reply.headers.get('Retry-After'))).toBeGreaterThan(0);
  }
  expect([await person.sessions(), await usedBy(person.id)]).toEqual(before);
  expect((await colleague.enter()).status).toBe(200);
  expect((await person.enter({ accountId: elsewhere.id })).status).toBe(200);
  expect(await rows('select bytes from user_days where user_id = ? and bytes = ?', person.userId, share)).toHaveLength(
    1,
  );
  await rows('update user_days set day = day - 86400000 where user_id = ?', person.userId);
  expect((await refresh()).status).toBe(200);
});

test('a code, and its exchange for a session, are charged like a sign-in and refused like one', async () => {
  const of = await makeDelegation();
  const { browser, code } = await authorized(of);
  const before = await usedBy(of.id);
  expect((await exchange(of, code)).status).toBe(200);
  expect((await usedBy(of.id)).bytes).toBeGreaterThan(before.bytes + 2000);
  const next =
    new URLSearchParams((await browser.get(await of.path())).location?.split('?')[1] ?? '').get('code') ?? '';
  await useUp(of.id, { bytes: -SIGN_IN_BYTES });
  expect((await exchange(of, next)).status).toBe(429);
  expect((await browser.get(await of.path())).status).toBe(429);
  expect(await rows('select 1 from sessions where client_id = ?', of.client.id)).toHaveLength(1);
  await rows('delete from tenant_days where reseller_id = ?', of.id);
  expect((await exchange(of, next)).status).toBe(200);
});

test('a person changes its own password above the budget', async () => {
  const person = await makePerson();
  const caller = await person.signIn();
  await useUp(person.id, { bytes: -SIGN_IN_BYTES, emails: 0 });
  const { bytes } = await usedBy(person.id);
  const sent = { currentPassword: PASSWORD, newPassword: 'another horse battery' };
  const reply = await caller.post('/v3/me/password', sent);
  expect(reply.status, reply.text).toBe(204);
  expect((await usedBy(person.id)).bytes).toBeGreaterThan(bytes);
});

test('failed sign-ins cost the tenant nothing: a stranger cannot use up its budget', async () => {
  const person = await makePerson();
  const before = await usedBy(person.id);
  expect((await person.enter({ password: 'not the password' })).status).toBe(400);
  expect(await usedBy(person.id)).toEqual(before);
});

test('deliveries and attempts are charged when they are recorded, above the budget too', async () => {
  const place = makePlace();
  const { id, wake, eventId, api, base, attempts } = await makePending(place);
  const { arrive } = stoppedWorld();
  await useUp(id, { bytes: 0 });
  const { bytes } = await usedBy(id);
  await arrive([{ eventId }], undefined, 'events');
  const fannedOut = (await usedBy(id)).bytes;
  expect(fannedOut).toBeGreaterThan(bytes);
  await arrive([{ eventId }], undefined, 'events');
  expect((await usedBy(id)).bytes).toBe(fannedOut);
  await arrive([wake]);
  expect(await attempts()).toHaveLength(1);
  expect((await usedBy(id)).bytes).toBeGreaterThan(fannedOut);
  expect((await api.post(`${base}/users`, newUser())).status).toBe(429);
});

test('failing webhooks add no more than a row for each delivery to a day whose budget is used up, and retries go on', async () => {
  const place = makePlace();
  await place.answer({ status: 500, body: 'x'.repeat(2000) });
  const { id, api, happen, attempts } = await makePending(place);
  for (let n = 0; n < 9; n++) {
    const more = { name: `h${n}`, url: place.url, token: 't', enabled: true, events: ['reseller.user.updated'] };
    expect((await api.post('/v3/webhooks', more)).status).toBe(201);
  }
  const all = await rows('select id from webhook_endpoints where reseller_id = ?', id);
  const eventId = await happen();
  const { arrive, clock } = stoppedWorld();
  await arrive([{ eventId }], undefined, 'events');
  const retry = async () => {
    clock.nowMs += 1000;
    await rows("update webhook_deliveries set next_attempt_at = 0 where event_id = ? and state = 'pending'", eventId);
    await arrive(all.map(({ id: endpointId }) => ({ endpointId })));
  };
  await retry();
  expect((await attempts())[0]).toMatchObject({ attempt: 1, answer: 'x'.repeat(1024) });
  await useUp(id, { bytes: 1500 });
  for (let n = 2; n <= 10; n++) await retry();
  // What was under way when the budget ended, at most.
  expect((await usedBy(id)).bytes - bytesPerDay).toBeLessThan(2000);
  expect(await attempts()).toMatchObject([{ attempt: 10, status: 'failed', status_code: 500, answer: '' }]);
  expect(await rows('select distinct state, attempts from webhook_deliveries where event_id = ?', eventId)).toEqual([
    { state: 'dead', attempts: 10 },
  ]);
  expect(await place.seen()).toHaveLength(all.length * 10);
  expect(await rows('select id from webhook_attempts where event_id = ?', eventId)).toHaveLength(all.length);
});

test('webhooks that listen to more than before recover within the budget, and go on the next day', async () => {
  const { id, api, endpoint, happen } = await makePending(makePlace(), { events: ['reseller.deleted'] });
  const { arrive, worker, sent, clock } = stoppedWorld();
  const others = await Promise.all(
    ['a', 'b'].map(async (name) => {
      const hook = { name, url: 'https://example.com', token: 't', enabled: true, events: ['reseller.deleted'] };
      return (await api.post('/v3/webhooks', hook)).body;
    }),
  );
  await fanOut(worker, await Promise.all(Array.from({ length: 20 }, () => happen())));
  const since = new Date(Date.now() - DAY_MS).toISOString();
  const recoveries: { recoveryId: string }[] = [];
  for (const hook of [endpoint, ...others]) {
    expect((await api.patch(`/v3/webhooks/${hook.id}`, { events: ['reseller.user.updated'] })).status).toBe(200);
    const { status, body } = await api.post(`/v3/webhooks/${hook.id}/recover`, { since });
    expect(status).toBe(201);
    recoveries.push({ recoveryId: body.id });
  }
  await useUp(id, { bytes: 25 * ROW_BYTES });
  await arrive(recoveries);
  const found = () =>
    rows(
      'select pending as found from webhook_recoveries where pending > 0 and id in (?, ?, ?)',
      ...recoveries.map(({ recoveryId }) => recoveryId),
    );
  expect(await found()).toEqual([{ found: 20 }]);
  expect((await usedBy(id)).bytes).toBeLessThanOrEqual(bytesPerDay);
  const woken = async () => {
    sent.tasks.length = 0;
    await runJobs(worker, '* * * * *');
    return sent.tasks.flatMap(({ body }) => recoveries.filter(({ recoveryId }) => body['recoveryId'] === recoveryId));
  };
  clock.nowMs += 2 * RECOVERY_IDLE_MS;
  if (clock.nowMs < startOfNextDay(Date.now())) expect(await woken()).toEqual([]);
  clock.nowMs = startOfNextDay(Date.now()) + 2 * RECOVERY_IDLE_MS;
  const rest = await woken();
  expect(rest).toHaveLength(2);
  await arrive(rest);
  expect(await found()).toEqual([{ found: 20 }, { found: 20 }, { found: 20 }]);
});

test('attempts for a webhook of the operator count for the tenant that the event is of', async () => {
  const [place, platform] = [makePlace(), await operator()];
  const hook = { name: 'h', url: place.url, token: 't', enabled: true, events: ['reseller.organization.created'] };
  const { body: endpoint } = await platform.post('/v3/webhooks', hook);
  const { id, base, api } = await makeReseller();
  const { body: organization } = await api.post(`${base}/organizations`, newOrganization());
  const [event] = await rows('select id from events where subject = ?', organization.id);
  const { arrive } = stoppedWorld();
  await arrive([{ eventId: event.id }], undefined, 'events');
  const { bytes } = await usedBy(id);
  await arrive([{ endpointId: endpoint.id }]);
  expect((await usedBy(id)).bytes).toBeGreaterThan(bytes);
  await platform.delete(`/v3/webhooks/${endpoint.id}`);
});
