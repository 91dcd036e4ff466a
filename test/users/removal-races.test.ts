import { env } from 'cloudflare:workers';
import { beforeEach, expect, test, vi } from 'vitest';
import { runOrganizationRemoval } from '../../src/delivery/remove-organization.ts';
import { runJobs } from '../../src/jobs/index.ts';
import { REMOVAL_CHUNK_USERS, REMOVAL_IDLE_MS, REMOVAL_RUN_MS } from '../../src/model/limits/index.ts';
import { makeCustomer, makeInvited } from '../support/people/invited.ts';
import { changeSessions, whileWriting } from '../support/people/sessions.ts';
import { muteQueues } from '../support/queues.ts';
import { stoppedWorld } from '../support/stopped-world.ts';
import { rows, unique } from '../support/world.ts';
import { makeLargeCustomer } from './large-customer.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

test('a message about a customer that is not deleted removes nothing', async () => {
  const { worker, sent } = stoppedWorld();
  const inhabited = await makeInvited();
  const empty = await makeCustomer();
  for (const { customerId } of [inhabited, empty]) {
    await runOrganizationRemoval(worker, customerId);
    expect(await rows('select 1 from organizations where id = ?', customerId)).toHaveLength(1);
  }
  expect(sent.events).toEqual([]);
  expect(await inhabited.user()).toMatchObject({ organization_id: inhabited.customerId });
});

test('a user who leaves the customer while it is removed stays, without an event', async () => {
  const { api, customerId, userId, user } = await makeInvited();
  const { body: other } = await api.post('/reseller/customers', { name: unique('Other') });
  await rows("update organizations set deleted_at = 1, deleted_by = 'a', deleted_in = 'b' where id = ?", customerId);
  const { worker } = stoppedWorld();
  const leave = vi.fn(() => rows('update users set organization_id = ? where id = ?', other.customer_id, userId));
  await runOrganizationRemoval({ ...worker, db: whileWriting(worker.db, leave) }, customerId);
  expect(leave).toHaveBeenCalled();
  expect(await user()).toMatchObject({ organization_id: other.customer_id });
  expect(await rows("select 1 from events where type = 'reseller.user.deleted' and subject = ?", userId)).toEqual([]);
  expect(await rows('select user_count from organizations where id = ?', customerId)).toEqual([{ user_count: 0 }]);
});

test('a deletion that leaves users behind is woken at once, and by the sweep only where it stands still', async () => {
  const { api, customerId, left } = await makeLargeCustomer(REMOVAL_CHUNK_USERS * 5);
  await api.delete(`/reseller/customers/${customerId}`);
  const message = { organizationId: customerId };
  expect(env.TASKS.sendBatch).toHaveBeenCalledWith([{ body: message, delaySeconds: 0 }]);
  const { worker, clock, sent } = stoppedWorld();
  /** The messages about this customer that the sweep sends. */
  const swept = async () => {
    sent.tasks.splice(0);
    await runJobs(worker, '* * * * *');
    return sent.tasks.filter(({ body }) => body['organizationId'] === customerId);
  };
  clock.nowMs += REMOVAL_IDLE_MS + 1;
  // Each look at the clock takes the time of a whole run, so that it is one chunk.
  await runOrganizationRemoval({ ...worker, now: () => (clock.nowMs += REMOVAL_RUN_MS) }, customerId);
  expect(await left()).toBe(REMOVAL_CHUNK_USERS * 3);
  expect(sent.tasks).toEqual([{ body: message, delaySeconds: 0 }]);
  expect(await swept()).toEqual([]);
  clock.nowMs += REMOVAL_IDLE_MS;
  expect(await swept()).toHaveLength(1);
});

test('a deletion whose first chunk fails is done all the same, and woken', async () => {
  const { api, users, customerId, user } = await makeInvited();
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  let batches = 0;
  changeSessions((db) => ({
    prepare: (sql) => db.prepare(sql),
    // The first is the deletion itself.
    batch: (statements) => (++batches > 1 ? Promise.reject(new Error('lost')) : db.batch(statements)),
  }));
  expect(await api.delete(`/reseller/customers/${customerId}`)).toMatchObject({ status: 204 });
  expect(batches).toBe(2);
  expect(log).toHaveBeenCalled();
  const message = { organizationId: customerId };
  expect(env.TASKS.sendBatch).toHaveBeenCalledWith([{ body: message, delaySeconds: 0 }]);
  expect(await api.get(users)).toMatchObject({ status: 404 });
  expect(await user()).toMatchObject({ organization_id: customerId });
});
