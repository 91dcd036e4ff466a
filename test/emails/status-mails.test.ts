import { env } from 'cloudflare:workers';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Db } from '../../src/db/sql/statement.ts';
import { writeStatusMails } from '../../src/delivery/status-mails.ts';
import { runJobs } from '../../src/jobs/index.ts';
import {
  EXPANSION_CHUNK_USERS,
  EXPANSION_CHUNKS,
  EXPANSION_IDLE_MS,
  MAIL_OVERDUE_MS,
} from '../../src/model/limits/index.ts';
import { watchStatements, whileWriting } from '../support/people/sessions.ts';
import { addMembers, makePublisher } from '../support/people/subscribers.ts';
import { downQueue, muteQueues } from '../support/queues.ts';
import { withSettings } from '../support/stopped-world.ts';
import { rows } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

const LOST = new Error('D1_ERROR: Network connection lost');

/** How many mails there are, and to how many users and addresses. */
const written = async (id: string) =>
  (
    await rows(
      `select count(*) as mails, count(distinct user_id) as users, count(distinct recipient) as addresses
       from emails where status_update_id = ?`,
      id,
    )
  )[0];
const exactly = (count: number) => ({ mails: count, users: count, addresses: count });

/** A session that dies before or after every so many-th batch, so that its user never knows. */
function dying(db: Db, every: number): Db {
  let batches = 0;
  return {
    prepare: (sql) => db.prepare(sql),
    batch: async <T>(statements: D1PreparedStatement[]) => {
      batches += 1;
      if (batches % every !== 0) return db.batch<T>(statements);
      if (batches % (2 * every) === 0) await db.batch<T>(statements);
      throw LOST;
    },
  };
}

test('10,000 subscribers are told once each, by consumers that die, come twice and run at once', {
  timeout: 300_000,
}, async () => {
  const count = 10_000;
  const { id: resellerId, api, account, worker, sent, arrive, clock, shown } = await makePublisher();
  await addMembers(resellerId, count);
  await addMembers(resellerId, 500, ['account.user']);
  const statements = watchStatements();
  const reply = await api.post(`${account}/statusUpdates`, { title: 'a', body: 'b', severity: 'info' });
  vi.restoreAllMocks();
  muteQueues();
  expect(reply.status).toBe(202);
  const { id } = reply.body.data;
  // The request has done nothing for each of them.
  expect(statements.filter((sql) => /"(emails|memberships)"/.test(sql))).toEqual([]);
  expect(await written(id)).toEqual(exactly(0));
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  const message = { statusUpdateId: id as string };
  for (let runs = 0; (await shown(id)).state === 'preparing' && runs < 60; runs++) {
    const broken = { ...worker, db: dying(worker.db, 3) };
    await Promise.all([1, 2, 3].map(() => arrive([message, message], broken).catch(() => {})));
    // Some of the messages that are sent get lost with their sender.
    const mute = withSettings(broken, { emails: downQueue });
    await arrive([message], mute).catch(() => {});
  }
  log.mockRestore();
  expect(await written(id)).toEqual(exactly(count));
  expect(await shown(id)).toMatchObject({ state: 'sending', recipients: count, pending: count, sent: 0, failed: 0 });
  // What was lost on the way to the queue is sent by the sweep: a thousand in each run, of those that are still due.
  const queued = new Set(sent.emails.splice(0).map(({ body }) => body['emailId']!));
  expect(queued.size).toBeLessThan(count);
  clock.nowMs += MAIL_OVERDUE_MS + 2000;
  for (let runs = 0; queued.size < count && runs < 20; runs++) {
    await rows(
      'update emails set next_attempt_at = null where id in (select value from json_each(?))',
      JSON.stringify([...queued]),
    );
    await runJobs(worker, '* * * * *');
    const ours = new Set((await rows('select id from emails where status_update_id = ?', id)).map(({ id }) => id));
    for (const { body } of sent.emails.splice(0)) if (ours.has(body['emailId'])) queued.add(body['emailId']!);
  }
  expect(queued.size).toBe(count);
  await arrive([message]);
  expect(await written(id)).toEqual(exactly(count));
});

