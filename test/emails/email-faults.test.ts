import { beforeEach, expect, test, vi } from 'vitest';
import { fanOut } from '../../src/delivery/fanout.ts';
import type { WorkerContext } from '../../src/delivery/worker-context.ts';
import { MAIL_LEASE_MS, MAIL_RETRY_SECONDS, QUEUE_DELAY_MAX_SECONDS } from '../../src/model/limits/index.ts';
import { bindingOf, provider, refusal } from '../support/outside/provider.ts';
import { makeInvited, newcomer } from '../support/people/invited.ts';
import { look, withLink } from '../support/people/links.ts';
import { whileWriting } from '../support/people/sessions.ts';
import { downQueue, muteQueues } from '../support/queues.ts';
import { stoppedWorld, withSettings } from '../support/stopped-world.ts';
import { rows } from '../support/world.ts';
import { makeSuspended } from '../webhooks/suspended.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
  vi.spyOn(console, 'error').mockImplementation(() => {});
});

const HOOK = { name: 'h', url: 'https://example.com/h', token: 't', enabled: true, events: ['*'] };
const DAY = 86_400_000;

test.each<[fault: string, meet: (worker: WorkerContext, emailId: string) => Promise<WorkerContext>]>([
  [
    'we cannot word',
    async (worker, emailId) => {
      await rows("update emails set language = 'xx' where id = ?", emailId);
      return worker;
    },
  ],
  [
    'the database fails at',
    async (worker) => ({
      ...worker,
      db: whileWriting(worker.db, () => Promise.reject(new Error('lost'))),
    }),
  ],
])('a mail that %s cuts no other of its batch short', async (_, meet) => {
  const [one, other] = [await makeInvited(), await makeInvited()];
  const messages = [...(await one.relay()), ...(await other.relay())];
  const { promise: leaving, resolve: leave } = Promise.withResolvers<void>();
  const send = vi.fn(() => leaving.then(() => ({ messageId: 'm' })));
  const world = withSettings(one.worker, { email: bindingOf(send) });
  const worker = await meet(world, messages[1]!['emailId']!);
  let returned = false;
  const arrived = one
    .arrive(messages, worker, 'emails')
    .catch(() => {})
    .finally(() => {
      returned = true;
    });
  await vi.waitFor(() => expect(send).toHaveBeenCalled());
  const states = async () => [...(await one.mails()), ...(await other.mails())].map(({ state }) => state).sort();
  expect(await states()).toEqual(['pending', 'pending']);
  // What it waits for here would not be waited for by a Worker whose consumer has returned.
  expect(returned).toBe(false);
  leave();
  await arrived;
  expect(await states()).toEqual(['pending', 'sent']);
});

test('a mail whose outcome cannot be recorded is not sent for ever', async () => {
  const { relay, arrive, worker, clock } = await makeInvited();
  const messages = await relay();
  let lost = false;
  const send = vi.fn(async () => {
    lost = true;
    return { messageId: 'm' };
  });
  const db: WorkerContext['db'] = {
    prepare: (sql) => {
      if (lost) throw new Error('D1_ERROR: Network connection lost');
      return worker.db.prepare(sql);
    },
    batch: (statements) => worker.db.batch(statements),
  };
  const world = { ...withSettings(worker, { email: bindingOf(send) }), db };
  for (let tries = 0; tries < 40; tries++) {
    lost = false;
    await arrive(messages, world, 'emails').catch(() => {});
    clock.nowMs += 7 * DAY;
  }
  expect(send).toHaveBeenCalledTimes(MAIL_RETRY_SECONDS.length + 1);
});

test('a mail that a provider takes without a receipt is not sent for ever', async () => {
  const send = vi.fn(async () => ({}));
  const { relay, deliver, clock } = await makeInvited({}, { email: bindingOf(send) });
  const messages = await relay();
  for (let tries = 0; tries < 40; tries++) {
    await deliver(messages).catch(() => {});
    clock.nowMs += 7 * DAY;
  }
  expect(send).toHaveBeenCalled();
  expect(send.mock.calls.length).toBeLessThanOrEqual(MAIL_RETRY_SECONDS.length + 1);
});

test('a queue of mails that is down keeps no webhook waiting', async () => {
  const { id, api, users } = await makeInvited();
  const { body: hook } = await api.post('/v3/webhooks', HOOK);
  const { body: user } = await api.post(users, newcomer());
  const [created] = await rows('select id from events where reseller_id = ? and subject = ?', id, user.user_id);
  const { worker, sent } = stoppedWorld();
  await fanOut(withSettings(worker, { emails: downQueue }), [created.id]).catch(() => {});
  expect(sent.tasks).toEqual([{ body: { endpointId: hook.id }, delaySeconds: 0 }]);
});

