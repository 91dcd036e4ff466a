import { beforeAll, expect, test, vi } from 'vitest';
import { runOrganizationRemoval } from '../../src/delivery/remove-organization.ts';
import { runJobs } from '../../src/jobs/index.ts';
import { REMOVAL_CHUNK_USERS, REMOVAL_IDLE_MS } from '../../src/model/limits/index.ts';
import { makeCustomer, newcomer } from '../support/people/invited.ts';
import { downQueue, muteQueues } from '../support/queues.ts';
import { stoppedWorld, withSettings } from '../support/stopped-world.ts';
import { rows } from '../support/world.ts';
import { makeLargeCustomer } from './large-customer.ts';

beforeAll(muteQueues);

test('a customer with 50,000 users stops working at once, and all of it is gone in the end, each user with its event', {
  timeout: 300_000,
}, async () => {
  const count = 50_000;
  const { api, base, customerId, users, word, left, owned, deletions } = await makeLargeCustomer(count);
  expect(await api.delete(`/reseller/customers/${customerId}`)).toMatchObject({ status: 204, text: '' });
  expect(await left()).toBe(count - REMOVAL_CHUNK_USERS);
  // Out of reach from now on, though its row still stands.
  const [{ id: userId }] = await rows('select id from users where organization_id = ? limit 1', customerId);
  expect(await api.get(`/reseller/customers/${customerId}`)).toMatchObject({ status: 404 });
  expect(await api.get(users)).toMatchObject({ status: 404 });
  expect((await api.get('/reseller/customers')).body).toEqual([]);
  expect((await api.get(`${base}/users`)).body).toEqual([]);
  expect(await api.get(`${base}/users?search=${userId}`)).toMatchObject({ status: 200, body: [] });

  const { worker, sent } = stoppedWorld();
  const running = { ...worker, now: Date.now };
  for (let runs = 0; (await left()) > 0 && runs < 100; runs++) await runOrganizationRemoval(running, customerId);
  expect(await left()).toBe(0);
  expect(await deletions()).toEqual([{ events: count, users: count, actors: 1 }]);
  expect(new Set(sent.events.map(({ body }) => body['eventId'])).size).toBe(count - REMOVAL_CHUNK_USERS);
  for (const table of ['sessions', 'activations']) expect(await owned(table)).toEqual([]);
  expect(await rows('select user_count from organizations where id = ?', customerId)).toEqual([{ user_count: 0 }]);
  expect(word).toBeTruthy();
});

test('a deletion that is too much for the request is woken by a message, and goes on from message to message', async () => {
  const { api, customerId, left } = await makeLargeCustomer(REMOVAL_CHUNK_USERS * 3 + 1);
  const { sent, worker, arrive, clock } = stoppedWorld();
  await api.delete(`/reseller/customers/${customerId}`);
  expect(await left()).toBe(REMOVAL_CHUNK_USERS * 2 + 1);
  // A clock that jumps: each run has time for one chunk only.
  const hurried = { ...worker, now: () => (clock.nowMs += 60_000) };
  for (const remaining of [REMOVAL_CHUNK_USERS + 1, 1]) {
    await arrive([{ organizationId: customerId }], hurried);
    expect(await left()).toBe(remaining);
    expect(sent.tasks.splice(0)).toEqual([{ body: { organizationId: customerId }, delaySeconds: 0 }]);
  }
  await arrive([{ organizationId: customerId }], hurried);
  expect(await left()).toBe(0);
  expect(sent.tasks).toEqual([]);
});

test('a removal whose consumer died half-way is finished, and two at once write each event once', async () => {
  const count = REMOVAL_CHUNK_USERS * 4;
  const { api, customerId, left, deletions } = await makeLargeCustomer(count);
  await api.delete(`/reseller/customers/${customerId}`);
  const { sent, worker, arrive, clock } = stoppedWorld();
  // The database goes away between a chunk's read and its write.
  const batch = vi.fn(() => Promise.reject(new Error('D1_ERROR: Network connection lost')));
  const broken = { ...worker, db: { prepare: (sql: string) => worker.db.prepare(sql), batch } };
  await expect(runOrganizationRemoval(broken, customerId)).rejects.toThrow();
  expect(batch).toHaveBeenCalled();
  expect(await left()).toBe(count - REMOVAL_CHUNK_USERS);
  await runJobs(worker, '* * * * *');
  expect(sent.tasks.filter(({ body }) => 'organizationId' in body)).toEqual([]);
  clock.nowMs += REMOVAL_IDLE_MS + 1000;
  await runJobs(worker, '* * * * *');
  const woken = sent.tasks.splice(0).filter(({ body }) => body['organizationId'] === customerId);
  expect(woken).toHaveLength(1);
  const message = woken[0]!.body;
  await Promise.all([arrive([message]), arrive([message]), arrive([message, message])]);
  expect(await left()).toBe(0);
  expect(await deletions()).toEqual([{ events: count, users: count, actors: 1 }]);
});

test('a queue that is down keeps no removal waiting: the events are relayed by the sweep', async () => {
  const count = REMOVAL_CHUNK_USERS * 2;
  const { id, api, customerId, left, deletions } = await makeLargeCustomer(count);
  await api.delete(`/reseller/customers/${customerId}`);
  const { worker, sent, clock } = stoppedWorld();
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  await runOrganizationRemoval(withSettings(worker, { events: downQueue }), customerId);
  expect(log).toHaveBeenCalled();
  log.mockRestore();
  expect(await left()).toBe(0);
  expect(await deletions()).toEqual([{ events: count, users: count, actors: 1 }]);
  expect((await rows('select user_count from resellers where id = ?', id))[0].user_count).toBe(0);
  clock.nowMs += 60_000;
  await runJobs(worker, '* * * * *');
  expect(sent.events.length).toBeGreaterThanOrEqual(REMOVAL_CHUNK_USERS);
});

test('a customer with few users loses them with the request', async () => {
  const { api, customerId, users } = await makeCustomer();
  await api.post(users, newcomer());
  await api.delete(`/reseller/customers/${customerId}`);
  expect(await rows('select 1 from users where organization_id = ?', customerId)).toEqual([]);
});
