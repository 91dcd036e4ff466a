import PostalMime from 'postal-mime';
import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { sha256 } from '../../src/auth/secrets/digest.ts';
import { fanOut } from '../../src/delivery/fanout.ts';
import type { Env } from '../../src/env.ts';
import { runJobs } from '../../src/jobs/index.ts';
import {
  LINK_LIFE_MS,
  MAIL_LEASE_MS,
  MAIL_OVERDUE_MS,
  MAIL_RETRY_SECONDS,
  MAIL_SWEEP_ROWS,
} from '../../src/model/limits/index.ts';
import { makeMailbox } from '../support/outside/mailbox.ts';
import { provider } from '../support/outside/provider.ts';
import { makeCustomer, makeInvited, newcomer, tokenIn } from '../support/people/invited.ts';
import { muteQueues } from '../support/queues.ts';
import { stoppedWorld } from '../support/stopped-world.ts';
import { makeReseller, newUser, rows, unique } from '../support/world.ts';
import { makeSuspended } from '../webhooks/suspended.ts';

beforeAll(muteQueues);
beforeEach(() => void vi.restoreAllMocks());
beforeEach(muteQueues);
// Each failure is a line of the log.
beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => {}));

const PASSWORD = 'Correct-horse-1';

test('a user created with a password gets no mail, in either dialect', async () => {
  const { base, api, users, id } = await makeCustomer();
  await api.post(users, { ...newcomer(), password: PASSWORD });
  await api.post(`${base}/users`, newUser());
  const { worker, sent } = stoppedWorld();
  const created = await rows("select id from events where reseller_id = ? and type = 'reseller.user.created'", id);
  expect(created).toHaveLength(2);
  await fanOut(
    worker,
    created.map(({ id }) => id),
  );
  expect(sent.emails).toEqual([]);
  expect(await rows('select * from emails where reseller_id = ?', id)).toEqual([]);
});

test('a user created without a password gets exactly one mail, though the queue delivers everything three times', async () => {
  const { relay, deliver, inbox, mails, eventId, worker, links } = await makeInvited();
  const messages = await relay();
  expect(messages).toHaveLength(1);
  await Promise.all([1, 2, 3].map(() => fanOut(worker, [eventId])));
  await Promise.all([1, 2, 3].map(() => deliver([...messages, ...messages])));
  await deliver(messages);
  expect(inbox()).toHaveLength(1);
  expect(await links()).toHaveLength(1);
  expect(await mails()).toMatchObject([
    { state: 'sent', attempts: 1, template: 'activation', next_attempt_at: null, lease: null, reason: '' },
  ]);
  expect((await mails())[0].provider_id).not.toBe('');
});

test.each(['en', 'de', 'ja', 'fr', 'es'])('the invitation speaks the language of its reader: %s', async (language) => {
  const { relay, deliver, inbox, mails } = await makeInvited({ communication_language: language });
  await deliver(await relay());
  expect(inbox()[0]!.html).toContain(`lang="${language}"`);
  expect(await mails()).toMatchObject([{ language }]);
});

test('the link holds 256 bits that the database does not know, and works for seven days', async () => {
  const { relay, deliver, inbox, links, clock } = await makeInvited();
  await deliver(await relay());
  const token = tokenIn(inbox()[0]!);
  expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  const [link] = await links();
  expect(link.expires_at).toBe(clock.nowMs + LINK_LIFE_MS);
  expect(JSON.stringify([link, await rows('select * from emails'), await rows('select * from events')])).not.toContain(
    token,
  );
});

