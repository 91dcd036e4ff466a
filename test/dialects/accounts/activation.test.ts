import { beforeAll, expect, test } from 'vitest';
import { fanOut } from '../../../src/delivery/fanout.ts';
import { sendReleasedEmails } from '../../../src/delivery/relay.ts';
import { devEmails } from '../../../src/emails/transports/dev-mailbox.ts';
import { failed, makeAccount, newUser } from '../../support/people/accounts.ts';
import { tokenIn } from '../../support/people/invited.ts';
import { choose, look } from '../../support/people/links.ts';
import { muteQueues } from '../../support/queues.ts';
import { stoppedWorld } from '../../support/stopped-world.ts';
import { operator, rows, unique } from '../../support/world.ts';

beforeAll(muteQueues);

/** A user whose creation nobody has acted on yet, and the background that will. */
async function makeNewcomer(enabled = true) {
  const account = await makeAccount();
  const enable = async (value: boolean) =>
    (await operator()).patch(`/v1.0/accounts/${account.id}`, [{ op: 'replace', path: '/enabled', value }]);
  if (!enabled) await enable(false);
  const { id: userId, email, path } = await account.makeUser('user.admin');
  const world = stoppedWorld();
  const mails = () => rows('select * from emails where user_id = ? order by id', userId);
  /** Lets whatever happened to the user be fanned out. */
  const relay = async () => {
    const raised = await rows('select id from events where subject = ? and body is null order by seq', userId);
    await fanOut(
      world.worker,
      raised.map(({ id }) => id),
    );
    world.sent.emails.splice(0);
  };
  /** Has every mail be sent that is due, as the sweep does it. */
  const deliver = async () => {
    world.clock.nowMs = Math.max(world.clock.nowMs, Date.now());
    await sendReleasedEmails(world.worker);
    const messages = (await mails()).map(({ id }) => ({ emailId: id }));
    await world.arrive(messages, world.worker, 'emails');
  };
  const inbox = (to = email) =>
    devEmails(world.worker.env)
      .filter((mail) => mail.to === to)
      .reverse();
  const ask = (key?: string) =>
    account.api.post(`${path}/sendActivationEmail`, undefined, key ? { 'Idempotency-Key': key } : {});
  return { ...account, ...world, userId, email, path, enable, mails, relay, deliver, inbox, ask };
}

test('whoever is created in an enabled account is invited at once, by a link that works', async () => {
  const { mails, relay, deliver, inbox, email, ask } = await makeNewcomer();
  await relay();
  expect(await mails()).toMatchObject([{ template: 'activation', state: 'pending', recipient: email }]);
  await deliver();
  expect(inbox()).toHaveLength(1);
  const token = tokenIn(inbox()[0]!);
  expect(await look(token)).toMatchObject({ state: 'open' });
  expect((await choose(token)).status).toBe(204);
  expect((await ask()).status).toBe(204);
  expect((await mails()).at(-1)).toMatchObject({ template: 'password-reset' });
});

test('whoever is created while the account is disabled is invited once, when it is enabled', async () => {
  const { mails, relay, deliver, inbox, enable } = await makeNewcomer(false);
  await relay();
  expect(await mails()).toMatchObject([{ state: 'pending', next_attempt_at: null }]);
  await deliver();
  expect([inbox(), await mails()]).toMatchObject([[], [{ state: 'pending', next_attempt_at: null, attempts: 0 }]]);
  expect((await enable(true)).status).toBe(200);
  await deliver();
  await deliver();
  expect(inbox()).toHaveLength(1);
  expect(await mails()).toMatchObject([{ state: 'sent' }]);
  await enable(false);
  await enable(true);
  await deliver();
  expect(inbox()).toHaveLength(1);
});

test('whoever is invited and asked for several times in the meantime gets one mail', async () => {
  const { mails, relay, deliver, inbox, enable, ask } = await makeNewcomer(false);
  await relay();
  for (let asked = 0; asked < 2; asked++) expect((await ask()).status).toBe(204);
  await deliver();
  expect(inbox()).toEqual([]);
  await enable(true);
  await deliver();
  expect(inbox()).toHaveLength(1);
  expect((await mails()).map(({ state }) => state)).toEqual(['dropped', 'dropped', 'sent']);
});

test('an invitation that waits goes where the user is to be found by then', async () => {
  const { path, api, relay, deliver, inbox, enable, email } = await makeNewcomer(false);
  await relay();
  const { email: moved } = newUser();
  await api.patch(path, [{ op: 'replace', path: '/email', value: moved }]);
  await relay();
  await enable(true);
  await deliver();
  expect([inbox(email), inbox(moved).length]).toEqual([[], 1]);
});

test('whoever is deleted while the invitation waits gets none', async () => {
  const { users, path, api, relay, deliver, inbox, enable } = await makeNewcomer(false);
  await relay();
  await api.post(users, newUser({ roles: ['user.admin'] }));
  expect((await api.delete(path)).status).toBe(200);
  await enable(true);
  await deliver();
  expect(inbox()).toEqual([]);
});

test('three an hour, and then the time to wait', async () => {
  const { mails, ask, userId, api, users, makeUser } = await makeNewcomer();
  for (let asked = 0; asked < 3; asked++) {
    const reply = await ask();
    expect([reply.status, reply.text]).toEqual([204, '']);
  }
  const refused = await ask();
  const seconds = Number(refused.headers.get('Retry-After'));
  const why = `One user gets at most 3 of these e-mails an hour, and 5 in 30 days before the address is verified; the next one in ${seconds} seconds.`;
  expect([refused.status, refused.body]).toEqual([429, failed(429, why)]);
  expect(seconds).toBeGreaterThan(3500);
  expect(seconds).toBeLessThanOrEqual(3600);
  expect(await mails()).toHaveLength(3);
  const other = await makeUser();
  expect((await api.post(`${users}/${other.id}/sendActivationEmail`)).status).toBe(204);
  await rows(
    'update emails set created_at = created_at - 3600000 where user_id = ? and id = (select min(id) from emails where user_id = ?)',
    userId,
    userId,
  );
  expect([(await ask()).status, (await ask()).status]).toEqual([204, 429]);
});

test('three of many that ask at once', async () => {
  const { mails, ask } = await makeNewcomer();
  const replies = await Promise.all(Array.from({ length: 8 }, () => ask()));
  expect(replies.filter(({ status }) => status === 204)).toHaveLength(3);
  expect(replies.filter(({ status }) => status === 429)).toHaveLength(5);
  expect(await mails()).toHaveLength(3);
});

test('the same request under the same key sends one mail, and counts once', async () => {
  const { mails, ask } = await makeNewcomer();
  const key = unique('key');
  for (const replayed of [null, 'true', 'true', 'true']) {
    const reply = await ask(key);
    expect([reply.status, reply.text, reply.headers.get('Idempotency-Replayed')]).toEqual([204, '', replayed]);
  }
  expect(await mails()).toHaveLength(1);
});