test('an expansion that is too much for one run queues up again, and ends on a whole chunk too', async () => {
  const { id: resellerId, publish, arrive, sent, shown } = await makePublisher();
  const perRun = EXPANSION_CHUNK_USERS * EXPANSION_CHUNKS;
  await addMembers(resellerId, perRun);
  const statusUpdateId = await publish();
  await arrive([{ statusUpdateId }]);
  expect(await written(statusUpdateId)).toEqual(exactly(perRun));
  expect(sent.tasks.splice(0)).toEqual([{ body: { statusUpdateId }, delaySeconds: 0 }]);
  expect(await shown(statusUpdateId)).toMatchObject({ state: 'preparing' });
  await arrive([{ statusUpdateId }]);
  expect(sent.tasks).toEqual([]);
  expect(sent.emails).toHaveLength(perRun);
  expect(await shown(statusUpdateId)).toMatchObject({ state: 'sending', pending: perRun });
});

test('the request wakes a consumer, and the sweep wakes another where that one died', async () => {
  const { id: resellerId, publish, worker, sent, clock, arrive } = await makePublisher();
  await addMembers(resellerId, 3);
  const statusUpdateId = await publish();
  const message = { statusUpdateId };
  await vi.waitFor(() => expect(env.TASKS.sendBatch).toHaveBeenCalledWith([{ body: message, delaySeconds: 0 }]));
  const swept = async () => {
    sent.tasks.splice(0);
    await runJobs(worker, '* * * * *');
    return sent.tasks.filter(({ body }) => body['statusUpdateId'] === statusUpdateId).map(({ body }) => body);
  };
  clock.nowMs += EXPANSION_IDLE_MS - 1000;
  expect(await swept()).toEqual([]);
  clock.nowMs += 2000;
  const dead = { ...worker, db: whileWriting(worker.db, () => Promise.reject(LOST)) };
  await expect(writeStatusMails(dead, statusUpdateId)).rejects.toThrow();
  const woken = await swept();
  expect(woken).toEqual([message]);
  await arrive(woken);
  expect(await written(statusUpdateId)).toEqual(exactly(3));
  clock.nowMs += EXPANSION_IDLE_MS * 2;
  expect(await swept()).toEqual([]);
});

test('the expansion of a deleted account stops, and is not woken again', async () => {
  const { id: resellerId, publish, worker, sent, clock, expand } = await makePublisher();
  await addMembers(resellerId, 3);
  const statusUpdateId = await publish();
  await rows('update resellers set deleted_at = 1, enabled = 0 where id = ?', resellerId);
  expect(await expand(statusUpdateId)).toEqual([]);
  expect(await written(statusUpdateId)).toEqual(exactly(0));
  clock.nowMs += EXPANSION_IDLE_MS * 2;
  await runJobs(worker, '* * * * *');
  expect(sent.tasks.filter(({ body }) => body['statusUpdateId'] === statusUpdateId)).toEqual([]);
});

test('an account that is deleted between the read of a chunk and its write tells nobody', async () => {
  const { id: resellerId, publish, worker } = await makePublisher();
  await addMembers(resellerId, 3);
  const statusUpdateId = await publish();
  const remove = () => rows('update resellers set deleted_at = 1, enabled = 0 where id = ?', resellerId);
  await writeStatusMails({ ...worker, db: whileWriting(worker.db, remove) }, statusUpdateId);
  expect(await written(statusUpdateId)).toEqual(exactly(0));
});

test('a message about an update that is not there does nothing', async () => {
  const { arrive, sent } = await makePublisher();
  await arrive([{ statusUpdateId: crypto.randomUUID() }]);
  expect([sent.emails, sent.tasks]).toEqual([[], []]);
});

test('an update to nobody is done at once', async () => {
  const { publish, expand, shown } = await makePublisher();
  const id = await publish();
  expect(await expand(id)).toEqual([]);
  expect(await shown(id)).toMatchObject({ state: 'done', recipients: 0 });
});