test('the mail carries the branding of the reseller', async () => {
  const { id, userId, relay, deliver, inbox } = await makeInvited();
  await rows('update users set email_verified_at = 1 where id = ?', userId);
  await rows(
    `insert into brandings (reseller_id, product_name, logo_url, primary_color, support_email, sender_name, updated_at)
     values (?, 'Acme Cloud', 'https://acme.example/logo.png', '#aa3300', 'help@acme.example', 'The Acme Team', 1)`,
    id,
  );
  await deliver(await relay());
  const [mail] = inbox();
  expect(mail).toMatchObject({ from: { name: 'The Acme Team via edge.localhost' }, replyTo: 'help@acme.example' });
  for (const part of ['Acme Cloud', 'https://acme.example/logo.png', '#aa3300', 'help@acme.example']) {
    expect(mail!.html).toContain(part);
  }
});

test('a fault that may pass is tried again, later each time, and recorded without what the provider said', async () => {
  const { send, email } = provider('E_RATE_LIMIT_EXCEEDED', 'E_INTERNAL_SERVER_ERROR', null);
  const { relay, deliver, mails, sent, clock } = await makeInvited({}, { email });
  const messages = await relay();
  await deliver(messages);
  const [first] = await mails();
  expect(first).toMatchObject({
    state: 'pending',
    attempts: 1,
    next_attempt_at: clock.nowMs + MAIL_RETRY_SECONDS[0] * 1000,
  });
  expect(first.reason).toBeTruthy();
  expect(first.reason).not.toContain('@');
  expect(sent.emails.splice(0)).toEqual([{ body: messages[0], delaySeconds: MAIL_RETRY_SECONDS[0] }]);
  // Ahead of its time nothing happens.
  clock.nowMs = first.next_attempt_at - 1;
  await deliver(messages);
  expect(send).toHaveBeenCalledTimes(1);
  clock.nowMs += 1;
  await deliver(messages);
  const [second] = await mails();
  expect(second).toMatchObject({ attempts: 2, next_attempt_at: clock.nowMs + MAIL_RETRY_SECONDS[1] * 1000 });
  clock.nowMs = second.next_attempt_at;
  await deliver(messages);
  expect(await mails()).toMatchObject([{ state: 'sent', attempts: 3, provider_id: 'm1', reason: '' }]);
  expect(send).toHaveBeenCalledTimes(3);
});

test('a mail is given up after its last attempt, and says so', async () => {
  const { send, email } = provider(...Array<string>(20).fill('E_DELIVERY_FAILED'));
  const { relay, deliver, mails, clock } = await makeInvited({}, { email });
  const messages = await relay();
  for (let tries = 0; tries < 15; tries++) {
    await deliver(messages);
    clock.nowMs = (await mails())[0].next_attempt_at ?? clock.nowMs;
  }
  expect(send).toHaveBeenCalledTimes(MAIL_RETRY_SECONDS.length + 1);
  expect(await mails()).toMatchObject([{ state: 'failed', next_attempt_at: null, settled_at: clock.nowMs }]);
});

test('a mail that kills its sender each time is not tried for ever', async () => {
  const { send, email } = provider();
  const { relay, deliver, mails } = await makeInvited({}, { email });
  const messages = await relay();
  await rows('update emails set attempts = ? where id = ?', MAIL_RETRY_SECONDS.length + 1, messages[0]!['emailId']);
  await deliver(messages);
  expect(send).not.toHaveBeenCalled();
  expect(await mails()).toMatchObject([{ state: 'failed', reason: 'tried too often', next_attempt_at: null }]);
});

test('a fault of ours is logged without its text, recorded, and tried again', async () => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => {});
  const broken = { email: undefined, smtp: null };
  const { relay, deliver, mails } = await makeInvited({}, broken as unknown as Partial<Env>);
  await deliver(await relay());
  expect(await mails()).toMatchObject([{ state: 'pending', attempts: 1, reason: 'a fault of ours' }]);
  expect(JSON.stringify(error.mock.calls)).not.toContain('SMTP_URL');
});