test('no retry waits longer than its queue can hold a message', async () => {
  const { email } = provider(...MAIL_RETRY_SECONDS.map(() => 'E_DELIVERY_FAILED'));
  const { relay, arrive, worker, mails, sent, clock } = await makeInvited({}, { email });
  const messages = await relay();
  for (const _ of MAIL_RETRY_SECONDS) {
    await arrive(messages, { ...worker, random: () => 0.99 }, 'emails');
    clock.nowMs = (await mails())[0].next_attempt_at;
  }
  const delays = sent.emails.map(({ delaySeconds = 0 }) => delaySeconds);
  expect(delays).toHaveLength(MAIL_RETRY_SECONDS.length);
  expect(Math.max(...delays)).toBeLessThanOrEqual(QUEUE_DELAY_MAX_SECONDS);
});

test('a retry that cannot be timed is left to the sweep, and fails nothing', async () => {
  const { email } = provider('E_DELIVERY_FAILED');
  const { relay, arrive, worker, mails } = await makeInvited({}, { email });
  await arrive(await relay(), withSettings(worker, { emails: downQueue }), 'emails');
  expect(await mails()).toMatchObject([
    { state: 'pending', attempts: 1, settled_at: null, next_attempt_at: expect.any(Number) },
  ]);
});

test('an outcome that comes after somebody took over is not recorded', async () => {
  const { relay, arrive, deliver, worker, mails, clock } = await makeInvited();
  const messages = await relay();
  const { promise: answer, reject } = Promise.withResolvers<never>();
  const send = vi.fn(() => answer);
  const slow = arrive(messages, withSettings(worker, { email: bindingOf(send) }), 'emails');
  await vi.waitFor(() => expect(send).toHaveBeenCalled());
  expect(await mails()).toMatchObject([{ state: 'pending', attempts: 1 }]);
  clock.nowMs += MAIL_LEASE_MS;
  await deliver(messages);
  reject(refusal('E_DELIVERY_FAILED'));
  await slow;
  expect(await mails()).toMatchObject([{ state: 'sent', attempts: 2 }]);
});

test('a mail that is refused leaves the link before it as it was', async () => {
  const { token, ask, email, arrive, worker, mails, inbox } = await withLink();
  const refusing = provider('E_RECIPIENT_SUPPRESSED').email;
  await arrive([await ask({ email })], withSettings(worker, { email: refusing }), 'emails');
  expect(await mails()).toMatchObject([{ state: 'sent' }, { state: 'failed' }]);
  expect(inbox()).toHaveLength(1);
  expect(await look(token)).toMatchObject({ state: 'open' });
});

/** The messages of the mails about a suspended webhook, and a world that counts what it sends. */
async function toldOf({ eventId }: { readonly eventId: string }) {
  const send = vi.fn(async () => ({ messageId: 'm' }));
  const { worker, sent, arrive } = stoppedWorld(Date.now(), { email: bindingOf(send) });
  await fanOut(worker, [eventId]);
  const messages = sent.emails.splice(0).map(({ body }) => body);
  const deliver = () => arrive(messages, worker, 'emails');
  const mails = () => rows('select state from emails where event_id = ?', eventId);
  return { send, deliver, mails };
}

test('a mail about a webhook is sent once by three messages', async () => {
  const { send, deliver, mails } = await toldOf(await makeSuspended());
  await Promise.all([deliver(), deliver(), deliver()]);
  expect(send).toHaveBeenCalledTimes(1);
  expect(await mails()).toEqual([{ state: 'sent' }]);
});

test('nobody is told of a webhook that is deleted meanwhile', async () => {
  const suspended = await makeSuspended();
  const { send, deliver, mails } = await toldOf(suspended);
  expect(await suspended.api.delete(`/v3/webhooks/${suspended.endpoint.id}`)).toMatchObject({ status: 204 });
  await Promise.all([deliver(), deliver(), deliver()]);
  expect(send).not.toHaveBeenCalled();
  expect(await mails()).toEqual([{ state: 'dropped' }]);
});

test('nobody is told that a webhook is suspended which is on again', async () => {
  const suspended = await makeSuspended();
  const { send, deliver, mails } = await toldOf(suspended);
  expect(await suspended.api.patch(`/v3/webhooks/${suspended.endpoint.id}`, { enabled: true })).toMatchObject({
    status: 200,
  });
  await deliver();
  expect(send).not.toHaveBeenCalled();
  expect(await mails()).toEqual([{ state: 'dropped' }]);
});