test.each(['E_RECIPIENT_SUPPRESSED', 'E_RECIPIENT_NOT_ALLOWED'])('%s is recorded and not tried again', async (code) => {
  const { send, email } = provider(code);
  const { relay, deliver, mails, sent, clock } = await makeInvited({}, { email });
  const messages = await relay();
  await deliver(messages);
  clock.nowMs += 90 * 24 * 60 * 60 * 1000;
  await deliver(messages);
  expect(send).toHaveBeenCalledTimes(1);
  expect(sent.emails).toEqual([]);
  expect(await mails()).toMatchObject([{ state: 'failed', attempts: 1, next_attempt_at: null }]);
});

test('a mail whose message was lost, or whose sender died, is sent by the sweep', async () => {
  const { relay, deliver, mails, inbox, sent, worker, clock } = await makeInvited();
  const [message] = await relay();
  /** The messages of this mail that the sweep sent. */
  const swept = async () => {
    await runJobs(worker, '* * * * *');
    const all = sent.emails.splice(0).map(({ body }) => body);
    return all.filter(({ emailId }) => emailId === message!['emailId']);
  };
  clock.nowMs += MAIL_OVERDUE_MS - 2000;
  expect(await swept()).toEqual([]);
  clock.nowMs += 4000;
  expect(await swept()).toHaveLength(1);
  // A sender that took it and was never heard of again.
  const until = clock.nowMs + MAIL_LEASE_MS;
  await rows(
    "update emails set lease = 'x', attempts = 1, next_attempt_at = ? where id = ?",
    until,
    message!['emailId'],
  );
  clock.nowMs += MAIL_OVERDUE_MS + 1000;
  expect(await swept()).toEqual([]);
  clock.nowMs += MAIL_LEASE_MS;
  await deliver(await swept());
  expect(inbox()).toHaveLength(1);
  expect(await mails()).toMatchObject([{ state: 'sent', attempts: 2 }]);
});

test('nobody is invited who is gone, deactivated with the customer, or has a password meanwhile', async () => {
  const gone = await makeInvited();
  const messages = await gone.relay();
  await gone.api.delete(`${gone.users}/${gone.userId}`);
  await gone.deliver(messages);
  const beneath = await makeInvited();
  const theirs = await beneath.relay();
  await rows(
    'update organizations set deleted_at = 1, deleted_by = ?, deleted_in = ? where id = ?',
    'a',
    'b',
    beneath.customerId,
  );
  await beneath.deliver(theirs);
  const come = await makeInvited();
  const late = await come.relay();
  await rows("update users set verified_at = 1, password_hash = 'x' where id = ?", come.userId);
  await come.deliver(late);
  const closed = await makeInvited();
  const last = await closed.relay();
  await rows('update resellers set deleted_at = 1 where id = ?', closed.id);
  await closed.deliver(last);
  for (const one of [gone, beneath, come, closed]) {
    expect(one.inbox()).toEqual([]);
    expect(await one.mails()).toMatchObject([
      { state: 'dropped', next_attempt_at: null, reason: 'not wanted any more' },
    ]);
  }
});

test('an invited user whose address changes is invited there, and no longer at the old one', async () => {
  const { base, api, userId, relay, deliver, email, inbox, sent, worker } = await makeInvited();
  const old = await relay();
  const moved = `${unique('moved')}@example.com`;
  expect(await api.patch(`${base}/users/${userId}`, { email: moved })).toMatchObject({ status: 200 });
  await deliver(old);
  expect(inbox()).toEqual([]);
  const [updated] = await rows("select id from events where subject = ? and type = 'reseller.user.updated'", userId);
  await fanOut(worker, [updated.id]);
  const messages = sent.emails.splice(0).map(({ body }) => body);
  await deliver(messages);
  const recipients = await rows('select recipient, state from emails where user_id = ? order by id', userId);
  expect(recipients).toEqual([
    { recipient: email, state: 'dropped' },
    { recipient: moved, state: 'sent' },
  ]);
});

test('a change of anything else mails nobody', async () => {
  const { base, api, id } = await makeReseller();
  const { body: user } = await api.post(`${base}/users`, newUser());
  await api.patch(`${base}/users/${user.id}`, { lastName: 'Other', email: user.email.toUpperCase() });
  const invited = await makeInvited();
  await invited.api.patch(`${invited.base}/users/${invited.userId}`, {
    lastName: 'Other',
    email: invited.email.toUpperCase(),
  });
  const updates = await rows(
    "select id from events where type = 'reseller.user.updated' and reseller_id in (?, ?)",
    id,
    invited.id,
  );
  expect(updates).toHaveLength(2);
  const { worker, sent } = stoppedWorld();
  await fanOut(
    worker,
    updates.map(({ id }) => id),
  );
  expect(sent.emails).toEqual([]);
});

test('a suspended webhook is told to its reseller, once', async () => {
  const { eventId } = await makeSuspended();
  const { worker, sent, arrive } = stoppedWorld();
  await fanOut(worker, [eventId]);
  await fanOut(worker, [eventId]);
  const messages = sent.emails.splice(0).map(({ body }) => body);
  expect(messages).toHaveLength(1);
  await Promise.all([1, 2, 3].map(() => arrive(messages, worker, 'emails')));
  expect(
    await rows('select template, recipient, state, attempts, user_id from emails where event_id = ?', eventId),
  ).toEqual([
    { template: 'webhook-suspended', recipient: 'office@example.com', state: 'sent', attempts: 1, user_id: null },
  ]);
});

test('a mail that goes by SMTP carries a link that works', async () => {
  const mailbox = await makeMailbox();
  const { relay, deliver, mails, links } = await makeInvited({}, { smtp: mailbox.settings });
  const messages = await relay();
  await Promise.all([deliver(messages), deliver(messages)]);
  const { mails: received } = await mailbox.seen();
  expect(received).toHaveLength(1);
  const { text = '', messageId, from, subject } = await PostalMime.parse(received[0]!.raw);
  const [{ token_hash: hash }] = await links();
  expect(await sha256(tokenIn({ text }))).toBe(hash);
  expect(await mails()).toMatchObject([{ state: 'sent', provider_id: messageId }]);
  expect([from?.address, subject]).toEqual(['noreply@edge.localhost', expect.stringContaining('Reseller')]);
});

test('what an SMTP server refuses for good is recorded and not tried again, and the rest is', async () => {
  for (const [code, state] of [
    [550, 'failed'],
    [451, 'pending'],
  ] as const) {
    const mailbox = await makeMailbox({ faults: { RCPT: { say: `${code} 5.1.1 no\r\n` } } });
    const { relay, deliver, mails } = await makeInvited({}, { smtp: mailbox.settings });
    await deliver(await relay());
    expect(await mails()).toMatchObject([{ state, attempts: 1, reason: expect.stringContaining(String(code)) }]);
  }
});

test('a status update to many does not keep the sweep from an invitation whose message was lost', async () => {
  const { relay, mails, worker, clock, sent } = await makeInvited();
  await relay();
  const [invitation] = await mails();
  const update = `insert into emails (id, cause, template, language, recipient, recipient_key, reseller_id, state,
      next_attempt_at, created_at, status_update_id)
    select 'backlog-' || key, 'backlog-' || key, 'status-update', 'en', 'a@b.example', 'a@b.example', ?, 'pending', 1, 1, 'none'
    from json_each(?)`;
  await rows(update, invitation.reseller_id, JSON.stringify(Array(MAIL_SWEEP_ROWS + 1).fill(0)));
  clock.nowMs += MAIL_OVERDUE_MS + 2000;
  await runJobs(worker, '* * * * *');
  const queued = sent.emails.map(({ body }) => body['emailId']);
  expect(queued).toHaveLength(MAIL_SWEEP_ROWS);
  expect(queued).toContain(invitation.id);
  await rows("delete from emails where id like 'backlog-%'");
});
